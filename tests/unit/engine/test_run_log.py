"""What a run tells is in its log too, which nobody else reads."""

import stat
from contextlib import suppress
from pathlib import Path

import pytest

from engine import run_log


def test_a_reason_is_in_the_log_and_on_the_screen_only_where_it_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for verbose in (False, True):
        with run_log.RunLog(tmp_path / "engine.log", verbose=verbose) as log:
            log.note("the PATH has none")
        assert ("the PATH has none" in capsys.readouterr().err) == verbose
    assert (tmp_path / "engine.log").read_text().count("the PATH has none") == 2


def test_a_log_that_began_anew_and_the_one_before_it_are_readable_by_their_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_log, "MOST_BYTES", 100)
    with run_log.RunLog(tmp_path / "engine.log") as log:
        for number in range(4):
            log.note(f"{number} {'x' * 60}")
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {
        "engine.log": 0o600,
        "engine.log.1": 0o600,
    }
    assert "3 xxx" in (tmp_path / "engine.log").read_text()


def test_what_would_command_a_terminal_is_shown_on_the_screen_and_in_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with run_log.RunLog(tmp_path / "engine.log", verbose=True) as log:
        log.say("a\x1b[2J\u202e")
        log.note("b\x9b\u200b %s")

    assert capsys.readouterr().err == "a\\x1b[2J\\u202e\n  · b\\x9b\\u200b %s\n"
    assert "a\\x1b[2J\\u202e\n" in (tmp_path / "engine.log").read_text()
    assert "b\\x9b\\u200b %s\n" in (tmp_path / "engine.log").read_text()


def test_a_log_on_a_full_disk_is_given_up_with_one_line_and_the_run_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # What was refused is refused again when the file is closed.
    with run_log.RunLog(tmp_path / "engine.log") as log, suppress(OSError), Path("/dev/full").open("w") as full:
        log._handler.stream, own = full, log._handler.stream
        for line in ("first", "second", "third"):
            log.say(line)
        log._handler.stream = own
    said = capsys.readouterr().err.splitlines()
    assert [line for line in said if not line.startswith("what follows")] == ["first", "second", "third"]
    assert [line for line in said if line.startswith("what follows")] == [
        f"what follows is not logged: {tmp_path}/engine.log cannot be used: No space left on device. "
        f"Make room there, then run this again: df -h {tmp_path}/engine.log"
    ]
