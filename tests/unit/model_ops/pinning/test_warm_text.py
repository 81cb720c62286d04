"""The versions that are kept warm change in the file, and nothing else does."""

from __future__ import annotations

import pytest

from model_ops.errors import PinError
from model_ops.pinning.warm_text import warm, with_warm

HEAD = "config:\n  rollpin:models:\n"
MERGED = "    one: &one\n      schema: s\n      warmVersions: [5]\n    bot:\n      <<: *one\n"
CASES = {
    "none, below the pin": (
        "    bot:\n      schema: s\n      servedVersion: 7  # pin\n      access: {}\n",
        "    bot:\n      schema: s\n      servedVersion: 7  # pin\n      warmVersions: [6, 7]\n      access: {}\n",
    ),
    "none, and no pin": (
        "    bot:\n      schema: s  # its\n    other: {schema: s}\n",
        "    bot:\n      schema: s  # its\n      warmVersions: [6, 7]\n    other: {schema: s}\n",
    ),
    "none, in braces": (
        "    bot: {schema: s, servedVersion: 7}  # all\n",
        "    bot: {schema: s, servedVersion: 7, warmVersions: [6, 7]}  # all\n",
    ),
    "some": (
        "    bot:\n      schema: s\n      warmVersions: [ 5 ]  # why\n      servedVersion: 7\n",
        "    bot:\n      schema: s\n      warmVersions: [6, 7]  # why\n      servedVersion: 7\n",
    ),
    "an empty list": (
        "    bot: {schema: s, warmVersions: []}\n",
        "    bot: {schema: s, warmVersions: [6, 7]}\n",
    ),
    "some that are merged": (
        "    one: &one\n      schema: s\n      warmVersions: [5]\n    bot:\n      <<: *one\n      servedVersion: 7\n",
        "    one: &one\n      schema: s\n      warmVersions: [5]\n    bot:\n      <<: *one\n      servedVersion: 7\n"
        "      warmVersions: [6, 7]\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES)
def test_its_line_is_written_or_changed(before: str, after: str) -> None:
    assert with_warm(HEAD + before, "bot", (7, 6, 7)) == HEAD + after
    assert warm(HEAD + after, "bot") == (6, 7)


def test_what_is_kept_warm_is_read_as_the_engine_does() -> None:
    merged = "    one: &one\n      schema: s\n      warmVersions: [5]\n    bot: {<<: *one}\n"
    text = f"{HEAD}{merged}    other: {{schema: s}}\n"

    assert [warm(text, name) for name in ("one", "bot", "other", "nobody")] == [(5,), (5,), (), ()]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("      warmVersions:\n        - 5\n", r"line 5 is no plain list on one line: write `warmVersions: \[6\]`"),
        ("      warmVersions: 5\n", r"is no plain list on one line"),
        ("      warmVersions: &kept [5]\n    other: {schema: s, warmVersions: *kept}\n", "no plain list on one line"),
        ("      warmVersions: [5]\n      warmVersions: [6]\n", "stands twice"),
    ],
)
def test_what_cannot_be_changed_alone_is_refused_with_what_to_write(lines: str, why: str) -> None:
    with pytest.raises(PinError, match=why):
        with_warm(f"{HEAD}    bot:\n      schema: s\n{lines}", "bot", (6,))


@pytest.mark.parametrize("value", ["latest", "[6, x]", "[[6]]"])
def test_what_is_no_list_of_versions_is_told_with_its_line(value: str) -> None:
    with pytest.raises(PinError, match=r"warmVersions of bot at line 4 is no list of versions"):
        warm(f"{HEAD}    bot:\n      warmVersions: {value}\n", "bot")


def test_a_model_that_others_take_their_settings_from_is_not_changed_for_them_unsaid() -> None:
    text = f"{HEAD}    one: &one\n      schema: s\n      warmVersions: [5]\n    bot: {{<<: *one}}\n"

    with pytest.raises(PinError, match="warmVersions of one cannot be changed alone"):
        with_warm(text, "one", (6,))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "    bot:\n      schema: s\n      warmVersions: [5]  # why\n      # below\n      servedVersion: 7\n",
            "    bot:\n      schema: s\n      # below\n      servedVersion: 7\n",
        ),
        ("    bot: {schema: s, warmVersions: [5], servedVersion: 7}\n", "    bot: {schema: s, servedVersion: 7}\n"),
        (f"{MERGED}      servedVersion: 7\n", f"{MERGED}      servedVersion: 7\n      warmVersions: []\n"),
    ],
)
def test_with_none_left_its_line_goes_or_says_so(before: str, after: str) -> None:
    assert with_warm(HEAD + before, "bot", ()) == HEAD + after
