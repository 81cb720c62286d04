"""What a version needs and is not there is found before anything is made, and not by its container."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from infra.proof.workspace_api import AbsentError, UnansweredError
from tests.stacks.churn import MODEL, Churn, endpoint, entity

SCOPE = "/api/2.0/secrets/list?scope=churn"
MLMODEL = f"/api/2.0/fs/files/Models/{MODEL.replace('.', '/')}/2/MLmodel"
TOKEN = "servedVersion: 2, endpoint: {environment: {TOKEN: '{{secrets/churn/token}}'}}"


def refused(churn: Churn, settings: str, live: Any = None, **there: Any) -> str:
    with pytest.raises(pulumi.RunError) as refusal:
        churn(settings, live, **there)
    return str(refusal.value)


def test_a_scope_that_is_not_there_is_named_with_what_to_type(churn: Churn) -> None:
    said = refused(churn, TOKEN, **{SCOPE: AbsentError("Scope churn does not exist")})

    assert "rollpin:models.churn.endpoint.environment.TOKEN" in said
    assert "{{secrets/churn/token}} for version 2: there is no secret scope churn" in said
    assert "databricks secrets put-secret churn token" in said


def test_a_key_that_is_not_there_is_too(churn: Churn) -> None:
    said = refused(churn, TOKEN, **{SCOPE: {"secrets": [{"key": "other"}]}})

    assert "for version 2: scope churn has no key token" in said


@pytest.mark.parametrize("answer", [{"secrets": [{"key": "token"}]}, UnansweredError("you may not READ scope churn")])
def test_what_is_there_and_what_nobody_may_see_is_no_refusal(churn: Churn, answer: Any) -> None:
    made = churn(TOKEN, **{SCOPE: answer})

    assert made.one("ModelServing").inputs["config"]["servedEntities"][0]["environmentVars"] == {
        "TOKEN": "{{secrets/churn/token}}"
    }


def test_what_serves_already_is_not_looked_up_again(churn: Churn) -> None:
    live = endpoint(entity(2, environment_vars={"TOKEN": "{{secrets/churn/token}}"}))

    asked = churn(TOKEN, live).asked

    assert not [each for each in asked if "secrets" in each or "MLmodel" in each]


DECLARED = """\
resources:
  api_version: '1'
  databricks:
    vector_search_index: [{name: main.shared.docs}]
    serving_endpoint: [{name: embedder}]
    sql_warehouse: [{name: abc}]
"""
INDEX = "/api/2.0/vector-search/indexes/main.shared.docs"
EMBEDDER = "/api/2.0/serving-endpoints/embedder"


def test_what_a_new_version_declares_and_is_not_there_is_named(churn: Churn) -> None:
    may_view = {"name": "embedder", "permission_level": "CAN_VIEW"}

    said = refused(churn, "servedVersion: 2", **{MLMODEL: {"text": DECLARED}, EMBEDDER: may_view})

    assert "version 2, which declares the vector_search_index main.shared.docs, and there is none" in said
    assert "serving_endpoint embedder, which whoever runs this may not query: CAN_VIEW" in said
    assert "model-ops check --pin 2" in said
    assert "sql_warehouse" not in said


def test_what_it_declares_and_is_there_is_no_refusal(churn: Churn) -> None:
    may_query = {"name": "embedder", "permission_level": "CAN_QUERY"}

    made = churn("servedVersion: 2", **{MLMODEL: {"text": DECLARED}, INDEX: {"name": "x"}, EMBEDDER: may_query})

    assert made.of("ModelServing")
