"""May it be served: every failed check is listed, each with what mends it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import mlflow
import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.service.catalog import PermissionsChange, PrivilegeAssignment
from databricks.sdk.service.serving import ServedEntityInput, TrafficConfig
from databricks.sdk.service.workspace import AclPermission
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema

from model_ops.workspace.mlflow_session import signed_in
from tests.e2e.model_ops.workplace import FULL_NAME, Workplace

ANSWERING = Path(__file__).with_name("answering.py")
TEXT = Schema([ColSpec("string", "question")])


def outcomes(place: Workplace, *words: str) -> dict[str, str]:
    result = place.run("check", *words, "--json")
    return {check["name"]: check["outcome"] for check in json.loads(result.stdout)["checks"]}


@pytest.fixture
def logged(place: Workplace) -> Iterator[Any]:
    """Logs a version that is wrong in some way, through the plain registry, which checks nothing; deletes it after."""
    client = WorkspaceClient(host=place.home.url, token=place.home.token, auth_type="pat")
    made: list[int] = []

    def log(signature: ModelSignature | None) -> int:
        # The patches end first: what the session has set before them is not theirs to bring back.
        with signed_in(place.home.url, place.home.token), pytest.MonkeyPatch.context() as patch:
            patch.setenv("MLFLOW_TRACKING_URI", place.home.url)
            patch.setenv("MLFLOW_REGISTRY_URI", place.home.url)
            patch.setenv("MLFLOW_TRACKING_TOKEN", place.home.token)
            with mlflow.start_run(experiment_id=mlflow.set_experiment("/Shared/wrong").experiment_id):
                info = mlflow.pyfunc.log_model(
                    name="chain",
                    python_model=str(ANSWERING),
                    signature=signature,
                    registered_model_name=FULL_NAME,
                    pip_requirements=["no-such-package-as-this==1.0,==2.0"],
                )
        made.append(int(info.registered_model_version))
        return made[-1]

    yield log
    for version in made:
        client.model_versions.delete(FULL_NAME, version)


@contextmanager
def ownership(place: Workplace, owner: str) -> Iterator[None]:
    """Give the model to somebody else, and let nobody have it by a grant."""
    client = WorkspaceClient(host=place.home.url, token=place.home.token, auth_type="pat")
    held = client.grants.get("FUNCTION", FULL_NAME).privilege_assignments or []
    if "@" in owner and not list(client.users.list(filter=f'userName eq "{owner}"')):
        client.users.create(user_name=owner)
    before = client.registered_models.get(FULL_NAME).owner
    client.registered_models.update(FULL_NAME, owner=owner)
    if "@" in owner:
        client.grants.update("FUNCTION", FULL_NAME, changes=[_change(each, "remove") for each in held])
    try:
        yield
    finally:
        client.grants.update("FUNCTION", FULL_NAME, changes=[_change(each, "add") for each in held])
        client.registered_models.update(FULL_NAME, owner=before)


def _change(held: PrivilegeAssignment, way: str) -> PermissionsChange:
    return PermissionsChange(principal=held.principal, **{way: held.privileges})


def test_what_serves_passes_every_check(place: Workplace) -> None:
    result = place.run("check")
    assert (result.exit_code, "FAILED" in result.stdout) == (0, False)
    assert "it loads and answers its own example" in result.stdout
    assert "It may be served." in result.stdout


def test_a_version_that_does_not_load_fails_that_check_and_no_other(place: Workplace) -> None:
    result = place.run("check", "--pin", "3")
    assert result.exit_code == 1
    assert [line for line in result.stdout.splitlines() if "FAILED" in line] == [
        line for line in result.stdout.splitlines() if "loads: FileNotFoundError: the retrieval index" in line
    ]
    assert "mend: see why: model-ops artifacts 3 --download DIR --stack local" in result.stdout


def test_without_loading_nothing_is_loaded(place: Workplace) -> None:
    found = outcomes(place, "--pin", "3", "--no-load")
    assert found.pop("loads") == "unknown"
    # Whether the packages can be had is asked of an index, which need not answer.
    assert {name: outcome for name, outcome in found.items() if outcome != "passed"} in ({}, {"environment": "unknown"})


def test_a_version_that_does_not_exist_fails_and_those_that_do_are_named(place: Workplace) -> None:
    result = place.run("check", "--pin", "99")
    assert result.exit_code == 1
    assert "There is: 1, 2, 3." in result.stdout


def test_every_failed_check_is_listed_not_just_the_first(
    place: Workplace, logged: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "uv.toml").write_text("no-index = true\n")
    monkeypatch.setenv("UV_CONFIG_FILE", str(tmp_path / "uv.toml"))
    found = outcomes(place, "--pin", str(logged(None)), "--no-load")
    assert (found["signature"], found["compatible"]) == ("failed", "failed")
    assert (found["environment"], found["artifacts"], found["access"]) == ("failed", "passed", "passed")


def test_a_version_without_a_signature_has_none_to_show(place: Workplace, logged: Any) -> None:
    version = logged(None)
    result = place.run("signature", str(version))
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"model-ops check --pin {version} --stack local" in result.stderr


def test_a_signature_that_breaks_todays_clients_says_which_field(place: Workplace, logged: Any) -> None:
    version = logged(ModelSignature(inputs=TEXT, outputs=Schema([ColSpec("string")])))
    result = place.run("check", "--pin", str(version), "--no-load")
    assert result.exit_code == 1
    assert "it breaks the clients of version 2, which serves now" in result.stdout
    assert "question" in result.stdout


def test_a_principal_that_may_not_execute_the_model_is_found(place: Workplace) -> None:
    with ownership(place, "someone@example.com"):
        result = place.run("check", "--no-load")
    assert result.exit_code == 1
    assert f"lacks EXECUTE on {FULL_NAME}" in result.stdout
    assert f"GRANT EXECUTE ON MODEL {FULL_NAME}" in result.stdout


def test_what_it_may_hold_through_a_group_cannot_be_told_and_refuses_nothing(place: Workplace) -> None:
    with ownership(place, "ml-engineers"):
        result = place.run("check", "--no-load")
    assert (result.exit_code, "unknown   access" in result.stdout) == (0, True)
    assert "through a group, which cannot be told: " in result.stdout


@contextmanager
def using_a_secret(place: Workplace) -> Iterator[WorkspaceClient]:
    """Have the endpoint's environment refer to a secret, by hand; afterwards it is as before, and no scope is left."""
    client = WorkspaceClient(host=place.home.url, token=place.home.token, auth_type="pat")
    name = place.deployed().model().endpoint_name
    config = client.serving_endpoints.get(name).as_dict()["config"]
    before = [ServedEntityInput.from_dict(each) for each in config["served_entities"]]
    client.secrets.create_scope("helpdesk")
    client.secrets.put_secret("helpdesk", "token", string_value="hidden")
    changed = {"environment_vars": {"TOKEN": "{{secrets/helpdesk/token}}"}}
    after = [ServedEntityInput.from_dict(each | changed) for each in config["served_entities"]]
    routes = TrafficConfig.from_dict(config["traffic_config"])
    client.serving_endpoints.update_config_and_wait(name, served_entities=after, traffic_config=routes)
    try:
        yield client
    finally:
        client.serving_endpoints.update_config_and_wait(name, served_entities=before, traffic_config=routes)
        if any(scope.name == "helpdesk" for scope in client.secrets.list_scopes()):
            client.secrets.delete_scope("helpdesk")


def test_a_secret_that_is_referred_to_is_looked_for_by_scope_key_and_permission(place: Workplace) -> None:
    assert "secrets" not in outcomes(place, "--no-load")
    with using_a_secret(place) as client:
        there = place.run("check", "--no-load")
        client.secrets.delete_secret("helpdesk", "token")
        client.secrets.delete_acl("helpdesk", "admin@sandbox.local")
        lacking = place.run("check", "--no-load")
        client.secrets.put_acl("helpdesk", "users", AclPermission.READ)
        keyless = place.run("check", "--no-load")
        client.secrets.delete_scope("helpdesk")
        gone = place.run("check", "--no-load")
    assert "passed    secrets: helpdesk/token: there, and admin@sandbox.local may read them" in there.stdout
    assert [each.exit_code for each in (there, lacking, keyless, gone)] == [0, 1, 1, 1]
    assert "admin@sandbox.local, who serves, lacks READ on scope helpdesk" in lacking.stdout
    assert "databricks secrets put-acl helpdesk admin@sandbox.local READ" in lacking.stdout
    assert "scope helpdesk has no key token" in keyless.stdout
    assert "databricks secrets put-secret helpdesk token" in keyless.stdout
    assert "secret scope helpdesk does not exist" in gone.stdout
    assert "databricks secrets create-scope helpdesk" in gone.stdout
    assert not any("hidden" in each.output for each in (there, lacking, keyless, gone))


def test_a_file_that_is_gone_is_named(place: Workplace) -> None:
    files = list(place.home.artifacts.rglob("conda.yaml"))
    for file in files:
        file.rename(file.with_suffix(".gone"))
    try:
        result = place.run("check", "--pin", "1", "--no-load")
    finally:
        for file in files:
            file.with_suffix(".gone").rename(file)
    assert (bool(files), result.exit_code) == (True, 1)
    assert "its MLmodel file names conda.yaml (python_function.env.conda), which is not there" in result.stdout
