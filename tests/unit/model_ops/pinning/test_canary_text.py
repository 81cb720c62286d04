"""A canary that is promoted goes from the file, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest

from model_ops.errors import PinError
from model_ops.pinning import pins
from model_ops.pinning.canary_text import canary, without_canary

HEAD = "config:\n  rollpin:models:\n"
CASES = {
    "its own line": (
        "    bot:\n      servedVersion: 7  # pin\n      # above\n      canary: {version: 8, percent: 10}  # its\n"
        "      # below\n      warmVersions: [7]\n",
        "    bot:\n      servedVersion: 7  # pin\n      # above\n      # below\n      warmVersions: [7]\n",
    ),
    "lines of its own": (
        "    bot:\n      canary:  # its\n        version: 8  # its\n        # its\n        percent: 10  # its\n\n"
        "      # below\n      servedVersion: 7\n    other: {canary: {version: 8, percent: 10}}\n",
        "    bot:\n\n      # below\n      servedVersion: 7\n    other: {canary: {version: 8, percent: 10}}\n",
    ),
    "in braces": (
        "    bot: {catalog: a, canary: {version: 8, percent: 10}, servedVersion: 7}  # all\n",
        "    bot: {catalog: a, servedVersion: 7}  # all\n",
    ),
    "the last in braces": (
        "    bot: {servedVersion: 7, canary: {version: 8, percent: 10}}\n",
        "    bot: {servedVersion: 7}\n",
    ),
    "a line in braces": (
        "    bot: {\n      canary: {version: 8, percent: 10},  # its\n      servedVersion: 7  # pin\n    }\n",
        "    bot: {\n      servedVersion: 7  # pin\n    }\n",
    ),
    "the last line in braces": (
        "    bot: {\n      servedVersion: 7,  # pin\n      canary: {version: 8, percent: 10}\n    }\n",
        "    bot: {\n      servedVersion: 7,  # pin\n    }\n",
    ),
    "lines that end as on Windows": (
        "    bot:\r\n      servedVersion: 7\r\n      canary: {version: 8,\r\n        percent: 10}\r\n",
        "    bot:\r\n      servedVersion: 7\r\n",
    ),
    "the end of the file": (
        "    bot:\n      servedVersion: 7\n      canary: {version: 8, percent: 10}",
        "    bot:\n      servedVersion: 7\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES)
def test_it_goes_with_what_its_own_lines_say_and_all_else_stays_to_the_byte(before: str, after: str) -> None:
    assert canary(HEAD + before, "bot") == 8
    assert without_canary(HEAD + before, "bot") == HEAD + after


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "    a: {canary: &c {version: 8, percent: 10}}\n    bot:\n      servedVersion: 7\n      canary: *c\n",
            "canary at line 6 is written as an alias: remove it, then pin anew",
        ),
        (
            "    bot:\n      servedVersion: 7\n      canary: &c {version: 8, percent: 10}\n    a: {canary: *c}\n",
            "something else in the file refers to it. Remove it, then pin anew",
        ),
        (
            "    bot:\n      <<: &b {canary: {version: 8, percent: 10}}\n      servedVersion: 7\n",
            "it comes from a merge key. Remove it, then pin anew",
        ),
    ],
)
def test_one_that_cannot_go_alone_is_refused_with_what_to_do(text: str, why: str) -> None:
    with pytest.raises(PinError, match=why):
        without_canary(HEAD + text, "bot")


@pytest.mark.parametrize("text", ["    bot: {servedVersion: 7}\n", "    bot: {canary: {version: x}}\n", "    bot: 1\n"])
def test_where_there_is_none_there_is_none(text: str) -> None:
    assert canary(HEAD + text, "bot") is None


@pytest.mark.parametrize(
    ("version", "promoted", "beside", "left"),
    [(8, True, None, "      servedVersion: 8\n"), (6, False, 8, "      servedVersion: 6\n      canary")],
)
def test_a_pin_takes_out_the_canary_that_it_promotes_and_no_other(
    tmp_path: Path, version: int, promoted: bool, beside: int | None, left: str
) -> None:
    file = tmp_path / "Pulumi.prod.yaml"
    start = f"{HEAD}    bot:\n      catalog: prod\n      schema: ml\n"
    file.write_text(f"{start}      servedVersion: 7\n      canary: {{version: 8, percent: 10}}\n")
    edit = pins.plan(file, "bot", version)
    assert (edit.promotes_canary, edit.canary) == (promoted, beside)
    assert edit.after.decode().startswith(f"{start}{left}")
