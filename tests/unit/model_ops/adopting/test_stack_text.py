"""An entry is added to a stack file, and all else in it stays to the byte."""

from __future__ import annotations

import pytest

from model_ops.adopting.stack_text import settings, with_entry
from model_ops.errors import PinError

ENTRY = {"catalog": "main", "servedVersion": 2, "warmVersions": [1], "endpoint": {"name": "x", "tags": {"a": "b: c"}}}
LINES = """\
    churn:
      catalog: main
      servedVersion: 2
      warmVersions: [1]
      endpoint: {name: x, tags: {a: 'b: c'}}
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "config:\n  rollpin:models:\n    a: {catalog: x}  # why\n    # more\n\n  rollpin:protect: false\n",
            "config:\n  rollpin:models:\n    a: {catalog: x}  # why\n    # more\n"
            f"{LINES}\n  rollpin:protect: false\n",
        ),
        (
            "config:\n  rollpin:models:\n    a: {catalog: x}\nencryptionsalt: v1:abc\n",
            f"config:\n  rollpin:models:\n    a: {{catalog: x}}\n{LINES}encryptionsalt: v1:abc\n",
        ),
        (
            "config:\n  rollpin:models: {}  # none yet\n  rollpin:protect: false\n",
            f"config:\n  rollpin:models:  # none yet\n{LINES}  rollpin:protect: false\n",
        ),
        (
            "config:\n  rollpin:models:   # none\n  rollpin:protect: false\n",
            f"config:\n  rollpin:models:   # none\n{LINES}  rollpin:protect: false\n",
        ),
        ("config:\n  rollpin:models: {}", f"config:\n  rollpin:models:\n{LINES}".rstrip("\n")),
        (
            "config:\n  rollpin:models: {a: {catalog: x}}  # one\n",
            "config:\n  rollpin:models: {a: {catalog: x}, churn: {catalog: main, servedVersion: 2, warmVersions: [1], "
            "endpoint: {name: x, tags: {a: 'b: c'}}}}  # one\n",
        ),
    ],
)
def test_it_stands_behind_the_others(before: str, after: str) -> None:
    assert with_entry(before, "churn", ENTRY) == after


def test_it_is_indented_as_the_others_and_ends_its_lines_as_they_do() -> None:
    text = with_entry("config:\r\n    rollpin:models:\r\n        a: {catalog: x}\r\n", "churn", ENTRY)

    assert "\r\n        churn:\r\n          catalog: main\r\n" in text
    assert "\n" not in text.replace("\r\n", "")
    assert settings(text)["rollpin:models"]["churn"] == ENTRY


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("config: {'rollpin:models': {}}\n", "write churn into it by hand"),
        ("config:\n  rollpin:tags: {}\n", "there is no `rollpin:models:` below `config:`"),
        ("a: [\n", "it cannot be read"),
        (f"config: {'[' * 3000}", "it cannot be read"),
        ("config: 7\n", "there is no `config:` in it"),
        ("", "there is no `config:` in it"),
    ],
)
def test_where_it_cannot_be_added_alone_it_is_not(text: str, why: str) -> None:
    with pytest.raises(PinError, match=why):
        with_entry(text, "churn", ENTRY)
