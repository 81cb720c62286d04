"""The command line of Azure's CLI, as `az_stand_in` takes it: commands with their options, exit codes, `--query`."""

from __future__ import annotations

import json
import os
import re
import sys

TYPE_CHECKING = False  # it begins hundreds of times in a test run: what is not imported is not waited for
if TYPE_CHECKING:
    from typing import Any, NoReturn

with open(os.path.join(os.path.dirname(__file__), "az_options.json")) as file:  # noqa: PTH120, PTH118, PTH123
    OPTIONS: dict[str, list[str]] = json.load(file)
"""By command, as `az … --help` lists them."""
EVERYWHERE = {"--output", "--only-show-errors", "--subscription", "--query", "--debug", "--verbose"}
FLAGS = {"--only-show-errors", "--yes", "--wait", "--all", "--cert"}
USAGE, NOT_FOUND, FAILED = 2, 3, 1


def end(code: int, words: str) -> NoReturn:
    sys.stderr.write(f"ERROR: {words}\n")
    sys.exit(code)


def absent(what: str) -> NoReturn:
    end(NOT_FOUND, f"(ResourceNotFound) The Resource '{what}' was not found.")


def parsed(words: list[str]) -> tuple[str, dict[str, str]]:
    """The command and its options; ends with 2 where Azure's own parser would."""
    first = next((index for index, word in enumerate(words) if word.startswith("-")), len(words))
    command, rest = " ".join(words[:first]), words[first:]
    if command not in OPTIONS:
        end(USAGE, f"'{command}' is misspelled or not recognized by the system.")
    given: dict[str, str] = {}
    while rest:
        option = rest.pop(0)
        if option not in EVERYWHERE | set(OPTIONS[command]):
            end(USAGE, f"unrecognized arguments: {option}")
        given[option.removeprefix("--")] = "true" if option in FLAGS else rest.pop(0)
    return command, given


def asked(answer: Any, path: str) -> Any:
    """What `--query` gives of an answer: names, and the first of a list, as `value[0].id`."""
    for name, first in re.findall(r"(\w+)(\[0\])?", path):
        answer = answer[name][0] if first else answer[name]
    return answer


def tags(given: dict[str, str]) -> dict[str, str]:
    """The tag that `--tags name=value` says."""
    name, _, value = given["tags"].partition("=")
    return {name: value}
