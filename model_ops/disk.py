"""Says in one sentence why a place on the disk cannot be used, and what to type next."""

from __future__ import annotations

import errno
import os
import shlex
from pathlib import Path

ROOM = "Make room there, then run this again: df -h {where}"
WHO = "See who may write there: ls -ld {parent} {where}"
FILE_THERE = "See what stands where a directory should be: ls -ld {where}"
MENDS = {
    errno.ENOSPC: ROOM,
    errno.EDQUOT: ROOM,
    errno.EROFS: "Name a place that can be written to. See which this is: df -h {where}",
    errno.EACCES: WHO,
    errno.EPERM: WHO,
    errno.ENOENT: "See what there is: ls -ld {where}",
    errno.ENOTDIR: FILE_THERE,
    errno.EEXIST: FILE_THERE,
    errno.EISDIR: "See what stands where a file should be: ls -ld {where}",
    errno.EFBIG: "See how long a file may be: ulimit -f",
}
"""What to do about an error of the disk, by its number."""
OTHERWISE = "Mend that, then run this again."


def refusal(error: OSError, place: Path | None = None) -> str:
    """Say what cannot be used, why, and what to type next; `place` is what it is where the error names no file."""
    named = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else place
    what = error.strerror or str(error) or type(error).__name__
    if named is None:
        return f"{what}. {OTHERWISE}"
    there = nearest(named.absolute())
    where, parent = (shlex.quote(str(path)) for path in (there, there.parent))
    mend = MENDS.get(error.errno or 0, OTHERWISE).format(where=where, parent=parent)
    return f"{named} cannot be used: {what}. {mend}"


def naming(path: Path, error: OSError) -> OSError:
    """Give the error with the name of the file that was meant: it names a draft, or none while bytes are written."""
    return error if error.errno is None else OSError(error.errno, error.strerror, str(path))


def nearest(path: Path) -> Path:
    """The path itself, or what there is of it."""
    return next((part for part in (path, *path.parents) if os.path.lexists(part)), path)
