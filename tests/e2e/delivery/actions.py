"""What stands in for the pinned actions: a clone of the bare remote, a directory of artifacts, no sign-in."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.e2e.delivery.expressions import shown
from tests.e2e.delivery.machine import Done, Machine
from tests.e2e.delivery.repository import Event

NOTHING = Done(True, "")


class ActionError(Exception):
    """An action that nothing here stands in for."""


def act(action: str, given: Mapping[str, Any], machine: Machine, event: Event, artifacts: Path) -> Done:
    """Run what stands in for `owner/name@hash` with its inputs; raises ActionError where that is nothing."""
    name = action.partition("@")[0]
    if name not in ACTIONS:
        raise ActionError(f"nothing stands in for {action}")
    try:
        return ACTIONS[name]({key: shown(value) for key, value in given.items()}, machine, event, artifacts)
    except (subprocess.CalledProcessError, FileNotFoundError) as error:
        return Done(False, f"{name}: {error}\n{getattr(error, 'stderr', '')}")


def _checkout(given: Mapping[str, str], machine: Machine, event: Event, _: Path) -> Done:
    """Fetch the commit of the event, or the branch that is named, as the action does."""
    work, ref = machine.workspace, given.get("ref") or event.ref
    branch = ref.removeprefix("refs/heads/")
    whole = given.get("fetch-depth") == "0"

    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=work, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "--quiet", "--initial-branch=main")
    git("remote", "add", "origin", event.remote.as_uri())
    wanted = "+refs/heads/*:refs/remotes/origin/*" if whole else f"+{event.sha}:refs/remotes/origin/{branch}"
    if given.get("ref"):
        wanted = (
            "+refs/heads/*:refs/remotes/origin/*" if whole else f"+refs/heads/{branch}:refs/remotes/origin/{branch}"
        )
    git("fetch", "--quiet", "--no-tags", *([] if whole else ["--depth=1"]), "origin", wanted)
    if given.get("ref"):
        git("checkout", "--quiet", "-B", branch, f"refs/remotes/origin/{branch}")
    else:
        git("fetch", "--quiet", "--no-tags", *([] if whole else ["--depth=1"]), "origin", event.sha)
        if event.ref.startswith("refs/heads/"):
            git("update-ref", f"refs/remotes/origin/{branch}", event.sha)
            git("checkout", "--quiet", "-B", branch, event.sha)
        else:
            git("checkout", "--quiet", "--detach", event.sha)
    machine.equip()
    return Done(True, f"HEAD is now at {git('rev-parse', 'HEAD')}\n")


def _upload(given: Mapping[str, str], machine: Machine, _: Event, artifacts: Path) -> Done:
    found = sorted(machine.workspace.glob(given["path"]))
    if not found:
        lacks = given.get("if-no-files-found", "warn")
        return Done(lacks != "error", f"No files were found with the path {given['path']}\n")
    place = artifacts / given["name"]
    place.mkdir(parents=True)
    for file in found:
        shutil.copy2(file, place)
    return NOTHING


def _download(given: Mapping[str, str], machine: Machine, _: Event, artifacts: Path) -> Done:
    into = machine.workspace / given.get("path", "")
    into.mkdir(parents=True, exist_ok=True)
    names = sorted(artifacts.glob(given["pattern"])) if "pattern" in given else [artifacts / given["name"]]
    if missing := [name for name in names if not name.is_dir()]:
        return Done(False, f"Artifact not found for name: {missing[0].name}\n")
    apart = "pattern" in given and given.get("merge-multiple") != "true"
    for name in names:
        shutil.copytree(name, into / name.name if apart else into, dirs_exist_ok=True)
    return NOTHING


ACTIONS: Mapping[str, Callable[[Mapping[str, str], Machine, Event, Path], Done]] = {
    "actions/checkout": _checkout,
    "actions/setup-python": lambda *_: NOTHING,
    "actions/upload-artifact": _upload,
    "actions/download-artifact": _download,
    "azure/login": lambda *_: NOTHING,
}
