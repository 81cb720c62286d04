"""Refuses a metastore that the account does not have, or has in another region, before a platform is made for it.

Azure would make nine resources first. Whoever may not ask the account is not told; then the provider says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra import naming
from infra.proof.workspace_api import UnansweredError, WorkspaceApi
from infra.proof.workspace_there import NoSuchNameError, reach
from infra.settings.create_schema import Create
from infra.settings.mistake import SettingsError, told
from model_ops.commands import Commands

PATIENCE = 10
"""Seconds in which the account must answer: nothing depends on it."""


def confirm(create: Create, commands: Commands) -> None:
    """Raise SettingsError where the account says that it has no such metastore, or that it is of another region."""
    if not create.account_id:
        return
    try:
        reach(naming.ACCOUNT)
        found = metastores(WorkspaceApi(naming.ACCOUNT, None, PATIENCE), create.account_id)
    except (NoSuchNameError, UnansweredError, OSError):
        return
    mine = found.get(create.metastore_id)
    if mine is None or mine.get("region", create.location) != create.location:
        raise SettingsError(_refusal(create, mine, found, commands))


def metastores(api: WorkspaceApi, account_id: str) -> Mapping[str, Mapping[str, Any]]:
    """Each metastore of an account by its id; raises UnansweredError."""
    # https://docs.databricks.com/api/azure/account/accountmetastores/list
    listed = api.ask(f"/api/2.0/accounts/{account_id}/metastores").get("metastores") or ()
    return {str(each.get("metastore_id")): each for each in listed}


def _refusal(
    create: Create, mine: Mapping[str, Any] | None, found: Mapping[str, Mapping[str, Any]], commands: Commands
) -> str:
    here = sorted(known for known, each in found.items() if each.get("region") == create.location)
    known = "which the account does not have" if mine is None else f"which is of the region {mine.get('region')}"
    mend = "have an administrator of the account make one for the region: https://accounts.azuredatabricks.net"
    if here:
        mend = f"in {commands.file}, write `metastoreId: {here[0]}`, which is that of {create.location}"
    said = told(
        "  rollpin:platform.create.metastoreId",
        f"`{create.metastore_id}`, {known}",
        f"the metastore of {create.location}: a workspace is joined to that of its own region alone",
        mend,
    )
    head = (
        f"{commands.file} names a metastore that no workspace of {create.location} can have. No resource was touched."
    )
    return f"{head}\n{said}"
