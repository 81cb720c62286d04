"""Asks the workspace what the versions that a stack deploys declare to use: it stands in their MLmodel files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from infra.proof.workspace_api import UnansweredError
from infra.settings.mistake import SettingsError, told
from infra.settings.schema import Model, Settings
from model_ops.commands import Commands
from model_ops.versions.resources import Declared, Resource, read_resources

Read = Callable[[str], str]
"""Gives the text of a file of the workspace; raises UnansweredError: `WorkspaceApi.text`."""


def find(settings: Settings, commands: Commands, read: Read) -> Mapping[str, tuple[Resource, ...]]:
    """What each model's deployed versions declare, of those whose servers are to get grants on it.

    Raises SettingsError where the workspace does not say.
    """
    asking = {name: model for name, model in settings.models.items() if model.access.resources}
    return {
        name: tuple(dict.fromkeys(_declared(name, model, commands.among(name, settings.models), read)))
        for name, model in asking.items()
    }


def _declared(name: str, model: Model, commands: Commands, read: Read) -> Iterator[Resource]:
    for version in model.deployed:
        try:
            found = declared(model.full_name(name), version, read)
        except (UnansweredError, ValueError) as error:
            raise _unknown(name, model, version, str(error), commands) from None
        if found.problem:
            raise _unknown(name, model, version, found.problem, commands)
        yield from found.resources


def declared(full_name: str, version: int, read: Read) -> Declared:
    """What a version of a registered model declares; raises UnansweredError, and ValueError where its file is none."""
    path = f"/Models/{full_name.replace('.', '/')}/{version}/MLmodel"
    return read_resources(_parsed(read(f"/api/2.0/fs/files{quote(path)}")))


def _parsed(text: str) -> Mapping[str, Any]:
    """Read an MLmodel file; raises ValueError."""
    try:
        found = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, RecursionError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"its MLmodel file is no YAML: {type(error).__name__}") from None
    if not isinstance(found, dict):
        raise ValueError("its MLmodel file is no mapping")
    return found


def _unknown(name: str, model: Model, version: int, why: str, commands: Commands) -> SettingsError:
    refusal = told(
        f"  rollpin:models.{name}.access.resources",
        f"no answer to what version {version} of {model.full_name(name)} uses: {why}",
        "versions that say what they use, in a file that whoever runs this may read",
        f"see it: {commands.model_ops('show', version)}",
        f"or remove `resources` of {name} in {commands.file}, and give the grants that are named by: "
        f"{commands.model_ops('check', '--pin', version)}",
    )
    return SettingsError(f"{commands.file} asks for grants on what is not known. No resource was touched.\n{refusal}")
