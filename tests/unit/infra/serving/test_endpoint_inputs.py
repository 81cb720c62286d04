"""Every input that the provider has for an endpoint is in the docs, with its setting or the reason that it has none."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from infra.settings.field_lookup import field_at
from infra.settings.schema import Settings

PAGE = Path(__file__).parents[4] / "docs" / "serving-endpoint.md"
ROW = re.compile(r"^\| `([a-z_0-9.]+)` \| (.+) \|$", re.MULTILINE)
SETTING = re.compile(r"`([A-Za-z0-9.\[\]]+)`")
ROWS = dict(ROW.findall(PAGE.read_text()))


@pytest.fixture(scope="module")
def databricks() -> ModuleType:
    """The provider's package, which takes seconds to import: only where a test asks for it."""
    import pulumi_databricks

    return pulumi_databricks


def inputs(provider: ModuleType, of: str = "ModelServingArgs", path: str = "") -> Iterator[str]:
    """The inputs of a provider's type by their paths, those inside of others behind them."""
    for name, parameter in [*inspect.signature(getattr(provider, of)).parameters.items()]:
        yield f"{path}{name}"
        if inner := re.search(r"ModelServing\w+Args(?!Dict)", str(parameter.annotation)):
            yield from inputs(provider, inner[0], f"{path}{name}.")


def documented(path: str) -> str | None:
    """The row of an input, or of what it is in, where that has no setting."""
    inside = [".".join(path.split(".")[:length]) for length in range(len(path.split(".")), 0, -1)]
    return next((ROWS[each] for each in inside if each in ROWS and (each == path or ROWS[each].startswith("*"))), None)


def test_every_input_has_its_row(databricks: ModuleType) -> None:
    assert [path for path in inputs(databricks) if documented(path) is None] == []


def test_every_row_is_of_an_input(databricks: ModuleType) -> None:
    assert sorted(ROWS.keys() - set(inputs(databricks))) == []


@pytest.mark.parametrize(("path", "text"), ROWS.items(), ids=ROWS)
def test_a_row_names_settings_that_there_are_or_says_why_there_is_none(path: str, text: str) -> None:
    if text.startswith(("*fixed:*", "*not for custom models:*")):
        assert len(text.split(":* ")[1]) > 10
        return
    names = SETTING.findall(text)
    assert names
    for name in names:
        location = tuple(name.replace("[]", ".0").split("."))
        typed = tuple(int(key) if key.isdigit() else key for key in location)
        where = ("models", "a", *typed) if typed[0] != "tags" else typed
        assert field_at(Settings, where) is not None, name
