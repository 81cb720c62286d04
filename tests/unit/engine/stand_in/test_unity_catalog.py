"""Catalogs, schemas, registered models and experiments: what is sent, replaced, kept and refused."""

from typing import Any

import pytest

from engine.stand_in.failures import ProviderError

CATALOGS = "/api/2.1/unity-catalog/catalogs"


def test_a_new_catalog_loses_its_default_schema(engine: Any, workspace: Any) -> None:
    engine("Catalog").up(name="rehearsal", owner="team")
    assert workspace.schemas == {}
    assert workspace.sent("POST") == [(CATALOGS, {"name": "rehearsal"})]
    assert workspace.catalogs["rehearsal"]["owner"] == "team"


def test_a_catalog_whose_owner_is_refused_is_not_left_behind(engine: Any, workspace: Any) -> None:
    answer = workspace.call

    def refuse(method: str, *given: Any, **more: Any) -> Any:
        if method == "PATCH":
            raise ProviderError("Could not find principal with name nobody")
        return answer(method, *given, **more)

    workspace.call = refuse
    with pytest.raises(ProviderError, match="cannot create catalog rehearsal: Could not find principal"):
        engine("Catalog").up(name="rehearsal", owner="nobody")
    assert workspace.catalogs == {}


def test_an_owner_goes_before_the_rest(engine: Any, workspace: Any) -> None:
    catalog = engine("Catalog")
    catalog.up(name="rehearsal", comment="old")
    assert catalog.up(name="rehearsal", owner="team") == ["comment", "owner"]
    assert [body for _, body in workspace.sent("PATCH")] == [{"owner": "team"}, {"comment": ""}]


def test_a_catalog_is_not_renamed_and_the_error_says_what_to_do(engine: Any) -> None:
    catalog = engine("Catalog")
    catalog.up(name="rehearsal")
    with pytest.raises(ProviderError, match="give the new one a resource of its own"):
        catalog.up(name="other")


def test_a_name_in_another_case_is_no_difference(engine: Any) -> None:
    catalog = engine("Catalog")
    catalog.up(name="Rehearsal")
    assert catalog.up(name="REHEARSAL") == []


@pytest.mark.parametrize("force", [True, False])
def test_a_catalog_is_deleted_with_what_is_in_it_only_when_asked(engine: Any, workspace: Any, force: bool) -> None:
    catalog = engine("Catalog")
    catalog.up(name="rehearsal", forceDestroy=force)
    catalog.refresh()
    assert catalog.state["forceDestroy"] is force
    catalog.delete()
    assert workspace.catalogs == {}


def test_what_is_gone_already_is_as_good_as_deleted(engine: Any, workspace: Any) -> None:
    catalog = engine("Catalog")
    catalog.up(name="rehearsal")
    workspace.catalogs.clear()
    catalog.delete()


def test_what_the_workspace_decides_is_no_difference(engine: Any) -> None:
    model = engine("RegisteredModel")
    model.up(name="chain", catalogName="main", schemaName="chatbot")
    model.refresh()
    assert model.state["owner"] == "admin@sandbox.local"
    assert model.up(name="chain", catalogName="main", schemaName="chatbot") == []


@pytest.mark.parametrize("other", [{"name": "other"}, {"catalogName": "other"}, {"schemaName": "other"}])
def test_each_part_of_a_models_name_replaces_it(engine: Any, other: dict[str, str]) -> None:
    named = {"name": "chain", "catalogName": "main", "schemaName": "chatbot"}
    model = engine("RegisteredModel")
    model.up(**named)
    assert model.diff(**(named | other)).replaces == list(other)


def test_a_models_comment_is_updated_in_place(engine: Any, workspace: Any) -> None:
    model = engine("RegisteredModel")
    model.up(name="chain", catalogName="main", schemaName="chatbot")
    answer = model.diff(name="chain", catalogName="main", schemaName="chatbot", comment="new")
    assert (answer.replaces, list(answer.detailed_diff)) == ([], ["comment"])


def test_a_comment_set_behind_the_programs_back_is_removed(engine: Any, workspace: Any) -> None:
    schema = engine("Schema")
    schema.up(name="chatbot", catalogName="main")
    workspace.schemas["main.chatbot"]["comment"] = "stray"
    schema.refresh()
    assert schema.inputs["comment"] == "stray"
    assert schema.up(name="chatbot", catalogName="main") == ["comment"]
    assert workspace.schemas["main.chatbot"]["comment"] == ""


def test_a_model_is_imported_by_its_full_name(engine: Any, workspace: Any) -> None:
    engine("RegisteredModel").up(name="chain", catalogName="main", schemaName="chatbot", comment="c")
    inputs = engine("RegisteredModel").adopt("main.chatbot.chain")
    asked = {"name": "chain", "catalogName": "main", "schemaName": "chatbot", "comment": "c"}
    assert {name: inputs[name] for name in asked} == asked
    assert "fullName" not in inputs


def test_an_import_of_what_is_not_there_finds_nothing(engine: Any) -> None:
    model = engine("RegisteredModel")
    model.adopt("main.chatbot.none")
    assert model.id == ""


def test_an_experiment_below_the_workspace_folder_is_the_same(engine: Any) -> None:
    experiment = engine("MlflowExperiment")
    experiment.up(name="/Shared/rollpin")
    assert experiment.up(name="/Workspace/Shared/rollpin/") == []


def test_an_experiment_is_renamed_in_place(engine: Any, workspace: Any) -> None:
    experiment = engine("MlflowExperiment")
    experiment.up(name="/Shared/old")
    assert experiment.up(name="/Shared/new") == ["name"]
    assert workspace.experiments[experiment.id]["name"] == "/Shared/new"


def test_a_deleted_experiment_is_gone(engine: Any, workspace: Any) -> None:
    experiment = engine("MlflowExperiment")
    experiment.up(name="/Shared/old")
    experiment.delete()
    experiment.refresh()
    assert experiment.id == ""


def test_what_has_no_name_gets_one_and_keeps_it(engine: Any) -> None:
    catalog = engine("Catalog")
    catalog.up()
    assert catalog.id.startswith("it-")
    assert catalog.up() == []
