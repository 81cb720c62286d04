"""Refuses an address at which no workspace answers, or none that lets in whoever runs this, before anything else.

Its name is looked up once: of what comes after, each question that nobody answers is repeated for half a minute, and
told in the words of a library. Whether it lets somebody in is asked where it is the reason of a refusal, or nothing
else is asked of it.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass

from infra import naming
from infra.proof.workspace_api import ForeignError, RefusedError, UnansweredError, WorkspaceApi
from infra.settings.mistake import SettingsError, told
from infra.settings.schema import Settings
from model_ops.commands import Commands
from model_ops.example_values import EXAMPLE

LONGEST = 10.0
"""Seconds in which a connection must be there."""
NETWORK = "or, where a private link alone leads to it, run this in its network"


class NoSuchNameError(Exception):
    """Nobody has the name."""


@dataclass(frozen=True, kw_only=True)
class WorkspaceThere:
    """The workspace that a stack names, by `api`; `setting` is where it is named."""

    api: WorkspaceApi
    setting: str
    commands: Commands
    resource_id: str | None

    def reach(self) -> None:
        """Raise SettingsError where nobody answers at its address."""
        try:
            reach(self.api.address)
        except (NoSuchNameError, OSError) as error:
            if EXAMPLE.search(self.api.address):
                raise self._refusal("the example of the stack file", *self._filled_in()) from None
            if isinstance(error, NoSuchNameError):
                raise self._refusal("there is no such name", *self._mends()) from None
            raise self._silent(error) from None

    def enter(self) -> None:
        """Raise SettingsError where another than Databricks answers there, or nobody is let in."""
        try:
            self.api.me  # noqa: B018 - it asks
        except ForeignError:
            raise self._refusal("what answers there is not Databricks", *self._mends()) from None
        except RefusedError as error:
            raise self._locked(error) from None
        except UnansweredError as error:
            raise self._silent(error) from None

    def _filled_in(self) -> tuple[str, ...]:
        listed = 'az databricks workspace list --query "[].[workspaceUrl, id]" --output tsv'
        return (
            f"in {self.commands.file}, fill in what is marked FILL IN (docs/first-deploy.md)",
            f"your workspaces: {listed}",
        )

    def _mends(self) -> tuple[str, ...]:
        if self.resource_id is None:
            return f"at {self.setting}, give the workspace's own address, as Azure's portal shows it", NETWORK
        asked = f"az databricks workspace show --ids {self.resource_id} --query workspaceUrl --output tsv"
        return f"in {self.commands.file}, write `https://` and what this prints: {asked}", NETWORK

    def _silent(self, error: Exception) -> SettingsError:
        words = str(error).splitlines() or [type(error).__name__]
        again = f"see that this machine reaches it, then run it again: curl --head {self.api.address}"
        return self._refusal(f"it does not answer: {words[0]}", again, NETWORK)

    def _locked(self, error: RefusedError) -> SettingsError:
        return self._refusal(
            f"it does not let in whoever runs this: {error}",
            "sign in anew: az login, or a token that is good there in DATABRICKS_TOKEN",
            f"see who you are there: databricks current-user me --host {self.api.address}",
            allowed="somebody whom the workspace knows, with credentials that have not expired",
        )

    def _refusal(
        self, found: str, *mends: str, allowed: str = "the address of a workspace of Azure Databricks that answers"
    ) -> SettingsError:
        said = told(f"  {self.setting}", f"`{self.api.address}`: {found}", allowed, *mends)
        return SettingsError(
            f"{self.commands.file} names a workspace that cannot be asked. No resource was touched.\n{said}"
        )


def named(settings: Settings, api: WorkspaceApi, environment: Mapping[str, str], commands: Commands) -> WorkspaceThere:
    """The workspace at `api`'s address, with where that is named."""
    adopted = settings.platform.adopt if settings.platform else None
    setting = "DATABRICKS_HOST" if environment.get("DATABRICKS_HOST") else "rollpin:platform.create"
    return WorkspaceThere(
        api=api,
        setting="rollpin:platform.adopt.host" if adopted else setting,
        commands=commands,
        resource_id=adopted.resource_id if adopted else None,
    )


def is_gone(settings: Settings, address: str, environment: Mapping[str, str]) -> bool:
    """Whether it is the stack's own, and its name is gone: then it is made again."""
    if not (settings.platform and settings.platform.create) or environment.get("DATABRICKS_HOST"):
        return False
    try:
        reach(address)
    except NoSuchNameError:
        return True
    except OSError:
        return False
    return False


def reach(address: str) -> None:
    """Connect to an address once; raises NoSuchNameError, and OSError where nobody is there.

    What is beyond a proxy is left to whoever asks.
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    proxied = {parts.scheme, "all"} & getproxies_environment().keys() and not proxy_bypass(host)
    if proxied:
        return
    try:
        socket.create_connection((host, parts.port or (80 if parts.scheme == "http" else 443)), timeout=LONGEST).close()
    except socket.gaierror as error:
        if error.errno == socket.EAI_NONAME and _names_are_known():
            raise NoSuchNameError(host) from None
        raise OSError(f"its name cannot be looked up from here: {error.strerror}") from None


def _names_are_known() -> bool:
    """Whether this machine looks up names at all: on one without a network, none is known."""
    try:
        return bool(socket.getaddrinfo(urlsplit(naming.ACCOUNT).hostname, 443))
    except OSError:
        return False
