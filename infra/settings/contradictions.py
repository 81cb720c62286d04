"""Finds settings that are each allowed, but not together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from infra.settings.location import Location, dotted, in_file
from infra.settings.mistake import Mistake
from infra.settings.schema import Model
from infra.settings.stack_file import StackFile

MOST_ENTITIES = 15
"""How many served entities Databricks lets an endpoint have."""


def mistakes(file: StackFile, platform: Any, models: Mapping[str, Model], stack: str) -> Iterator[Mistake]:
    """Find contradictions in the platform as read, within each model, and between the models."""
    finder = _Finder(file)
    if isinstance(platform, dict):
        yield from finder.platform(platform)
    for name, model in models.items():
        yield from finder.pins(name, model)
        yield from finder.repeated(name, model)
        yield from finder.creation(name, model)
    yield from finder.shared("endpoint", {name: model.endpoint_name(name) for name, model in models.items()})
    yield from finder.shared("experiment", {name: model.experiment_name(stack, name) for name, model in models.items()})
    yield from finder.disagreeing(models)


class _Finder:
    def __init__(self, file: StackFile) -> None:
        self.file = file

    def platform(self, platform: Mapping[str, Any]) -> Iterator[Mistake]:
        """Either a workspace that exists or one to create."""
        line = self.file.place(in_file(("platform",))).line
        if {"adopt", "create"} <= platform.keys():
            lines = [self.file.place(in_file(("platform", key))).line for key in ("adopt", "create")]
            yield Mistake(
                line=line,
                key="rollpin:platform",
                found="`adopt` and `create` together",
                allowed="one of them: `adopt` takes a workspace that exists, `create` makes one",
                mend=f"remove `adopt:` at line {lines[0]} or `create:` at line {lines[1]}, with all below it",
            )
        elif not platform:
            yield Mistake(
                line=line,
                key="rollpin:platform",
                found="neither `adopt` nor `create`",
                allowed="one of them: `adopt` takes a workspace that exists, `create` makes one",
                mend=f"below line {line}, add `adopt: {{host: …, resourceId: …}}`",
            )

    def pins(self, name: str, model: Model) -> Iterator[Mistake]:
        """A canary and warm versions stand beside a pin, and a canary is another version than the pin."""
        if model.served_version is None:
            for key, used in (("canary", model.canary), ("warmVersions", model.warm_versions)):
                if used:
                    allowed = f"`{key}` beside `servedVersion`, which takes the traffic"
                    mend = "above line {line}, add `servedVersion:` with the version that serves, or remove line {line}"
                    yield self._at(("models", name, key), "no `servedVersion` beside it", allowed, mend)
        elif model.canary and model.canary.version == model.served_version:
            pin = model.served_version
            found, allowed = f"version {pin}, which is the pin itself", "another version than `servedVersion`"
            mend = f"remove the canary, version {pin} has all of the traffic; or write another version at line {{line}}"
            yield self._at(("models", name, "canary", "version"), found, allowed, mend)
        if len(model.versions) > MOST_ENTITIES:
            found = f"{len(model.versions)} versions to deploy, with the pin and the canary"
            allowed = f"at most {MOST_ENTITIES} served entities on one endpoint"
            mend = f"at line {{line}}, remove {len(model.versions) - MOST_ENTITIES} of them"
            yield self._at(("models", name, "warmVersions"), found, allowed, mend)

    def repeated(self, name: str, model: Model) -> Iterator[Mistake]:
        """A list names each thing once."""
        lists: dict[Location, Iterable[Any]] = {("warmVersions",): model.warm_versions}
        for key in ("query", "manage", "execute"):
            lists["access", key] = [principal.casefold() for principal in getattr(model.access, key)]
        for location, items in lists.items():
            for item, count in Counter(items).items():
                if count > 1:
                    found, mend = f"`{item}`, {count} times", f"at line {{line}}, write `{item}` once"
                    yield self._at(("models", name, *location), found, "each of them once", mend)

    def creation(self, name: str, model: Model) -> Iterator[Mistake]:
        """A catalog that is yet to be created has no schema to use."""
        if model.create_catalog and not model.create_schema:
            found, allowed = "`false`, in a catalog that this stack creates", "`true` where `createCatalog` is true"
            yield self._at(("models", name, "createSchema"), found, allowed, "at line {line}, write `true`")

    def shared(self, noun: str, names: Mapping[str, str]) -> Iterator[Mistake]:
        """Two models have two endpoints, and two experiments."""
        for value, count in Counter(name.casefold() for name in names.values()).items():
            if count > 1:
                owners = [model for model, name in names.items() if name.casefold() == value]
                location = ("models", owners[-1], noun, "name")
                found = f"`{names[owners[-1]]}`, which models {' and '.join(owners)} share"
                mend = f"near line {{line}}, give {owners[-1]} `{noun}: {{name: {names[owners[-1]]}-2}}`"
                yield self._at(location, found, f"one {noun} for each model", mend)

    def disagreeing(self, models: Mapping[str, Model]) -> Iterator[Mistake]:
        """Models of one catalog agree on who creates it; so do those of one schema."""
        catalogs = ((name, "createCatalog", (m.catalog,), m.create_catalog) for name, m in models.items())
        schemas = ((name, "createSchema", (m.catalog, m.schema_name), m.create_schema) for name, m in models.items())
        first: dict[tuple[str, tuple[str, ...]], tuple[str, bool]] = {}
        for name, key, place, created in chain(catalogs, schemas):
            other, said = first.setdefault((key, place), (name, created))
            if said != created:
                found = (
                    f"`{str(created).lower()}`, but `{str(said).lower()}` for model {other}, also in {'.'.join(place)}"
                )
                mend = f"near line {{line}}, write `{key}: {str(said).lower()}`, or change it for {other}"
                yield self._at(("models", name, key), found, "the same for all models in it", mend)

    def _at(self, location: Location, found: str, allowed: str, mend: str) -> Mistake:
        line = self.file.place(in_file(location)).line
        return Mistake(
            line=line,
            key=dotted(in_file(location)),
            found=found,
            allowed=allowed,
            mend=mend.replace("{line}", str(line)),
        )
