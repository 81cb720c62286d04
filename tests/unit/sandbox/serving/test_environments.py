from __future__ import annotations

from sandbox.serving import api_command
from sandbox.serving.launcher import environment
from sandbox.serving.served_config import Entity

OURS = {
    "PATH": "/bin",
    "HOME": "/root",
    "LC_ALL": "C",
    "PYTHONPATH": "/x",
    "AWS_SECRET_ACCESS_KEY": "s",
    "DATABRICKS_TOKEN": "s",
    "DATABRICKS_HOST": "h",
    "MLFLOW_TRACKING_TOKEN": "s",
    "MLFLOW_TRACKING_URI": "u",
    "PULUMI_CONFIG_PASSPHRASE": "s",
    "ARM_CLIENT_SECRET": "s",
}


def entity(**variables: str) -> Entity:
    fields = {"name": "m", "entity_name": "a.b.m", "entity_version": "1", "environment_vars": variables}
    return Entity(fields=fields, model_dir="/models/1")


def test_a_model_server_gets_an_allow_list_and_its_own_variables():
    given = environment(OURS, entity(INDEX="/data"))
    assert {name: given[name] for name in OURS if name in given} == {"PATH": "/bin", "HOME": "/root", "LC_ALL": "C"}
    assert (given["INDEX"], given["__pyfunc_model_path__"]) == ("/data", "/models/1")
    assert (given["MLFLOW_DISABLE_TELEMETRY"], given["DO_NOT_TRACK"]) == ("true", "true")


def test_a_model_servers_directory_cannot_be_set_by_a_variable():
    assert environment({}, entity(__pyfunc_model_path__="/etc"))["__pyfunc_model_path__"] == "/models/1"


def test_the_api_gets_nothing_that_names_another_workspace():
    given = api_command.environment(OURS)
    assert not [name for name in given if name.startswith(("DATABRICKS_", "MLFLOW_TRACKING", "PULUMI_", "ARM_"))]
    assert given["PATH"] == "/bin"
