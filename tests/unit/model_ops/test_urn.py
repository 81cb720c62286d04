"""A URN is read from its front: a resource's name may hold whatever divides the other parts."""

from __future__ import annotations

import pytest

from model_ops.urn import Urn

MODEL = "rollpin:index:Model"
GRANT = "databricks:index/grant:Grant"


@pytest.mark.parametrize(
    ("path", "kind", "name"),
    [
        (f"{GRANT}::bot-grant", GRANT, "bot-grant"),
        (f"{MODEL}${GRANT}::bot-grant", GRANT, "bot-grant"),
        (f"{GRANT}::x::{MODEL}::y$z", GRANT, f"x::{MODEL}::y$z"),
    ],
)
def test_it_says_stack_type_and_name(path: str, kind: str, name: str) -> None:
    urn = Urn(f"urn:pulumi:prod-eu::rollpin::{path}")
    assert (urn.stack, urn.type, urn.name) == ("prod-eu", kind, name)


@pytest.mark.parametrize("text", ["", "bot-grant", "urn:pulumi:prod::rollpin", f"urn:x:prod::rollpin::{GRANT}::a"])
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no URN"):
        _ = Urn(text).name
