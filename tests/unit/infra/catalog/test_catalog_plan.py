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
