from __future__ import annotations

import pytest

from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.api.securable_names import FullName, check_name


def test_catalog_and_schema_are_kept_in_lower_case_and_the_model_as_it_is() -> None:
    assert str(FullName.parse("Prod.ChatBot.Bot_v-1")) == "prod.chatbot.Bot_v-1"


@pytest.mark.parametrize(
    "name", ["bot", "a.b", "a.b.c.d", "a..c", "a.b.", "a.b.c d", "a.b.c/d", "a.b.c'd", "a.b.c\n", "a.b.\ud800"]
)
def test_a_model_has_a_name_in_three_parts(name: str) -> None:
    with pytest.raises(ApiError, match="three parts"):
        FullName.parse(name)


@pytest.mark.parametrize("name", ["", "a.b", "a b", "a/b", "x" * 256, "a\x7f", "a`b"])
def test_a_name_that_unity_catalog_refuses_is_refused_naming_the_field(name: str) -> None:
    with pytest.raises(ApiError, match=r"CatalogInfo\.name"):
        check_name(name, "CatalogInfo.name")
