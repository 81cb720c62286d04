"""Builds the Pulumi CLI from its Go module, once, into a cache outside of the work tree.

The result has no Python language host beside it, so that plain `pulumi up` cannot start a Python program; the
Automation API with an inline program can, and everything local goes through that.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from model_ops import disk

HERE = Path(__file__).parent
VERSION = "3.257.0"
"""As pinned in go.mod, which a test holds to it."""
OLDEST_GO = "1.25.11"
"""The `go` line of go.mod."""
PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
NEEDED_BYTES = 4 * 2**30
REPORT_EVERY = 15.0
"""Seconds between two lines of progress."""

Report = Callable[[str], None]


class BuildError(Exception):
    """The CLI cannot be built here; the message says why and what is missing."""


def root(cache: Path) -> Path:
    """Where the built CLI is: `bin/pulumi` below this directory."""
    return cache / f"pulumi-{VERSION}-module"


def build(cache: Path, report: Report) -> Path:
    """Return `root(cache)` with the CLI in it, building it if need be; raises BuildError."""
    target = root(cache) / "bin" / "pulumi"
    try:
        if not target.exists():
            _build(cache, target, report)
    except OSError as error:
        raise BuildError(disk.refusal(error, cache)) from None
    return root(cache)


def _build(cache: Path, target: Path, report: Report) -> None:
    go = shutil.which("go")
    if go is None:
        raise BuildError(f"there is no `go` on the PATH (Go {OLDEST_GO} or newer is needed)")
    target.parent.mkdir(parents=True, exist_ok=True)
    with _alone(cache / "build.lock", report):
        if not target.exists():
            _compile(go, target, report)


@contextmanager
def _alone(path: Path, report: Report) -> Iterator[None]:
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report("another process is building the engine; waiting for it …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _compile(go: str, target: Path, report: Report) -> None:
    free = shutil.disk_usage(target.parent).free
    if free < NEEDED_BYTES:
        raise BuildError(f"the build needs 4 GiB of disk in {target.parent}, and {free / 2**30:.1f} are free")
    report(f"building the Pulumi CLI {VERSION} from its Go module (once; about five minutes on two cores) …")
    # Go's caches grow to 3 GB: they live below the target for the build alone, a killed build's until the next one.
    for left in target.parent.glob("go-*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="go-", ignore_cleanup_errors=True) as scratch:
        draft = Path(scratch) / "pulumi"
        log = _run(_command(go, draft), _environment(Path(scratch)), report)
        if not draft.exists():
            raise BuildError(f"`go build` failed: {log or 'it said nothing'}")
        draft.replace(target)


def _command(go: str, output: Path) -> list[str]:
    stamp = f"-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{VERSION}"
    return [go, "build", "-v", "-ldflags", stamp, "-o", str(output), PACKAGE]


def _environment(scratch: Path) -> dict[str, str]:
    own = {"GOPATH": scratch / "path", "GOMODCACHE": scratch / "mod", "GOCACHE": scratch / "cache"}
    fixed = {"CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly -modcacherw -buildvcs=false", "GOWORK": "off"}
    return {**os.environ, **fixed, **{name: str(path) for name, path in own.items()}}


def _run(command: list[str], environment: dict[str, str], report: Report) -> str:
    """Run the build, reporting now and then how far it is; return its last words."""
    began = reported = time.monotonic()
    downloaded = compiled = 0
    last: list[str] = []
    with subprocess.Popen(
        command, cwd=HERE, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout or ():
            last = [*last, line.strip()][-3:]
            downloaded += line.startswith("go: downloading")
            compiled += not line.startswith("go:")
            if (now := time.monotonic()) - reported > REPORT_EVERY:
                reported = now
                report(f"  {now - began:3.0f} s: {downloaded} modules fetched, {compiled} packages compiled")
    return " / ".join(last) if process.returncode else ""
