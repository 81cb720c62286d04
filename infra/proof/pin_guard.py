"""Refuses a stack that pins versions which cannot be served, before any of its resources is registered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from infra.proof.workspace_api import UnansweredError
from infra.settings.mistake import SettingsError, told
from infra.settings.schema import Model, Settings
from model_ops.commands import Commands
from model_ops.served import Endpoint, serving

READY = "READY"
SHOWN = 10
"""As many of the READY versions are named, the latest ones."""


@dataclass(frozen=True, kw_only=True)
class ModelVersion:
    """One version in the registry; only a READY one serves."""

    version: int
    status: str
    run_id: str | None


class NoSuchModelError(Exception):
    """The registry has no such model, so no version of it yet; the message is the registry's."""


class NoSuchSchemaError(Exception):
    """The registry has no such catalog, or no such schema in it; the message is the registry's."""


class RegistryError(Exception):
    """The registry could not be asked; the message says why."""


Ask = Callable[[str, Sequence[int]], Sequence[ModelVersion]]
"""Gives the versions of a registered model by its full name, those of the given numbers among them if they exist.

Raises NoSuchModelError, NoSuchSchemaError, RegistryError.
"""


AskEndpoint = Callable[[str], Endpoint | None]
"""Gives the endpoint of a name as the REST API sends it, None if there is none; raises UnansweredError."""


def confirm(
    settings: Settings, commands: Commands, address: str | None, ask: Ask, endpoint: AskEndpoint
) -> Mapping[str, str | None]:
    """Look up every version that the stack deploys; return the pins' run ids by model.

    Raises SettingsError that names all refused versions at once, what is READY instead, and what to type. What serves
    is asked only where a pin is refused: it is the first to propose.
    """
    refused: list[str] = []
    runs: dict[str, str | None] = {}
    for name, model in settings.models.items():
        if not model.deployed:
            continue
        named = commands.among(name, settings.models)
        pins = _Pins(name, model, named, endpoint)
        try:
            found = {each.version: each for each in pins.look_up(address, ask)}
        except SettingsError as error:
            refused.append(str(error))
            continue
        refused += pins.refusals(found)
        if model.served_version in found:
            runs[name] = found[model.served_version].run_id
    if refused:
        head = f"{commands.file} pins what cannot be served. No resource was touched."
        raise SettingsError("\n".join([head, *refused]))
    return runs


@dataclass(frozen=True)
class _Pins:
    """The versions that one model of a stack deploys."""

    name: str
    model: Model
    commands: Commands
    endpoint: AskEndpoint

    @property
    def full_name(self) -> str:
        return self.model.full_name(self.name)

    def look_up(self, address: str | None, ask: Ask) -> Sequence[ModelVersion]:
        """The versions that there are; raises SettingsError where that cannot be told."""
        if address is None:
            raise SettingsError(self._nowhere())
        try:
            return ask(self.full_name, self.model.deployed)
        except NoSuchModelError as error:
            found = f"no version of {self.full_name}; {address} says: {error}"
            raise SettingsError(
                self._refusal(found, "a version that exists and is READY", self._three_steps())
            ) from None
        except NoSuchSchemaError as error:
            raise SettingsError(self._homeless(address, error)) from None
        except RegistryError as error:
            raise SettingsError(self._unanswered(address, error)) from None

    def refusals(self, found: Mapping[int, ModelVersion]) -> Iterator[str]:
        """Each version that cannot be served, with those that can."""
        ready = sorted(version for version, each in found.items() if each.status == READY)
        for version, key in self._keys().items():
            if version in ready:
                continue
            what = f"which is {found[version].status}" if version in found else "which does not exist"
            allowed, mends = "a version that is READY; there is none", [self._three_steps()]
            if ready:
                allowed, mends = f"a version that is READY: {_listed(ready)}", self._mends(key, ready)
            yield self._refusal(f"version {version} of {self.full_name}, {what}", allowed, *mends, key=key)

    def _mends(self, key: str, ready: Sequence[int]) -> list[str]:
        """Propose what serves, then what was proven to serve: that a version is READY does not say that it loads."""
        if key != "servedVersion":
            name, path = key.partition(".")[0].partition("[")[0], self._path(key)
            out = f"remove `{name}` of {self.name}" if name == "canary" else f"take it out of `{name}` of {self.name}"
            return [f"in {self.commands.file}, {out}, or write another of these at {path}"]
        write = f"in {self.commands.file}, write"
        proven = f"which of these were proven to serve: {self.commands.model_ops('history')}"
        serves = [version for version in self._serving() if version in ready]
        if not serves:
            return [f"{write} one that was proven to serve at {self._path(key)}; {proven}"]
        return [f"{write} `{serves[0]}`, which serves now, at {self._path(key)}", proven]

    def _serving(self) -> tuple[int, ...]:
        try:
            return serving(self.endpoint(self.model.endpoint_name(self.name)), self.full_name)
        except UnansweredError:
            return ()

    def _keys(self) -> Mapping[int, str]:
        """Every version to deploy with the key that names it first."""
        keys = {version: f"warmVersions[{index}]" for index, version in enumerate(self.model.warm_versions)}
        if self.model.canary:
            keys |= {self.model.canary.version: "canary.version"}
        if self.model.served_version is not None:
            keys |= {self.model.served_version: "servedVersion"}
        return dict(sorted(keys.items()))

    def _nowhere(self) -> str:
        return self._refusal(
            "a pin, in a stack whose workspace is yet to be created: there is no DATABRICKS_HOST to look it up at",
            "no pin before the first up, or the workspace's address in DATABRICKS_HOST",
            "if the workspace is there: "
            f"export DATABRICKS_HOST=$(pulumi stack output workspace_url --stack {self.commands.stack})",
            f"if it is not: {self._three_steps()}",
        )

    def _homeless(self, address: str, error: NoSuchSchemaError) -> str:
        return self._refusal(
            f"no version of {self.full_name}; {address} says: {error}",
            "a version that exists and is READY, in a catalog and a schema that exist",
            f"if the name is mistaken: in {self.commands.file}, write the right `catalog` and `schema` for {self.name}",
            f"if the environment is new: {self._three_steps()}",
        )

    def _unanswered(self, address: str, error: RegistryError) -> str:
        return self._refusal(
            f"no answer about {self.full_name} from {address}: {error}",
            "a workspace that answers, for a pin is looked up before anything else",
            "see that it answers, and that DATABRICKS_TOKEN (or ARM_*) is good there: "
            f"databricks model-versions list {self.full_name}",
            f"if it is not there yet: {self._three_steps()}",
        )

    def _three_steps(self) -> str:
        """How a new environment gets its first version."""
        file, up = self.commands.file, self.commands.up
        return (
            f"in three steps: (1) remove servedVersion, warmVersions and canary of {self.name} from {file}, "
            f"then: {up}; "
            f"(2) train, which registers version 1 of {self.full_name} (docs/your-own-model.md); "
            f"(3) write `servedVersion: 1` for {self.name} in {file}, then: {up}"
        )

    def _refusal(self, found: str, allowed: str, *mends: str, key: str = "servedVersion") -> str:
        return told(f"  {self._path(key)}", found, allowed, *mends)

    def _path(self, key: str) -> str:
        return f"rollpin:models.{self.name}.{key}"


def _listed(versions: Sequence[int]) -> str:
    earlier = len(versions) - SHOWN
    return f"{', '.join(map(str, versions[-SHOWN:]))}{f' and {earlier} earlier ones' if earlier > 0 else ''}"
