"""Vector search under mocks: what is made, who may read it, and what a model's declared resources lead to."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pulumi
import pytest

from infra.serving.needs import PATHS
from tests.stacks.recorded import Registered, Stack, version

Run = Callable[..., Stack]
HOST = "https://adb-1.1.azuredatabricks.net"
VERSIONS = {"prod.chat.bot": [version(6), version(7)]}
MODELS = "bot: {catalog: prod, schema: chat, servedVersion: 7, access: {execute: [serving], resources: true}}"
INDEX = "primaryKey: id, columns: {id: integer, v: array<float>}, vectors: {column: v, dimension: 8}"
SEARCH = f"""\
  rollpin:vectorSearch:
    endpoint: docs
    indexes:
      prod.chat.docs_index: {{{INDEX}, access: {{read: [readers]}}}}
      lake.raw.synced: {{primaryKey: id, source: {{table: lake.raw.docs}}, text: {{column: t, model: gte}}}}
    volumes:
      prod.chat.documents: {{access: {{read: [readers]}}}}
"""


def mlmodel(**kinds: list[str]) -> dict[str, str]:
    """The MLmodel file of a version that declares these, as the workspace gives it."""
    listed = {kind: [{"name": name} for name in names] for kind, names in kinds.items()}
    return {"text": json.dumps({"flavors": {}, "resources": {"api_version": "1", "databricks": listed}})}


def declared(files: Mapping[str, Any]) -> dict[str, Any]:
    """What the files declare, as it is there: a version that declares what is not is refused."""
    found: dict[str, Any] = {}
    for each in files.values():
        text = str(each.get("text", ""))
        kinds = json.loads(text).get("resources", {}).get("databricks", {}) if text.startswith("{") else {}
        for kind, entries in kinds.items():
            found |= {f"{PATHS.get(kind, '/')}{entry['name']}": {"name": entry["name"]} for entry in entries}
    return found


def file(number: int = 7) -> str:
    return f"/api/2.0/fs/files/Models/prod/chat/bot/{number}/MLmodel"


@pytest.fixture
def made(run: Run, tmp_path: Path) -> Callable[..., Stack]:
    """Run a stack of these models and vector search, on a workspace whose files are as given."""

    def made(
        files: Mapping[str, Any], *, models: str = MODELS, search: str = SEARCH, into: Stack | None = None
    ) -> Stack:
        (tmp_path / "Pulumi.dev.yaml").write_text(f"config:\n{search}  rollpin:models:\n    {models}\n")
        return run("dev", VERSIONS, project=tmp_path, host=HOST, there={**declared(files), **files}, into=into)

    return made


def grants(stack: Stack) -> dict[str, dict[str, list[str]]]:
    """Privileges by thing and principal, of both kinds of grants."""
    found: dict[str, dict[str, list[str]]] = {}
    for kind in ("Grants", "Grant"):
        for each in stack.of(kind):
            entries = each.inputs.get("grants") or [each.inputs]
            name = next(str(v) for k, v in each.inputs.items() if k not in {"grants", "principal", "privileges"})
            held = found.setdefault(name, {})
            for entry in entries:
                assert entry["principal"] not in held, "named twice"
                held[entry["principal"]] = list(entry["privileges"])
    return found


def one(stack: Stack, kind: str, name: str) -> Registered:
    (found,) = [each for each in stack.of(kind) if each.inputs["name"] == name]
    return found


def test_an_endpoint_its_indexes_and_a_volume_are_made_and_held_on_to(made: Callable[..., Stack]) -> None:
    stack = made({file(): mlmodel()})

    endpoint, direct = stack.one("VectorSearchEndpoint"), one(stack, "VectorSearchIndex", "prod.chat.docs_index")
    assert endpoint.inputs == {"name": "docs", "endpointType": "STANDARD"}
    assert direct.inputs == {
        "name": "prod.chat.docs_index",
        "endpointName": "docs",
        "primaryKey": "id",
        "indexType": "DIRECT_ACCESS",
        "directAccessIndexSpec": {
            "embeddingVectorColumns": [{"name": "v", "embeddingDimension": 8}],
            "schemaJson": '{"id": "integer", "v": "array<float>"}',
        },
    }
    assert {"vector-search-endpoint", "prod.chat-schema"} <= set(direct.after)
    volume = stack.one("Volume")
    assert (volume.inputs["volumeType"], "storageLocation" in volume.inputs) == ("MANAGED", False)
    assert all(each.protect and each.retained for each in (endpoint, direct, volume))


def test_a_synced_index_names_its_table_and_the_model_of_its_embeddings(made: Callable[..., Stack]) -> None:
    inputs = one(made({file(): mlmodel()}), "VectorSearchIndex", "lake.raw.synced").inputs

    assert (inputs["indexType"], "directAccessIndexSpec" in inputs) == ("DELTA_SYNC", False)
    assert inputs["deltaSyncIndexSpec"] == {
        "sourceTable": "lake.raw.docs",
        "pipelineType": "TRIGGERED",
        "embeddingSourceColumns": [{"name": "t", "embeddingModelEndpointName": "gte"}],
    }


def test_readers_get_what_leads_to_an_index_and_to_a_volume_and_nobody_else_does(made: Callable[..., Stack]) -> None:
    found = grants(made({file(): mlmodel()}))

    assert found["prod.chat.docs_index"] == {"readers": ["SELECT"]}
    assert found["prod.chat.documents"] == {"readers": ["READ_VOLUME"]}
    assert found["prod"] == {"readers": ["USE_CATALOG"], "serving": ["USE_CATALOG"]}
    assert found["prod.chat"] == {"readers": ["USE_SCHEMA"], "serving": ["USE_SCHEMA"]}
    assert not {"lake", "lake.raw", "lake.raw.synced"} & found.keys()


def test_those_who_serve_get_what_the_deployed_versions_declare(made: Callable[..., Stack]) -> None:
    files = {
        file(7): mlmodel(vector_search_index=["prod.chat.docs_index"], function=["lake.tools.rank"]),
        file(6): mlmodel(table=["lake.raw.docs"], uc_connection=["jira"]),
    }
    stack = made(files, models=MODELS.replace("servedVersion: 7", "servedVersion: 7, warmVersions: [6]"))

    found = grants(stack)
    assert found["prod.chat.docs_index"] == {"readers": ["SELECT"], "serving": ["SELECT"]}
    assert found["lake.tools.rank"] == {"serving": ["EXECUTE"]}
    assert found["lake.raw.docs"] == {"serving": ["SELECT"]}
    assert found["jira"] == {"serving": ["USE_CONNECTION"]}
    assert found["lake"] == {"serving": ["USE_CATALOG"]}
    assert (found["lake.raw"], found["lake.tools"]) == ({"serving": ["USE_SCHEMA"]}, {"serving": ["USE_SCHEMA"]})
    assert {"prod.chat.docs_index-grants", "table.lake.raw.docs-grant-serving"} <= set(stack.one("ModelServing").after)


def test_without_the_word_nothing_is_granted(made: Callable[..., Stack]) -> None:
    files = {file(): mlmodel(vector_search_index=["prod.chat.docs_index"])}

    stack = made(files, models=MODELS.replace(", resources: true", ""))

    assert grants(stack)["prod.chat.docs_index"] == {"readers": ["SELECT"]}


def test_an_endpoint_of_the_stacks_own_may_be_asked_by_those_who_serve_the_other_model(
    run: Run, tmp_path: Path
) -> None:
    text = (
        f"config:\n  rollpin:models:\n    {MODELS}\n"
        "    embedder: {catalog: prod, schema: chat, servedVersion: 1, endpoint: {name: embed}}\n"
    )
    (tmp_path / "Pulumi.dev.yaml").write_text(text)
    versions = {**VERSIONS, "prod.chat.embedder": [version(1)]}
    there = {file(): mlmodel(serving_endpoint=["embed"])}
    stack = run("dev", versions, project=tmp_path, host=HOST, there=there)

    controls = [each.inputs["accessControls"] for each in stack.of("Permissions") if "servingEndpointId" in each.inputs]
    assert controls == [[{"permissionLevel": "CAN_QUERY", "groupName": "serving"}]]


def test_what_the_provider_has_no_grant_for_is_told(
    made: Callable[..., Stack], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", said.append)
    made({file(): mlmodel(serving_endpoint=["elsewhere"], genie_space=["g1"])})

    (text,) = said
    assert "serving_endpoint elsewhere; genie_space g1, which bot uses. What is lacking" in text
    assert "what to type: model-ops check --stack " in text


def test_a_version_that_does_not_say_what_it_uses_ends_the_run_before_anything_is_made(
    made: Callable[..., Stack],
) -> None:
    into = Stack()
    with pytest.raises(pulumi.RunError) as refused:
        made({file(): {"text": "- a list"}}, into=into)

    assert "rollpin:models.bot.access.resources" in str(refused.value)
    assert "no answer to what version 7 of prod.chat.bot uses: its MLmodel file is no mapping" in str(refused.value)
    assert into.resources == []


def test_an_endpoint_that_is_only_used_is_not_made(made: Callable[..., Stack]) -> None:
    stack = made(
        {file(): mlmodel()}, search=SEARCH.replace("endpoint: docs", "endpoint: docs\n    createEndpoint: false")
    )

    assert stack.of("VectorSearchEndpoint") == []
    assert one(stack, "VectorSearchIndex", "prod.chat.docs_index").inputs["endpointName"] == "docs"


def test_what_is_there_is_taken_over_with_its_grants_where_the_stack_says_so(made: Callable[..., Stack]) -> None:
    there = {
        file(): mlmodel(),
        "/api/2.0/vector-search/endpoints/docs": {"name": "docs"},
        "/api/2.0/vector-search/indexes/prod.chat.docs_index": {"name": "prod.chat.docs_index"},
        "/api/2.1/unity-catalog/permissions/table/prod.chat.docs_index": {"privilege_assignments": [{}]},
    }
    stack = made(there, search=SEARCH.replace("endpoint: docs", "endpoint: docs\n    adopt: true"))

    assert stack.one("VectorSearchEndpoint").imported == "docs"
    assert one(stack, "VectorSearchIndex", "prod.chat.docs_index").imported == "prod.chat.docs_index"
    (held,) = [each for each in stack.of("Grants") if each.inputs.get("table") == "prod.chat.docs_index"]
    assert held.imported == "table/prod.chat.docs_index"
    assert stack.one("Volume").imported == ""
