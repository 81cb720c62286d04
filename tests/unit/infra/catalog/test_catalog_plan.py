"""Which catalogs and schemas a stack needs, and who gets in."""

from __future__ import annotations

from infra.catalog import catalog_plan
from infra.settings.schema import Model


def model(catalog: str, schema: str, **more: object) -> Model:
    return Model.model_validate({"catalog": catalog, "schema": schema, **more})


def test_models_are_gathered_by_catalog_and_schema() -> None:
    models = {
        "a": model("prod", "x", access={"execute": ("one",)}),
        "b": model("prod", "x", access={"execute": ("two",)}),
        "c": model("prod", "y", createSchema=False),
        "d": model("dev", "x", createCatalog=True),
    }

    dev, prod = catalog_plan.plan(models)

    assert (dev.name, dev.created, prod.name, prod.created) == ("dev", True, "prod", False)
    assert [(schema.name, schema.created) for schema in prod.schemas] == [("x", True), ("y", False)]
    assert list(prod.schemas[0].privileges) == ["one", "two"]
    assert list(prod.privileges) == ["one", "two"]
    assert not prod.schemas[1].privileges


def test_readers_of_inference_tables_and_of_other_things_reach_them_by_one_plan() -> None:
    table = {"gateway": {"inferenceTable": {"schema": "logs", "read": ("auditors",)}}}
    models = {"a": model("prod", "x", access={"manage": ("one",)}, endpoint=table)}

    (prod,) = catalog_plan.plan(models, {("prod", "x"): {"serving", "one"}, ("dev", "x"): {"nobody"}})

    assert dict(prod.privileges) == dict.fromkeys(("auditors", "one", "serving"), ("USE_CATALOG",))
    assert prod.schemas[0].privileges["serving"] == ("USE_SCHEMA",)
    assert "USE_SCHEMA" in prod.schemas[0].privileges["one"]
    assert not {"auditors", "nobody"} & prod.schemas[0].privileges.keys()
