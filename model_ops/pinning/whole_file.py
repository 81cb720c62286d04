"""Replaces a file whole, one writer at a time, whatever happens to a writer."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from model_ops.disk import naming


@contextmanager
def alone(path: Path) -> Iterator[Path]:
    """Wait until no other writer of ours is at the file, and give its real path, behind any symbolic link.

    The lock lies on the file itself: it leaves no litter, and the system frees it when its holder dies. Whoever waited
    while the file was replaced holds the lock of the old one, and so asks again. Raises OSError where the file is
    missing or may not be written.
    """
    real = path.resolve()
    while True:
        with real.open("r+b") as file:  # open for writing, for NFS locks nothing else
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.path.samestat(os.fstat(file.fileno()), real.stat()):
                yield real
                return


def replace(path: Path, content: bytes) -> None:
    """Write the file beside itself and rename it, so that a reader or a crash sees the old one or the new one.

    Raises OSError that names the file.

    A draft that a killed writer left is overwritten by the next, so call it inside `alone`; .gitignore knows its name.
    """
    draft = path.with_name(f".{path.name}.draft")
    try:
        draft.unlink(missing_ok=True)
        with draft.open("xb") as file:
            os.fchmod(file.fileno(), path.stat().st_mode & 0o777)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise naming(path, error) from None
        raise
