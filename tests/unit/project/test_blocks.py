"""Every block of every page is held by something: the page itself says by what."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ruamel.yaml import YAML

from infra.settings.load import load
from tests.documents.block import KINDS, ROOT, Block, blocks, pages, written_by_hand
from tests.documents.typed_command import mistake, typed

STACKS = ROOT / "tests/stacks/projects"
"""Stack files as they come: those of a repository that was made from this one say something else."""
STORIES = {"demo", "checkout", "delivery", "first deployment"}
NEEDED = {
    "Azure": "an account, and what it costs",
    "Pulumi Cloud": "an account",
    "the Databricks CLI": "no package of the registries",
    "the released Pulumi CLI": "its host of Python programs, which the engine that is built here has not",
    "a browser": "it writes the picture of a page anew, which somebody looks at first",
    "the suite itself": "`make test` would begin it once more; the demo's own test types `make demo`",
}
"""What a block may need that no test has, and why."""
BLOCKS = [block for page in written_by_hand() for block in blocks(page)]
AN_ENTRY = {"catalog": "prod", "schema": "chatbot"}
CONFIRMED = re.compile(r'shown\.confirm\("(.+?)"')
CUT_OUT = re.compile(r"…,?(?=\n)")


def of(*kinds: str) -> list[Block]:
    return [block for block in BLOCKS if block.kind in kinds]


@pytest.mark.parametrize("page", written_by_hand())
def test_every_block_says_how_it_is_held(page: str) -> None:
    unheld = [f"{block}: {block.text.splitlines()[0]}" for block in blocks(page) if block.kind not in KINDS]
    assert unheld == [], (
        f"Say it in a comment before the block, of {', '.join(sorted(KINDS))}: tests/documents/block.py"
    )


def test_code_is_fenced_and_never_only_indented() -> None:
    assert [str(block) for block in BLOCKS if block.language == "indented"] == []


def test_what_is_run_is_run_in_a_story_that_is_told() -> None:
    assert [str(block) for block in of("run") if not set(block.stories) <= STORIES] == []
    assert len(of("run")) > 20


def test_what_is_shown_is_confirmed_by_the_test_that_brings_it_about() -> None:
    tests = {path.relative_to(ROOT).as_posix(): path.read_text() for path in (ROOT / "tests").rglob("*.py")}
    confirmed = {name for text in tests.values() for name in CONFIRMED.findall(text)} | {"demo"} | tests.keys()
    # A repository of somebody's own has the pages, and not the tests that only hold in Rollpin as it is shipped.
    shipped = (ROOT / "tests/e2e/template").is_dir()
    assert [str(block) for block in of("shows") if shipped and block.of not in confirmed] == []


def test_what_cannot_be_run_needs_something_that_no_test_has() -> None:
    assert [f"{block}: {block.of}" for block in of("needs") if block.of not in NEEDED] == []


@pytest.mark.parametrize("block", of("run", "needs"), ids=str)
def test_every_command_of_a_page_exists_with_its_options(block: Block) -> None:
    assert [wrong for words in typed(block) if (wrong := mistake(words))] == []


def test_a_block_with_commands_has_some() -> None:
    assert [str(block) for block in of("run", "needs") if not list(typed(block))] == []


@pytest.mark.parametrize("block", of("settings", "adds"), ids=str)
def test_the_program_takes_every_part_of_a_stack_file(block: Block, tmp_path) -> None:
    path = tmp_path / "Pulumi.prod.yaml"
    with path.open("w") as file:
        YAML().dump({"config": _whole(YAML(typ="safe").load(block.text))}, file)
    load(path, "prod")


def _whole(said: dict[str, Any]) -> dict[str, Any]:
    """A stack's config around what a page shows: all of it, some of its keys, entries, or settings of one."""
    said = said.get("config", said)
    if next(iter(said)).startswith("rollpin:"):
        models = said.get("rollpin:models", {})
        return {**said, "rollpin:models": {name: AN_ENTRY | (entry or {}) for name, entry in models.items()}}
    entries = all(
        isinstance(value, dict) and key not in ("canary", "endpoint", "access") for key, value in said.items()
    )
    models = said if entries else {"helpdesk": said}
    return {"rollpin:models": {name: AN_ENTRY | entry for name, entry in models.items()}}


@pytest.mark.parametrize("block", of("change"), ids=str)
def test_what_a_diff_takes_away_stands_in_its_file(block: Block) -> None:
    stack = [line.partition(" #")[0].rstrip() for line in (STACKS / block.of).read_text().splitlines()]
    removed = [line[1:] for line in block.text.splitlines() if line.startswith("-") and not line.startswith("---")]
    assert removed
    assert [line for line in removed if line.rstrip() not in stack] == []


@pytest.mark.parametrize("block", [block for block in of("code", "file") if block.language == "python"], ids=str)
def test_python_compiles(block: Block) -> None:
    compile(CUT_OUT.sub("", block.text), str(block), "exec")


def test_figures_are_those_of_a_script_that_is_here() -> None:
    assert [str(block) for block in of("measured") if not (ROOT / block.of).is_file()] == []


def test_a_drawing_tells_nobody_to_type() -> None:
    typed_words = re.compile(r"^\s*(?:\$ |make [a-z]|model-ops |\.venv/|git |pulumi )", re.MULTILINE)
    assert [str(block) for block in of("drawing") if typed_words.search(block.text)] == []


def test_a_page_that_is_generated_says_by_what() -> None:
    assert set(pages()) - set(written_by_hand()) >= {"docs/model-ops.md"}
