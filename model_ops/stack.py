"""Asks a stack what it pins, by `pulumi stack output --json`."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from model_ops.commands import OWN_HOME, Commands, typed
from model_ops.did_you_mean import did_you_mean
from model_ops.errors import StackError
from model_ops.loopback import is_loopback
from model_ops.rehearsed import Rehearsed
from model_ops.stack_name import STACK_NAME
from model_ops.target import Target

LOCAL = "local"
ENGINE_FILE = "engine.json"
"""What the sandbox's engine leaves in its home: the CLI, the project directory and the names of its files."""

PATIENCE = 120
"""Seconds in which the engine must answer about a stack; its state may be far away."""


@dataclass(frozen=True)
class Address:
    """How to ask a stack: which CLI, in which directory, with which variables, and whose token to use then."""

    stack: str
    pulumi: str
    project: Path
    """The directory that the engine runs in."""
    environment: Mapping[str, str] = field(default_factory=dict)
    token_file: Path | None = None
    source: Path | None = None
    """The directory of the stack's file that people edit, where the engine runs on a copy of it."""
    by_hand: bool = False
    """Whether the local stack is one that somebody deployed by `pulumi up`, in a backend of his own."""
    rehearsed: Rehearsed | None = None
    """The sandbox that stands for the stack's workspace, where one does."""

    @property
    def commands(self) -> Commands:
        """What to type for it."""
        if self.rehearsed:
            return self.rehearsed.commands(self.source or self.project)
        if self.by_hand:
            return replace(Commands.at(self.stack, self.project), by_hand=True)
        if self.token_file:
            return Commands.on_sandbox(self.stack, self.token_file.parent, self.source or self.project)
        return Commands.at(self.stack, self.project)

    def typed(self, *words: str) -> str:
        """What to type to see for oneself what `pulumi stack <words>` prints."""
        variables = [f"{name}={shlex.quote(value)}" for name, value in sorted(self.environment.items())]
        where = f" -C {typed(self.project)}" if self.project.resolve() != Path.cwd() else ""
        pulumi = typed(Path(self.pulumi)) if self.token_file else "pulumi"
        return " ".join([*variables, f"{pulumi}{where} stack", *words, "--stack", self.stack])

    @property
    def file(self) -> Path:
        """The stack's file that people edit."""
        return (self.source or self.project) / f"Pulumi.{self.stack}.yaml"

    def token(self, url: str) -> str | None:
        """The sandbox's token for the local stack, whose workspace is at `url`; None where the environment signs in.

        A stack that was deployed by hand may be on any workspace, which must not see it.
        """
        if self.token_file is None or (self.by_hand and not _is_at(self.token_file.with_name("port"), url)):
            return None
        return self.token_file.read_text().strip()


def address(stack: str, project: Path) -> Address:
    """Find out how to ask `stack` of the project in `project`; raises StackError where it cannot be asked.

    For the local stack `project` may also be the home of another sandbox than `.sandbox`, such as the demo's. Where
    ROLLPIN_SANDBOX names a sandbox, that one stands for the workspace of `stack`, and its own engine is asked.
    """
    if rehearsed := Rehearsed.find(stack):
        return _rehearsed(rehearsed, project)
    if stack != LOCAL and (pulumi := shutil.which("pulumi")):
        left: dict[str, Any] | None = {"pulumi": pulumi}
    else:
        left = _left_by_engine(project)
    if left is None and not (project / "Pulumi.yaml").exists():
        raise StackError(
            f"There is no project in {project.resolve()}: no Pulumi.yaml.\n"
            "Go to the checkout, or name it: --project DIR"
        )
    if stack == LOCAL:
        return _local(left, project) if left is not None and _deployed(left) else _by_hand(project, left)
    _require_file(stack, project)
    found = (left or {}).get("pulumi")
    if found is None:
        raise StackError(
            f"There is no `pulumi` on the PATH to ask stack {stack} with. "
            "Install it: https://www.pulumi.com/docs/install"
        )
    return Address(stack, found, project)


def _rehearsed(rehearsed: Rehearsed, project: Path) -> Address:
    """How to ask a stack that is deployed to a sandbox for now; its file is the one in `project`."""
    _require_file(rehearsed.stack, project)
    left, mend = _left_by_engine(rehearsed.root), deploy(rehearsed.commands(project))
    if left is None:
        raise StackError(f"Stack {rehearsed.stack} was not deployed to its rehearsal yet.\n{mend}")
    where = _told(left, rehearsed.stack, mend)
    return replace(where, source=project, rehearsed=rehearsed)


def _require_file(stack: str, project: Path) -> None:
    if not (project / f"Pulumi.{stack}.yaml").exists():
        raise no_stack(stack, project, stack_names(project))


def _by_hand(project: Path, left: Mapping[str, Any] | None) -> Address:
    """How to ask the local stack that somebody deployed by `pulumi up`, else the one of our own engine.

    The former is where the CLI on the PATH is logged in to, or where PULUMI_BACKEND_URL says.
    """
    pulumi, token, said = shutil.which("pulumi"), project.absolute() / ".sandbox" / "token", ""
    if pulumi is not None and (project / f"Pulumi.{LOCAL}.yaml").exists():
        where = Address(LOCAL, pulumi, project, token_file=token if token.exists() else None, by_hand=True)
        try:
            target(where)
        except StackError as error:
            said = f" Nor does {pulumi} know it: {error.headline}"
        else:
            return where
    if left is None:
        here = Commands.at(LOCAL, project)
        raise StackError(f"The local stack is not deployed.{said}\nDeploy it: {here.sandbox} && {here.up}")
    return _local(left, project)


def no_stack(stack: str, project: Path, known: Sequence[str]) -> StackError:
    """Say that there is no stack of that name, and which there are."""
    return StackError(
        f"There is no stack {stack} in {project.resolve()}. There is: {', '.join(known) or 'none'}."
        f"{did_you_mean(stack, known)}\nName one: --stack NAME"
    )


def stack_names(project: Path) -> tuple[str, ...]:
    """Name every stack that has a file in `project`: of `Pulumi.prod.eu.yaml` it is `prod.eu`."""
    files = (path for path in project.glob("Pulumi.*.yaml") if path.is_file())
    names = (path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in files)
    return tuple(sorted(name for name in names if STACK_NAME.fullmatch(name)))


def ask(where: Address, *words: str) -> str:
    """Give what `pulumi stack <words>` prints; raises StackError with the engine's last word where it fails."""
    command = [where.pulumi, "stack", *words, "--stack", where.stack, "--non-interactive"]
    try:
        done = subprocess.run(
            command,
            cwd=where.project,
            env={**os.environ, **where.environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StackError(f"Stack {where.stack} cannot be asked: {error}\n{deploy(where.commands)}") from None
    if done.returncode:
        said = _last_line(done.stderr)
        absent = where.stack == LOCAL or "no stack named" in said
        listed = f"What is missing is listed by: {where.commands.engine('preview')}"
        mend = deploy(where.commands) if absent else listed
        raise StackError(f"Stack {where.stack} cannot be asked: {said}\n{mend}")
    return done.stdout


def target(where: Address) -> Target:
    """Read the stack's outputs; raises StackError where there are none."""
    answer = ask(where, "output", "--json")
    try:
        return Target.from_outputs(where.stack, json.loads(answer))
    except (KeyError, TypeError, ValueError) as error:
        raise StackError(
            f"Stack {where.stack} has no output {error}: it was never deployed, or by another version of the program.\n"
            f"{deploy(where.commands)}"
        ) from None


def deploy(commands: Commands) -> str:
    """What to type where a stack should have been deployed and is not."""
    return f"Deploy it: {commands.up}"


def _left_by_engine(project: Path) -> dict[str, Any] | None:
    file = _engine_file(project)
    if file is None:
        return None
    try:
        left = json.loads(file.read_text())
    except (OSError, ValueError):
        raise StackError(f"{file} cannot be read. {deploy(_sandbox_commands(project))}") from None
    return left if isinstance(left, dict) else None


def _deployed(left: Mapping[str, Any]) -> bool:
    """Whether our own engine deployed the stack and has not destroyed it, as its state says; true where that is unread.

    The state is read by itself: to ask the engine would be a process more in each command.
    """
    try:
        state = Path(urlsplit(left["environment"]["PULUMI_BACKEND_URL"]).path) / ".pulumi" / "stacks"
        return any('"urn:pulumi:' in file.read_text() for file in state.glob(f"*/{LOCAL}.json"))
    except (KeyError, TypeError, OSError, ValueError):
        return True


def _is_at(port_file: Path, url: str) -> bool:
    try:
        return is_loopback(url) and urlsplit(url).port == int(port_file.read_text())
    except (OSError, ValueError):
        return False


def _engine_file(project: Path) -> Path | None:
    places = (project / OWN_HOME / ENGINE_FILE, project / ENGINE_FILE)
    return next((place for place in places if place.exists()), None)


def _sandbox_commands(project: Path) -> Commands:
    """The commands for the local stack where what its engine left does not say whose file it runs on."""
    file = _engine_file(project)
    home = file.parent if file else project / OWN_HOME
    return Commands.on_sandbox(LOCAL, home, home.parent if home.name == OWN_HOME else home)


def _local(left: Mapping[str, Any], project: Path) -> Address:
    return _told(left, LOCAL, deploy(_sandbox_commands(project)))


def _told(left: Mapping[str, Any], stack: str, mend: str) -> Address:
    """How to ask a stack, as our own engine left it; raises StackError where that is not whole."""
    label = "the local stack" if stack == LOCAL else f"stack {stack}"
    try:
        where = Address(
            stack,
            left["pulumi"],
            Path(left["project"]),
            left["environment"],
            token_file=Path(left["token_file"]),
            source=Path(left.get("source") or left["project"]),
        )
    except (KeyError, TypeError):
        raise StackError(f"{ENGINE_FILE} does not say how to ask {label}. {mend}") from None
    for path in (where.pulumi, where.project, where.token_file):
        if path is not None and not Path(path).exists():
            raise StackError(f"{label[0].upper()}{label[1:]} cannot be asked: {path} is gone. {mend}")
    return where


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["the engine said nothing"])[-1].removeprefix("error: ")
