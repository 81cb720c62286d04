"""A home that cannot be made, or is full, ends in one sentence, and nothing of it is half written."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from sandbox import lifecycle
from sandbox.__main__ import main
from sandbox.home import Home, append_private, private_files, write_private


@pytest.fixture
def shut() -> Iterator[Path]:
    """A directory in which nobody may write, asked by somebody who is not root."""
    directory = Path(tempfile.mkdtemp())
    directory.chmod(0o555)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    yield directory
    os.seteuid(user)
    directory.chmod(0o755)
    shutil.rmtree(directory)


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, words)
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, done.stderr


def last(text: str) -> str:
    return text.strip().splitlines()[-1]


def test_a_home_in_the_place_of_a_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    code, said = run("start", "--home", str(tmp_path / "file" / "home"))

    assert code == 1
    assert last(said) == (
        f"Error: {tmp_path}/file/home cannot be used: Not a directory. "
        f"See what stands where a directory should be: ls -ld {tmp_path}/file"
    )


@pytest.mark.parametrize(("command", "code"), [("status", 1), ("stop", 0)])
def test_what_cannot_be_there_is_not_running(tmp_path: Path, command: str, code: int) -> None:
    (tmp_path / "file").touch()

    done = run(command, "--home", str(tmp_path / "file" / "home"))

    assert done[0] == code
    assert "not running" in done[1]


def test_a_home_where_nobody_may_write_is_refused_in_one_sentence(shut: Path) -> None:
    code, said = run("start", "--home", str(shut / "home"))

    assert code == 1
    assert last(said) == (
        f"Error: {shut}/home cannot be used: Permission denied. See who may write there: ls -ld {shut.parent} {shut}"
    )
    assert list(shut.iterdir()) == []


def test_on_a_disk_that_is_all_but_full_nothing_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "LEAST_ROOM", 2**62)

    with pytest.raises(lifecycle.SandboxError, match=r"the disk is full: \d+ MiB are free, and \d+ are needed\. Make"):
        lifecycle.start(Home(tmp_path / "home"))

    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_up_meanwhile_leaves_the_old_file_and_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    write_private(tmp_path / "port", "old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as refused:
        write_private(tmp_path / "port", "new")
    with pytest.raises(lifecycle.SandboxError, match=r"home/token cannot be used: No space left on device\. Make room"):
        lifecycle.start(Home(tmp_path / "home"))

    assert refused.value.filename == str(tmp_path / "port")
    assert (tmp_path / "port").read_text() == "old"
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["port"]


def test_logs_and_locks_are_their_owners_alone_also_those_that_were_not(tmp_path: Path) -> None:
    (tmp_path / "old.log").touch(mode=0o644)
    for name in ("old.log", "new.log"):
        append_private(tmp_path / name).close()
    with private_files():
        (tmp_path / "made").mkdir()
        (tmp_path / "made" / "file").touch()
    before = os.umask(0)
    os.umask(before)

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert modes == {"old.log": 0o600, "new.log": 0o600, "made": 0o700, "file": 0o600}
    assert before != 0o077
