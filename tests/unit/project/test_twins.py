"""What two halves need that import nothing of each other stands in both, and is the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.settings.stack_file import read
from model_ops.pinning.pins import read as read_pin
from tests.unit.project.imports import ROOT

TWINS = [
    ("infra/settings/stack_yaml.py", "model_ops/pinning/stack_yaml.py"),
    ("infra/settings/layering.py", "model_ops/pinning/layering.py"),
    ("infra/settings/nearest_word.py", "model_ops/nearest_word.py"),
    ("infra/settings/printable.py", "model_ops/printable.py"),
    ("infra/proof/sdk.py", "model_ops/sdk.py"),
]


@pytest.mark.parametrize(("one", "other"), TWINS)
def test_a_module_that_stands_in_both_halves_is_the_same_in_both(one: str, other: str) -> None:
    assert (ROOT / one).read_text() == (ROOT / other).read_text()


MERGES = st.sampled_from(["{}", "<<: *a", "<<: *b", "<<: [*a, *b]", "<<: [*b, *a]", "<<: *ab", "servedVersion: *v"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
@given(entries=st.lists(MERGES.filter("{}".__ne__), max_size=3, unique_by=lambda entry: entry[:2]), own=st.booleans())
def test_both_halves_read_the_same_pin_through_merges_and_aliases(
    tmp_path: Path, entries: list[str], own: bool
) -> None:
    pins = "a: &a {servedVersion: 1}\n    b: &b {servedVersion: &v 2}\n    ab: &ab {<<: [*b, *a], schema: s}"
    entries = [*entries, "servedVersion: 9"] if own and "servedVersion: *v" not in entries else entries
    path = tmp_path / "Pulumi.test.yaml"
    path.write_text(f"config:\n  rollpin:models:\n    {pins}\n    chatbot: {{{', '.join(entries)}}}\n")

    found = read(path)

    assert found.mistakes == ()
    assert found.config["rollpin:models"]["chatbot"].get("servedVersion") == read_pin(path, "chatbot")
