from __future__ import annotations

import json
import os
from urllib.parse import quote

import pytest

from sandbox.serving.redaction import REDACTED, RedactedCopy, Redaction

VALUE = 'pa"ss\\wörd&/'


@pytest.mark.parametrize("form", [VALUE, json.dumps(VALUE), repr(VALUE), quote(VALUE, safe="")])
def test_a_value_is_taken_out_however_it_is_written(form: str) -> None:
    said = Redaction([VALUE])(f"401 for {form} at once".encode())
    assert REDACTED in said
    assert b"pa" not in said
    assert said.endswith(b" at once")


def test_each_line_of_a_value_is_taken_out() -> None:
    redaction = Redaction(["first line\nsecond line\n"])
    assert redaction(b"x second line y") == b"x [REDACTED] y"


def test_of_two_values_the_longer_is_taken_out_whole() -> None:
    assert Redaction(["abc", "abcdef"])(b"abcdef abc") == b"[REDACTED] [REDACTED]"


@pytest.mark.parametrize("values", [[], [""]])
def test_without_values_nothing_is_taken_out(values: list[str]) -> None:
    assert Redaction(values)(b"all of it") == b"all of it"


def test_a_copy_has_all_that_was_written_but_the_values(tmp_path) -> None:
    reading, writing = os.pipe()
    with (tmp_path / "log").open("ab") as log:
        copy = RedactedCopy(reading, log, Redaction(["hidden"]))
    os.write(writing, b"one\nis hidd")
    os.write(writing, b"en here\nlast, without an end: hidden")
    os.close(writing)
    copy.join(10)

    assert (tmp_path / "log").read_bytes() == b"one\nis [REDACTED] here\nlast, without an end: [REDACTED]"
