"""An edit of a pin is planned apart from being made; edits that race all land, and a killed one leaves a whole file."""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from model_ops.errors import PinError
from model_ops.pinning import pins
from model_ops.pinning.pins import pinned, plan
from model_ops.pinning.program import require_file_taken

MODELS = ("first", "second", "third", "fourth")


def stack_text(versions: dict[str, int]) -> str:
    models = "".join(
        f"    {model}:\n      catalog: prod\n      schema: rag\n      servedVersion: {version}\n"
        for model, version in versions.items()
    )
    return f"config:\n  rollpin:models:\n{models}"


@pytest.fixture
def stack_file(tmp_path: Path) -> Path:
    path = tmp_path / "Pulumi.prod.yaml"
    path.write_text(stack_text(dict.fromkeys(MODELS, 1)))
    return path


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("chatbot: {}", "chatbot: {servedVersion: 7}"),
        ("chatbot: {model: chain}", "chatbot: {servedVersion: 7, model: chain}"),
        ("chatbot:\n      model: chain", "chatbot:\n      servedVersion: 7\n      model: chain"),
        ("chatbot: {servedVersion: 6}", "chatbot: {servedVersion: 7}"),
    ],
)
def test_a_model_that_has_its_schema_from_the_defaults_is_pinned(tmp_path: Path, before: str, after: str) -> None:
    head = "config:\n  rollpin:defaults: {catalog: prod, schema: rag}\n  rollpin:models:\n    "
    path = tmp_path / "Pulumi.prod.yaml"
    path.write_text(f"{head}{before}\n")

    pins.pin(path, "chatbot", 7)

    assert path.read_text() == f"{head}{after}\n"
    require_file_taken(path, path.read_bytes(), "prod", "with it")


def test_a_schema_that_neither_model_nor_defaults_say_is_told(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.prod.yaml"
    path.write_text("config:\n  rollpin:defaults: {catalog: prod}\n  rollpin:models: {chatbot: {}}\n")

    with pytest.raises(PinError, match="model chatbot has no settings with a schema, nor has `rollpin:defaults`"):
        pins.pin(path, "chatbot", 7)


def test_a_plan_says_what_changes_and_touches_nothing(stack_file: Path) -> None:
    before = stack_file.read_bytes()
    edit = plan(stack_file, "second", 6)
    assert (edit.path, edit.model, edit.old, edit.new, edit.before) == (stack_file, "second", 1, 6, before)
    assert stack_file.read_bytes() == before
    assert edit.diff().splitlines() == [
        "--- a/Pulumi.prod.yaml",
        "+++ b/Pulumi.prod.yaml",
        "@@ -7,7 +7,7 @@",
        "     second:",
        "       catalog: prod",
        "       schema: rag",
        "-      servedVersion: 1",
        "+      servedVersion: 6",
        "     third:",
        "       catalog: prod",
        "       schema: rag",
    ]
    pins.apply(edit)
    assert stack_file.read_bytes() == edit.after
    assert plan(stack_file, "second", 6).diff() == ""


def test_a_diff_can_be_applied_by_git_also_with_crlf_and_without_a_last_line_end(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.prod.yaml"
    path.write_bytes(stack_text({"first": 1}).rstrip("\n").replace("\n", "\r\n").encode())
    edit = plan(path, "first", 6)
    command = ["git", "apply", "--whitespace=nowarn", "-"]
    subprocess.run(command, cwd=tmp_path, input=edit.diff().encode(), check=True)
    assert path.read_bytes() == edit.after


def test_a_plan_that_somebody_else_overtook_is_refused(stack_file: Path) -> None:
    edit = plan(stack_file, "first", 6)
    pins.pin(stack_file, "second", 2)
    overtaken = stack_file.read_bytes()
    with pytest.raises(PinError, match=r"Pulumi\.prod\.yaml: somebody else has edited it .* nothing is changed"):
        pins.apply(edit)
    assert stack_file.read_bytes() == overtaken


@pytest.mark.parametrize(
    ("text", "version"),
    [
        (stack_text({"first": 7}), 7),
        ("config: {'rollpin:models': {first: {schema: r, servedVersion: &v 7}}}", 7),
        ("a: &v 7\nconfig: {'rollpin:models': {first: {servedVersion: *v}}}", 7),
        (stack_text({"second": 7}), None),
        ("config: {'rollpin:models': {first: {schema: r}}}", None),
        ("config: {}", None),
        ("", None),
    ],
)
def test_a_pin_is_read_from_any_text_and_absent_where_there_is_none(text: str, version: int | None) -> None:
    assert pinned(text, "first") == version


@pytest.mark.parametrize(
    "value", ["latest", "'7'", "7.0", "007", "0", "-1", "", "null", "[7]", "1e1", "!!str 7", "9" * 19]
)
def test_what_pins_no_whole_number_cannot_be_read(value: str) -> None:
    with pytest.raises(PinError, match=r"servedVersion of first at line 4 is no plain whole number from 1"):
        pinned(f"config:\n  rollpin:models:\n    first:\n      servedVersion: {value}\n", "first")


@pytest.mark.parametrize("text", ["config: [", "a: 1\na: 2\nconfig: {}\nconfig: {}\n", "\0"])
def test_a_text_that_is_no_stack_file_cannot_be_read(text: str) -> None:
    with pytest.raises(PinError):
        pinned(text, "first")


def test_a_plan_replaces_what_is_no_version(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.prod.yaml"
    path.write_text(stack_text({"first": 1}).replace(": 1", ": latest"))
    assert (plan(path, "first", 6).old, pinned(plan(path, "first", 6).after.decode(), "first")) == (None, 6)


def test_threads_that_race_all_land(stack_file: Path) -> None:
    def edit(model: str) -> None:
        for version in range(1, 26):
            pins.pin(stack_file, model, version)

    threads = [threading.Thread(target=edit, args=(model,)) for model in MODELS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stack_file.read_text() == stack_text(dict.fromkeys(MODELS, 25))
    assert [path.name for path in stack_file.parent.iterdir()] == ["Pulumi.prod.yaml"]


EDITS = """\
import sys
from pathlib import Path
from model_ops.pinning.pins import pin
print("began", flush=True)
for version in range(1, int(sys.argv[3])):
    pin(Path(sys.argv[1]), sys.argv[2], version)
"""


def editing(stack_file: Path, model: str, edits: int) -> subprocess.Popen[bytes]:
    """A process that pins one version after the other."""
    command = [sys.executable, "-c", EDITS, str(stack_file), model, str(edits + 1)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"began\n"
    return child


def test_processes_that_race_all_land(stack_file: Path) -> None:
    with ExitStack() as waited_for:
        children = [waited_for.enter_context(editing(stack_file, model, 25)) for model in MODELS]
    assert [child.returncode for child in children] == [0, 0, 0, 0]
    assert stack_file.read_text() == stack_text(dict.fromkeys(MODELS, 25))


def test_a_kill_at_any_moment_leaves_a_whole_file_no_lock_and_no_draft_after_the_next_edit(stack_file: Path) -> None:
    for _ in range(15):
        with editing(stack_file, "first", 10**6) as child:
            with pytest.raises(subprocess.TimeoutExpired):
                child.wait(random.uniform(0.0, 0.1))
            child.kill()
        version = pinned(stack_file.read_text(), "first")
        assert version is not None
        assert stack_file.read_text() == stack_text(dict.fromkeys(MODELS, 1) | {"first": version})
        assert {path.name for path in stack_file.parent.iterdir()} <= {"Pulumi.prod.yaml", ".Pulumi.prod.yaml.draft"}
    (stack_file.parent / ".Pulumi.prod.yaml.draft").write_text("half a fi")
    pins.pin(stack_file, "second", 2)
    assert [path.name for path in stack_file.parent.iterdir()] == ["Pulumi.prod.yaml"]


def test_git_ignores_the_draft_that_a_killed_edit_leaves() -> None:
    project = Path(__file__).parents[4]
    ignored = subprocess.run(["git", "check-ignore", ".Pulumi.prod.yaml.draft"], cwd=project, check=False)
    assert ignored.returncode == 0


def test_the_target_of_a_symbolic_link_is_edited_and_the_link_kept(stack_file: Path, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "Pulumi.prod.yaml"
    link.parent.mkdir()
    link.symlink_to(stack_file)
    pins.apply(plan(link, "first", 6))
    pins.pin(link, "second", 7)
    assert link.is_symlink()
    assert stack_file.read_text() == stack_text(dict.fromkeys(MODELS, 1) | {"first": 6, "second": 7})
    assert list(link.parent.iterdir()) == [link]


@pytest.fixture
def read_only() -> Iterator[Path]:
    """A stack file in a directory in which nobody may write, asked by somebody who is not root."""
    directory = Path(tempfile.mkdtemp())
    stack_file = directory / "Pulumi.prod.yaml"
    stack_file.write_text(stack_text({"first": 1}))
    stack_file.chmod(0o666)
    directory.chmod(0o555)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    yield stack_file
    os.seteuid(user)
    directory.chmod(0o755)
    shutil.rmtree(directory)


def test_in_a_read_only_directory_an_edit_is_refused_and_the_file_stays(read_only: Path) -> None:
    edit = plan(read_only, "first", 6)
    for attempt in (lambda: pins.apply(edit), lambda: pins.pin(read_only, "first", 6)):
        with pytest.raises(PinError, match=r"Pulumi\.prod\.yaml cannot be used: Permission denied\. See who may"):
            attempt()
    assert read_only.read_text() == stack_text({"first": 1})
    assert list(read_only.parent.iterdir()) == [read_only]


def test_on_a_full_disk_an_edit_is_refused_in_one_line_and_the_file_stays(
    stack_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    edit = plan(stack_file, "first", 6)
    for attempt in (lambda: pins.apply(edit), lambda: pins.pin(stack_file, "first", 6)):
        with pytest.raises(PinError) as refused:
            attempt()
        assert str(refused.value) == (
            f"{stack_file} cannot be used: No space left on device. "
            f"Make room there, then run this again: df -h {stack_file}"
        )
    assert stack_file.read_text() == stack_text(dict.fromkeys(MODELS, 1))
    assert list(stack_file.parent.iterdir()) == [stack_file]
