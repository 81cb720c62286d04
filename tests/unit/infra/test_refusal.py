"""A refused stack is told why, once: the language host adds nothing to a program that has said it."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = "import pulumi; from infra.refusal import said_once\nwith said_once(): {does}"


def ended(does: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(does=does)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stderr


def test_a_refusal_is_said_and_ends_with_the_code_that_keeps_the_language_host_quiet() -> None:
    assert ended("raise pulumi.RunError('version 99 does not exist')") == (32, "error: version 99 does not exist\n")


def test_any_other_error_is_left_to_the_language_host_with_its_traceback() -> None:
    code, told = ended("raise ValueError('a fault in the program')")
    assert (code, told.splitlines()[0]) == (1, "Traceback (most recent call last):")
