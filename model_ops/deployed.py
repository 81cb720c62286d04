"""A stack that was deployed: what it pins, the workspace that it lives in, and the file that people edit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from model_ops.adopting.stack_text import MODELS, settings
from model_ops.commands import Commands
from model_ops.did_you_mean import did_you_mean
from model_ops.errors import PinError, StackError
from model_ops.pinning import pins
from model_ops.stack import ENGINE_FILE, LOCAL, Address, address, stack_names, target
from model_ops.target import Target, TargetModel
from model_ops.workspace.client import Workspace


@dataclass(frozen=True, kw_only=True)
class DeployedStack:
    """What every command starts from: `DeployedStack.find("prod", Path("."))` asks the engine what it pins."""

    target: Target
    workspace: Workspace
    file: Path
    """The stack's file; a pin is written there."""
    commands: Commands
    """What to type for it."""
    address: Address | None = None
    """How to ask its engine; None where its outputs were read from a file."""

    @property
    def name(self) -> str:
        """The stack's name, such as prod."""
        return self.target.stack

    @property
    def label(self) -> str:
        """The stack's name; of a sandbox other than the checkout's own, its directory too."""
        return f"{self.name} in {self.commands.home}" if self.commands.home else self.name

    def commands_for(self, model: TargetModel) -> Commands:
        """What to type for one of its models, which is named where it has several."""
        return self.commands.among(model.name, self.target.models)

    @classmethod
    def find(cls, stack: str, project: Path) -> DeployedStack:
        """Ask the engine what `stack` pins; raises StackError where it cannot be asked or was never deployed."""
        where = address(stack, project)
        found = target(where)
        return cls(
            target=found,
            workspace=Workspace(found.workspace_url, where.token(found.workspace_url), where.commands),
            file=where.file,
            commands=where.commands,
            address=where,
        )

    @classmethod
    def read(cls, outputs: Path, project: Path) -> DeployedStack:
        """Read what `pulumi stack output --json` printed into a file; raises StackError where that is something else.

        The file's own name says which stack it is where its outputs do not. Credentials come from the environment, or
        from the profile for the workspace's address.
        """
        try:
            said = json.loads(outputs.read_text())
            found = Target.from_outputs(str(said.get("stack") or outputs.stem), said)
        except (OSError, ValueError) as error:
            raise StackError(f"{outputs} cannot be read as a stack's outputs: {error}\n{_how(outputs)}") from None
        except (AttributeError, KeyError, TypeError) as error:
            raise StackError(f"{outputs} holds no output {error} of a stack.\n{_how(outputs)}") from None
        commands = replace(Commands.at(found.stack, project), outputs=outputs)
        return cls(
            target=found,
            workspace=Workspace(found.workspace_url, None, commands),
            file=project / f"Pulumi.{found.stack}.yaml",
            commands=commands,
        )

    def model(self, name: str | None = None) -> TargetModel:
        """Give a model by its name; raises StackError where there is none, or several and none was named."""
        models = self.target.models
        if name is None and len(models) == 1:
            return next(iter(models.values()))
        if name is not None and name in models:
            return models[name]
        known = ", ".join(models)
        if name is not None and self.in_file(name):
            raise StackError(f"Model {name} is in {self.commands.file} and is not deployed yet: {self.commands.up}")
        if not models and self._makes_catalogs:
            mend = "Name one that does: --stack NAME"
            raise StackError(f"Stack {self.name} makes catalogs for other stacks, and serves no model. {mend}")
        if not models:
            mend = f"Add one to {self.commands.file}, then: {self.commands.up}"
            raise StackError(f"Stack {self.name} has no model. {mend}")
        if name is None:
            raise StackError(f"Stack {self.name} serves several models: {known}. Say which: --model NAME")
        raise StackError(
            f"Stack {self.name} has no model {name}. It has: {known}.{did_you_mean(name, models)} "
            "Name one of them: --model NAME"
        )

    def in_file(self, model: str) -> bool:
        """Whether the stack's file has an entry of that name, deployed or not; False where it cannot be read."""
        return model in (self._settings.get(MODELS[1]) or {})

    @property
    def _makes_catalogs(self) -> bool:
        return bool(self._settings.get("rollpin:catalogs"))

    @property
    def _settings(self) -> Mapping[str, Any]:
        """What the stack's file says; nothing where it cannot be read."""
        try:
            return settings(self.file.read_text())
        except (PinError, OSError, UnicodeDecodeError):
            return {}

    def pin_in_file(self, model: str) -> int | None:
        """The version that the stack's file pins; None where it pins none or cannot be read."""
        try:
            return pins.read(self.file, model)
        except PinError:
            return None

    @property
    def revival(self) -> str:
        """What to do to serve a retired model again."""
        return f"remove `retired: true` from it in {self.commands.file}, then: {self.commands.up}"

    def pinned(self, model: TargetModel) -> int:
        """The version that the deployed stack pins; raises StackError where it pins none."""
        if model.retired:
            raise StackError(f"Model {model.name} of stack {self.name} is retired: {self.revival}")
        if model.pinned_version is None:
            commands = self.commands_for(model)
            if (written := self.pin_in_file(model.name)) is not None:
                said = f"{commands.file} pins version {written} of {model.name}, and that is not deployed yet"
                raise StackError(f"{said}: {commands.up}")
            raise StackError(
                f"Stack {self.name} pins no version of {model.name} yet.\n"
                f"Name one ({commands.model_ops('versions')} lists them), or pin one: {commands.model_ops('pin', 'N')}"
            )
        return model.pinned_version


def each_stack(project: Path) -> tuple[str, ...]:
    """Name every stack that has a file in `project`; a sandbox's own home has the local one."""
    of_sandbox = {LOCAL} if (project / ENGINE_FILE).exists() else set()
    return tuple(sorted({*stack_names(project), *of_sandbox}))


def _how(outputs: Path) -> str:
    return f"Write it with: pulumi stack output --json --stack NAME > {outputs}"
