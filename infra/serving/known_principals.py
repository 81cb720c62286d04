"""Refuses a file that names who does not exist: the `up` would fail at their rights, with half of the stack made.

Whom the last run named is not looked up again, so that a pin that changes asks nothing here. Where whoever asks may not
see others, nobody is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from infra.access import access_lists
from infra.access.named_principals import NamedPrincipal, named
from infra.proof.directory import IN_ACCOUNT, Directory
from infra.proof.workspace_api import WorkspaceApi
from infra.settings.mistake import SettingsError, told
from infra.settings.nearest_word import nearest
from infra.settings.schema import Settings
from model_ops.commands import Commands

CALLED = {"group_name": "group", "user_name": "user", "service_principal_name": "service principal"}


def confirm(settings: Settings, before: Collection[str], api: WorkspaceApi, commands: Commands) -> None:
    """Raise SettingsError with everybody new whom the workspace does not know, and whom this stack does not let in."""
    directory = Directory(api)
    create = settings.platform.create if settings.platform else None
    known = frozenset(before) | (create.introduced if create else frozenset())
    new = [each for name, each in named(settings).items() if name not in known]
    lacking = [refusal for each in new for refusal in _refusals(each, directory, api.address, commands)]
    if lacking:
        head = f"{commands.file} names who is not there. No resource was touched."
        raise SettingsError("\n".join([head, *lacking]))


def _refusals(each: NamedPrincipal, directory: Directory, address: str, commands: Commands) -> Iterator[str]:
    kind = access_lists.kind(each.name)
    if directory.has(kind, each.name) is not False or not directory.shows(kind):
        return
    in_account = directory.has(kind, each.name, IN_ACCOUNT)
    if in_account is False or each.in_workspace:
        called = CALLED[kind]
        found = f"`{each.name}`, a {called} that {address} does not know"
        found += ", though its account does" if in_account else ""
        yield told(
            f"  {each.setting}", found, f"a {called} that is there", *_mends(each.name, kind, directory, commands)
        )


def _mends(name: str, kind: access_lists.Kind, directory: Directory, commands: Commands) -> Iterator[str]:
    meant = nearest(name, directory.groups()) if kind == "group_name" else ""
    if meant:
        yield f"in {commands.file}, write `{meant}` instead"
    yield f"{'or ' * bool(meant)}have an administrator add it to the workspace; on Azure it comes from Entra"
