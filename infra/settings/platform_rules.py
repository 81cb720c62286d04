"""The words that a platform's settings may use, beside those of every stack in `value_rules`."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from infra.settings.value_rules import Rule

ACCOUNT = Rule(
    "the id of the Databricks account, which https://accounts.azuredatabricks.net shows at its top right",
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    str.lower,
)
DESTINATION = Rule(
    "the name of a host, as in `pypi.org`: no address, port, path or `*`",
    r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]",
    lambda value: value.strip().lower().removeprefix("https://").removeprefix("*.").partition("/")[0],
)
GROUP = r"/subscriptions/[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/resourceGroups/[\w().-]{1,90}"
VIRTUAL_NETWORK = Rule(
    "a virtual network's resource id, as in `/subscriptions/<id>/resourceGroups/<name>"
    "/providers/Microsoft.Network/virtualNetworks/<name>`",
    rf"{GROUP}/providers/Microsoft\.Network/virtualNetworks/[A-Za-z0-9][\w.-]{{1,63}}",
    lambda value: value.strip().rstrip("/"),
)
RESOURCE_GROUP_ID = Rule(
    "a resource group's id, as in `/subscriptions/<id>/resourceGroups/<name>`",
    GROUP,
    lambda value: value.strip().rstrip("/"),
)
KEY_VAULT_NAME = Rule(
    "a Key Vault's name, unique in all of Azure: 3 to 24 letters, digits and single `-`, the first a letter, "
    "the last no `-`",
    r"(?=.{3,24}$)[A-Za-z](?:-?[A-Za-z0-9])+",
    lambda value: re.sub(r"-+", "-", re.sub(r"[^A-Za-z0-9]", "-", value.strip()))[:24].strip("-"),
)
ENTRA_OBJECT = Rule(
    "the object id of Databricks' application in your directory: "
    "az ad sp show --id 2ff814a6-3304-4ab8-85cb-cd0e6f879c1d --query id --output tsv",
    # The application's own id is the same in each directory, and no role can be given to it.
    r"(?!2ff814a6-)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    str.lower,
)
APPLICATION = Rule(
    "the application id of a service principal: az ad sp list --display-name NAME --query [].appId --output tsv",
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    str.lower,
)
IDENTITY_NAME = Rule(
    "a service principal's name: at most 64 letters, digits, `-`, `_` and `.`",
    r"[A-Za-z0-9][\w.-]{0,63}",
    lambda value: re.sub(r"[^\w.-]+", "-", value.strip())[:64],
)
GROUP_NAME = Rule(
    "the name of a group in Entra; not `users` or `admins`, which each workspace has by itself",
    r"(?!(?:admins|users)$)[^\x00-\x1f\x7f\s@](?:[^\x00-\x1f\x7f@]{0,253}[^\x00-\x1f\x7f\s@])?",
    str.strip,
)
GROUP_OBJECT = Rule(
    "the object id of a group in Entra: az ad group show --group NAME --query id --output tsv",
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    str.lower,
)
SUBJECT = Rule(
    "one job's subject: `repo:<owner>/<name>:environment:<environment>` of GitHub, or that of a service connection "
    "in Azure DevOps, `sc://…` or `/eid1/…`; no `*`, no branch",
    r"repo:[\w.-]+(?:@\d+)?/[\w.-]+(?:@\d+)?:environment:[\w.-]+|sc://[^/*]+/[^/*]+/[^/*]+|/eid1/[\w/=+-]+",
    str.strip,
)
ISSUER = Rule(
    "an issuer's address, as in `https://token.actions.githubusercontent.com`",
    r"https://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[\w.-]+)*",
    lambda value: value.strip().rstrip("/"),
)
MONTH = Rule("a month, as in `2026-12`", r"20[0-9]{2}-(?:0[1-9]|1[0-2])", lambda value: value.strip()[:7])

AccountId = Annotated[str, AfterValidator(ACCOUNT)]
Destination = Annotated[str, AfterValidator(DESTINATION)]
VirtualNetworkId = Annotated[str, AfterValidator(VIRTUAL_NETWORK)]
ResourceGroupId = Annotated[str, AfterValidator(RESOURCE_GROUP_ID)]
KeyVaultName = Annotated[str, AfterValidator(KEY_VAULT_NAME)]
EntraObject = Annotated[str, AfterValidator(ENTRA_OBJECT)]
ApplicationId = Annotated[str, AfterValidator(APPLICATION)]
GroupName = Annotated[str, AfterValidator(GROUP_NAME)]
ObjectId = Annotated[str, AfterValidator(GROUP_OBJECT)]
IdentityName = Annotated[str, AfterValidator(IDENTITY_NAME)]
Subject = Annotated[str, AfterValidator(SUBJECT)]
Issuer = Annotated[str, AfterValidator(ISSUER)]
Month = Annotated[str, AfterValidator(MONTH)]
