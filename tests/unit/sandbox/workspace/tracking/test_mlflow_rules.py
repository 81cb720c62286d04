from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from sandbox.home import Home
from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.stores.deployments import Deployments
from sandbox.workspace.stores.documents import Documents
from sandbox.workspace.stores.workspace import Workspace
from sandbox.workspace.tracking.mlflow_gate import Rule
from sandbox.workspace.tracking.mlflow_rules import rules


@pytest.fixture
def rule(documents: Documents, registry: Any, fake_router: Any, tmp_path: Path) -> dict[str, Rule]:
    documents.put("catalog", "prod", {})
    documents.put("schema", "prod.chatbot", {})
    return dict(rules(Workspace(documents, registry, cast("Deployments", fake_router), Home(tmp_path))))


def test_a_model_may_be_made_in_a_schema_that_exists(rule: dict[str, Rule]) -> None:
    rule["registered-models/create"]({"name": "prod.chatbot.bot"})
    rule["registered-models/rename"]({"name": "prod.chatbot.bot", "new_name": "prod.chatbot.Bot2"})


@pytest.mark.parametrize("name", ["bot", "a.b.c", "prod.other.bot", "Prod.chatbot.bot", "prod.chatbot.", ""])
def test_any_other_name_is_refused(rule: dict[str, Rule], name: str) -> None:
    tag = {"key": "mlflow.prompt.is_prompt", "value": "false"}
    for request, sent in (
        ("create", {"name": name, "tags": [tag]}),
        ("rename", {"name": "prod.chatbot.bot", "new_name": name}),
        ("rename", {"name": "prod.chatbot.bot", "newName": name}),
    ):
        with pytest.raises(ApiError):
            rule[f"registered-models/{request}"](sent)


def test_a_prompt_is_no_model_and_has_a_name_of_any_form(rule: dict[str, Rule]) -> None:
    tag = {"key": "mlflow.prompt.is_prompt", "value": "true"}
    rule["registered-models/create"]({"name": "greeting", "tags": [tag]})


@pytest.mark.parametrize("sent", [{}, {"name": 7}, {"name": None}, {"name": 7, "tags": "x"}])
def test_what_is_no_name_is_mlflows_to_refuse(rule: dict[str, Rule], sent: dict[str, Any]) -> None:
    rule["registered-models/create"](sent)
    rule["registered-models/rename"](sent)
    rule["experiments/delete"](sent)


@pytest.mark.parametrize("sent", [{}, {"experiment_id": None}, {"experiment_id": "None"}, {"experimentId": ""}])
def test_a_run_of_no_experiment_is_refused_as_databricks_does(rule: dict[str, Rule], sent: dict[str, Any]) -> None:
    with pytest.raises(ApiError, match=r"^No experiment was found\. .* MLFLOW_EXPERIMENT_NAME=/Shared/") as refused:
        rule["runs/create"](sent)
    assert (refused.value.status, refused.value.code) == (404, "RESOURCE_DOES_NOT_EXIST")


def test_a_run_of_an_experiment_is_mlflows_to_make_or_refuse(rule: dict[str, Rule]) -> None:
    for sent in ({"experiment_id": "0"}, {"experimentId": "7"}, {"experiment_id": 7}):
        rule["runs/create"](sent)


@pytest.mark.parametrize(("number", "status"), [(2, "PENDING_REGISTRATION"), (3, "FAILED_REGISTRATION")])
def test_no_version_is_made_from_one_that_is_not_ready(
    rule: dict[str, Rule], registry: Any, number: int, status: str
) -> None:
    registry.add("prod.chatbot.bot", "READY", "PENDING_REGISTRATION", "FAILED_REGISTRATION")
    with pytest.raises(ApiError, match=f"it is {status}") as refused:
        rule["model-versions/create"]({"name": "prod.chatbot.bot", "source": f"models:/prod.chatbot.bot/{number}"})
    assert (refused.value.status, refused.value.code) == (400, "INVALID_PARAMETER_VALUE")


@pytest.mark.parametrize("source", ["models:/prod.chatbot.bot/1", "models:/m-1", "runs:/1/chain", "", None, 7])
def test_any_other_source_is_mlflows_to_judge(rule: dict[str, Rule], registry: Any, source: Any) -> None:
    registry.add("prod.chatbot.bot", "READY")
    rule["model-versions/create"]({"name": "prod.chatbot.bot", "source": source})
