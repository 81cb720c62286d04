"""The Azure CLI, run as a process: the only module here that reaches Azure.

No secret goes to it, and none comes from it: what it answers is read as JSON, and of a failure its last words are told.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from model_ops.errors import AzureError, ForbiddenError, UnsignedError

PATIENCE = 900
"""Seconds; a resource provider takes minutes to be registered."""
NOT_FOUND = 3
"""What `az` exits with where there is nothing of that name."""
INSTALL = "Install it: https://learn.microsoft.com/cli/azure/install-azure-cli"
ABSENT = re.compile(r"\b(?:ResourceNotFound|ResourceGroupNotFound|ContainerNotFound|KeyNotFound|Not Found)\b")
UNSIGNED = re.compile(r"az login|AADSTS\d+|No subscriptions? found", re.IGNORECASE)
FORBIDDEN = re.compile(
    r"\b(?:AuthorizationFailed|AuthorizationPermissionMismatch|Authorization_RequestDenied|Forbidden|ForbiddenByRbac)\b"
    r"|Insufficient privileges|does not have authorization|required permissions",
    re.IGNORECASE,
)
QUIET = ("--output", "json", "--only-show-errors")
SILENT = {"AZURE_EXTENSION_USE_DYNAMIC_INSTALL": "no", "AZURE_CORE_NO_COLOR": "true"}
WORDS_TOLD = 600
"""Characters of what a failing command said: Azure's answers can be pages."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """Who is signed in, and to what."""

    tenant: str
    subscription_name: str
    user: str


@dataclass(frozen=True)
class AzureCli:
    """The `az` at a path."""

    program: str

    @classmethod
    def find(cls) -> AzureCli:
        """The one on the PATH; raises AzureError where there is none."""
        if found := shutil.which("az"):
            return cls(found)
        raise AzureError(f"There is no Azure CLI: no `az` on the PATH. {INSTALL}")

    def account(self, subscription: str) -> Account:
        """Who is signed in, for a subscription.

        Raises UnsignedError, and AzureError where they cannot see it, or are in another tenant than it is: `az ad` and
        `az rest` take no subscription, and would make the identities there.
        """
        words = ("account", "show", "--subscription", subscription)
        done = self._run(words)
        if done.returncode and not UNSIGNED.search(done.stderr):
            raise AzureError(
                f"Whoever is signed in cannot see the subscription {subscription}.\n"
                "See which they can: az account list --output table; or sign in to its tenant: az login --tenant TENANT"
            )
        answer, active = self._answer(words, done), self.act(("account", "show"))
        if active.get("tenantId") != answer.get("tenantId"):
            raise AzureError(
                f"The Azure CLI is set to the tenant {active.get('tenantId')}, and the subscription {subscription} is "
                f"in {answer.get('tenantId')}.\nSwitch to it: az account set --subscription {subscription}"
            )
        user = answer.get("user") or {}
        return Account(
            tenant=str(answer.get("tenantId") or ""),
            subscription_name=str(answer.get("name") or ""),
            user=str(user.get("name") or "somebody"),
        )

    def look(self, words: Sequence[str]) -> Any:
        """Ask what is there; None where there is nothing. Raises AzureError."""
        done = self._run(words)
        if done.returncode == NOT_FOUND or (done.returncode and ABSENT.search(done.stderr)):
            return None
        return self._answer(words, done)

    def act(self, words: Sequence[str]) -> Any:
        """Do something, and give what it answers; raises AzureError where it fails."""
        return self._answer(words, self._run(words))

    def _run(self, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(
                [self.program, *words, *QUIET],
                env={**os.environ, **SILENT},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
                timeout=PATIENCE,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise AzureError(f"`az {_name(words)}` cannot be run: {error}\nRun this again.") from None

    def _answer(self, words: Sequence[str], done: subprocess.CompletedProcess[str]) -> Any:
        if done.returncode:
            raise _failure(words, done.stderr)
        try:
            return json.loads(done.stdout) if done.stdout.strip() else {}
        except ValueError:
            raise AzureError(f"`az {_name(words)}` answers with something else than JSON. Look: az version") from None


def _failure(words: Sequence[str], said: str) -> AzureError:
    what = f"`az {_name(words)}`"
    if FORBIDDEN.search(said):
        return ForbiddenError(f"{what} is refused: whoever is signed in lacks a role for it. Azure says: {_told(said)}")
    if UNSIGNED.search(said):
        return UnsignedError(
            f"Nobody is signed in to the Azure CLI, or no more. Sign in: az login\nIt says: {_told(said)}"
        )
    return AzureError(f"{what} fails: {_told(said)}")


def _told(said: str) -> str:
    """The last words of a command, in one line; warnings come before them."""
    _, _, last = said.strip().rpartition("ERROR: ")
    line = " ".join(last.split()) or "nothing"
    return line if len(line) <= WORDS_TOLD else f"{line[:WORDS_TOLD]} …"


def _name(words: Sequence[str]) -> str:
    """The command without its options."""
    named = (index for index, word in enumerate(words) if word.startswith("-"))
    return " ".join(words[: next(named, len(words))])
