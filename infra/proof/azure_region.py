"""Refuses a region in which Azure has no Databricks: a mistyped one is refused half-way else, after the group."""

from __future__ import annotations

from infra.proof.azure_api import AzureApi, SilentError
from infra.settings.create_schema import Create
from infra.settings.mistake import SettingsError, told
from infra.settings.nearest_word import nearest
from model_ops.commands import Commands

PROVIDER, VERSION = "/providers/Microsoft.Databricks", "2021-04-01"


def confirm(create: Create, azure: AzureApi, commands: Commands) -> None:
    """Raise SettingsError where Azure says that workspaces cannot be in the region."""
    try:
        known = regions(azure)
    except SilentError:
        return
    if not known or create.location in known:
        return
    meant = nearest(create.location, known)
    mend = f"write `location: {meant}`" if meant else "write another region"
    refusal = told(
        "  rollpin:platform.create.location",
        f"`{create.location}`, where Azure has no Databricks",
        "a region with Azure Databricks, and with model serving "
        "(https://learn.microsoft.com/azure/databricks/resources/feature-region-support)",
        f"in {commands.file}, {mend}; all of them: {', '.join(sorted(known))}",
    )
    raise SettingsError(f"{commands.file} names a region that cannot be. No resource was touched.\n{refusal}")


def regions(azure: AzureApi) -> frozenset[str]:
    """Where workspaces can be, as settings name regions; raises SilentError."""
    types = azure.ask(PROVIDER, VERSION).get("resourceTypes") or ()
    places = next((each.get("locations") or () for each in types if each.get("resourceType") == "workspaces"), ())
    return frozenset(str(each).lower().replace(" ", "") for each in places)
