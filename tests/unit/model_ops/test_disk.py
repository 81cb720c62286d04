"""What the disk refuses is told in one line, with what to type next."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from model_ops import disk


@pytest.mark.parametrize(
    ("number", "mend"),
    [
        (errno.ENOSPC, "Make room there, then run this again: df -h {}/made"),
        (errno.EDQUOT, "Make room there, then run this again: df -h {}/made"),
        (errno.EROFS, "Name a place that can be written to. See which this is: df -h {}/made"),
        (errno.EACCES, "See who may write there: ls -ld {} {}/made"),
        (errno.ENOTDIR, "See what stands where a directory should be: ls -ld {}/made"),
        (errno.EISDIR, "See what stands where a file should be: ls -ld {}/made"),
        (errno.EFBIG, "See how long a file may be: ulimit -f"),
        (errno.EIO, "Mend that, then run this again."),
    ],
)
def test_each_refusal_names_the_file_the_reason_and_what_to_type(tmp_path: Path, number: int, mend: str) -> None:
    (tmp_path / "made").mkdir()
    file = tmp_path / "made" / "not yet" / "file"

    said = disk.refusal(OSError(number, os.strerror(number), str(file)))

    assert said == f"{file} cannot be used: {os.strerror(number)}. " + mend.format(tmp_path, tmp_path)
    assert "\n" not in said


def test_an_error_that_names_no_file_is_told_of_the_place_that_was_meant(tmp_path: Path) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")

    assert disk.refusal(full, tmp_path).startswith(f"{tmp_path} cannot be used: No space left on device.")
    assert disk.refusal(full) == "No space left on device. Mend that, then run this again."
    assert disk.naming(tmp_path, full).filename == str(tmp_path)
    assert isinstance(disk.naming(tmp_path, PermissionError(errno.EACCES, "no")), PermissionError)


def test_a_command_is_one_that_a_shell_takes(tmp_path: Path) -> None:
    place = tmp_path / "two words"
    place.mkdir()

    assert disk.refusal(OSError(errno.ENOSPC, "full"), place).endswith(f"df -h '{place}'")
