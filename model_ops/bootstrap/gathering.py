"""Gathers what a bootstrap must know: from options, the stack's file, Pulumi.yaml and git's remote, in that order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model_ops.bootstrap import repository
from model_ops.bootstrap.facts import Facts
from model_ops.bootstrap.files import from_files, of_all_stacks, sharing
from model_ops.bootstrap.repository import AzureDevOpsProject, Repository
from model_ops.errors import BootstrapError, GitError
from model_ops.git.command import Git
from model_ops.pinning.in_force import read_settings
from model_ops.stack import LOCAL

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
SHAPES: Mapping[str, tuple[re.Pattern[str], str]] = {
    "subscription": (ID, "a subscription's id, as in 11111111-2222-3333-4444-555555555555"),
    "account_id": (ID, "the Databricks account's id, as in 11111111-2222-3333-4444-555555555555"),
    "location": (re.compile(r"[a-z0-9]{2,40}"), "a region as Azure spells it, as in westeurope"),
    "resource_group": (re.compile(r"[\w.()-]{0,89}[\w()-]"), "at most 90 letters, digits and _ - . ( )"),
    "account": (re.compile(r"[a-z0-9]{3,24}"), "3 to 24 lower-case letters and digits"),
    "container": (re.compile(r"[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){2,62}"), "3 to 63 lower-case letters, digits and -"),
    "vault": (re.compile(r"[A-Za-z](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){2,23}"), "3 to 24 letters, digits and -"),
    "application": (re.compile(r"[A-Za-z0-9][\w.-]{0,99}"), "at most 100 letters, digits and _ - ."),
    "key": (re.compile(r"[A-Za-z0-9-]{1,127}"), "at most 127 letters, digits and -"),
}
"""What each may be, and how that is said. https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"""
OPTIONS = {
    "account": "--storage-account",
    "account_id": "--databricks-account",
    "vault": "--key-vault",
}
"""How an option is called where its name is not the fact's."""
ALWAYS = ("Microsoft.Databricks",)
OF_A_PART = {
    "network.addressSpace": ("Microsoft.Network",),
    "logDays": ("Microsoft.OperationalInsights", "Microsoft.Insights"),
    "budget.amount": ("Microsoft.Consumption",),
    "customerManagedKeys.keyVault": ("Microsoft.ManagedIdentity",),
}
"""Azure's resource providers, by the setting of a platform that needs them."""


@dataclass(frozen=True)
class Lack:
    """Something that is not known, and the option that says it."""

    what: str
    option: str


def gather(stack: str, project: Path, given: Mapping[str, str], *, serving: bool, making: bool) -> Facts:
    """Gather the facts; `given` are options by the name of the fact, and `making` says whether anything is to be made.

    Raises StackError or PinError where the stack's file is none, and BootstrapError with all that is lacking or wrong.
    """
    _require_cloud(stack)
    read = (each for each in read_settings(stack, project) if each.model is None)
    settings = {each.setting.removeprefix("rollpin:"): each.value for each in read}
    written = from_files(stack, project, settings)
    known = _known(written, given)
    place = _place(known.pop("repository", ""), project)
    if serving and making:
        _require_two_sign_ins(place)
    lacks = tuple(_lacks(known, place, making=making))
    if lacks or place is None:
        raise _lacking(lacks, stack)
    _require_shapes(known)
    creates = settings.get("platform.create.location") is not None
    return Facts(
        stack=stack,
        repository=place,
        creates=creates,
        own_keys=settings.get("platform.create.customerManagedKeys.keyVault") is not None,
        providers=tuple(_providers(settings)) if creates else (),
        host=str(settings.get("platform.adopt.host") or ""),
        serving=serving,
        sharing=sharing(stack, project, written, known),
        **known,
    )


def _require_cloud(stack: str) -> None:
    if stack == LOCAL:
        raise BootstrapError(
            "The local stack needs nothing of Azure: its sandbox is its workspace. Name another: --stack NAME"
        )


def _known(written: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """What options say, then the files; an account of all stacks is in a resource group of all stacks."""
    known = {**written, **{name: value for name, value in given.items() if value}}
    if of_all_stacks("account", written, known):
        known.setdefault("resource_group", f"rg-{known['project']}-state")
    return known


def _remote(project: Path) -> str:
    try:
        return Git(project).text("remote", "get-url", "origin")
    except GitError:
        return ""


def _place(named: str, project: Path) -> Repository | None:
    """Who deploys; raises BootstrapError where somebody names what is none."""
    place = repository.read(named or _remote(project))
    if named and place is None:
        raise BootstrapError(
            f"--repository cannot be {named!r}. Allowed: OWNER/NAME, OWNER@ID/NAME@ID, an address on GitHub, or "
            "https://dev.azure.com/ORGANIZATION/PROJECT"
        )
    return place


def _require_two_sign_ins(place: Repository | None) -> None:
    if isinstance(place, AzureDevOpsProject):
        raise BootstrapError(
            "--serving is for GitHub: a pipeline of Azure DevOps has one connection for Azure and Databricks.\n"
            "Leave it out: the endpoint runs as who deploys"
        )


def _lacks(known: Mapping[str, str], place: Repository | None, *, making: bool) -> Iterator[Lack]:
    if not known.get("subscription"):
        yield Lack("the Azure subscription, which is asked by: az account list --output table", "--subscription ID")
    if making and not known.get("location"):
        yield Lack("the region that the state is to be in", "--location westeurope")
    if place is None:
        yield Lack(
            "the repository that deploys it, which the remote `origin` does not say",
            "--repository OWNER/NAME, or --repository https://dev.azure.com/ORGANIZATION/PROJECT",
        )


def _lacking(lacks: tuple[Lack, ...], stack: str) -> BootstrapError:
    listed = "\n".join(f"  {lack.what}: {lack.option}" for lack in lacks)
    return BootstrapError(
        f"It is not known of stack {stack}:\n{listed}\nSay it by these options; with make: ARGS='--option …'"
    )


def _require_shapes(known: Mapping[str, str]) -> None:
    for name, value in known.items():
        if name in SHAPES and not SHAPES[name][0].fullmatch(value):
            option = OPTIONS.get(name, f"--{name.replace('_', '-')}")
            raise BootstrapError(f"{option} cannot be {value!r}. Allowed: {SHAPES[name][1]}")


def _providers(settings: Mapping[str, Any]) -> Iterator[str]:
    yield from ALWAYS
    for setting, namespaces in OF_A_PART.items():
        if settings.get(f"platform.create.{setting}") is not None:
            yield from namespaces
