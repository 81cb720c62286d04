"""Finds settings that are each allowed, but not together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from infra.settings import endpoint_contradictions
from infra.settings.finder import Finder
from infra.settings.location import Location, in_file
from infra.settings.mend import Either, Mend
from infra.settings.mistake import Mistake
from infra.settings.platform_schema import ADOPT
from infra.settings.schema import Model
from infra.settings.stack_file import StackFile

MOST_ENTITIES = 15
"""How many served entities Databricks lets an endpoint have."""
REASONS = {
    "endpoint": "one endpoint for each model: what answers on an endpoint is versions of one model, so that a pin says "
    "which, and a rollback goes back to it",
    "experiment": "one experiment for each model, so that a version's run is found among its own",
}
MOST_ENDPOINT = 63
"""Characters of an endpoint's name."""


def mistakes(file: StackFile, platform: Any, models: Mapping[str, Model], stack: str) -> Iterator[Mistake]:
    """Find contradictions in the platform as read, within each model, and between the models."""
    finder = _Finder(file)
    if isinstance(platform, dict):
        yield from finder.platform(platform)
    yield from finder.itself(stack)
    of_models: list[Mistake] = []
    for name, model in models.items():
        yield from finder.pins(name, model)
        of_models += [*finder.lists(name, model), *finder.creation(name, model), *finder.resources(name, model)]
        of_models += finder.left_to_others(name, model)
        of_models += endpoint_contradictions.mistakes(file, name, model.endpoint)
        yield from finder.used_only(name, model)
    of_models += finder.table_readers(models)
    yield from _once(of_models)
    yield from finder.makers(models)
    yield from finder.shared("endpoint", {name: model.endpoint_name(name) for name, model in models.items()})
    trained = {name: model for name, model in models.items() if model.has_experiment}
    yield from finder.shared("experiment", {name: each.experiment_name(stack, name) for name, each in trained.items()})
    yield from finder.disagreeing(models)


class _Finder(Finder):
    def platform(self, platform: Mapping[str, Any]) -> Iterator[Mistake]:
        """Either a workspace that exists or one to create."""
        allowed = "one of them: `adopt` takes a workspace that exists, `create` makes one"
        if {"adopt", "create"} <= platform.keys():
            either = Either(first=self.remove(("platform", "adopt")), second=self.remove(("platform", "create")))
            yield self.at(("platform",), "`adopt` and `create` together", allowed, either)
        elif not platform:
            add = self.add(("platform", "adopt"), ADOPT)
            either = Either(first=add, second=self.remove(("platform",)))
            yield self.at(("platform",), "neither `adopt` nor `create`", allowed, either)

    def itself(self, stack: str) -> Iterator[Mistake]:
        """No stack is deployed after itself."""
        if self.file.config.get("rollpin:after") == stack:
            where = ("after",)
            yield self.at(where, f"`{stack}`, which is this stack", "another stack", self.remove(where))

    def pins(self, name: str, model: Model) -> Iterator[Mistake]:
        """A canary and warm versions stand beside a pin, and a canary is another version than the pin."""
        if model.served_version is None:
            yield from self._unpinned(name, model)
        elif model.canary and model.canary.version == model.served_version:
            pin, where = model.served_version, ("models", name, "canary")
            other = self.write((*where, "version"), str(pin + 1), "write another version")
            yield self.at(
                (*where, "version"),
                f"version {pin}, which is the pin itself",
                "another version than `servedVersion`",
                Either(first=self.remove(where), second=other),
            )
        if (more := len(model.versions) - MOST_ENTITIES) > 0:
            where = ("models", name, "warmVersions")
            fewer = list(dict.fromkeys(model.warm_versions))[: MOST_ENTITIES - 2]
            yield self.at(
                where,
                f"{len(model.versions)} versions to deploy, with the pin and the canary",
                f"at most {MOST_ENTITIES} served entities on one endpoint",
                self.write(where, str(fewer), f"remove {more} of them"),
            )

    def _unpinned(self, name: str, model: Model) -> Iterator[Mistake]:
        canary = model.canary.version if model.canary else None
        pin = next((version for version in (*model.warm_versions, 1, 2) if version != canary), 1)
        for key, used in (("canary", model.canary), ("warmVersions", model.warm_versions)):
            if used:
                where = ("models", name, key)
                add = self.add(("models", name, "servedVersion"), str(pin), ", or whichever version serves")
                allowed = f"`{key}` beside `servedVersion`, which takes the traffic"
                either = Either(first=add, second=self.remove(where))
                yield self.at(where, "no `servedVersion` beside it", allowed, either)

    def lists(self, name: str, model: Model) -> Iterator[Mistake]:
        """A list names each thing once."""
        lists: dict[Location, Iterable[Any]] = {("warmVersions",): model.warm_versions}
        lists |= {("access", key): items for key, items in model.access.lists.items()}
        for keys, items in lists.items():
            yield from self.repeated(self.source(("models", name, *keys)), items)

    def creation(self, name: str, model: Model) -> Iterator[Mistake]:
        """A catalog that is yet to be created has no schema to use."""
        if model.create_catalog and not model.create_schema:
            where: Location = ("models", name, "createSchema")
            if self.source(("models", name, "createCatalog"))[0] == "defaults":
                where = self.source(where)
            found, allowed = "`false`, in a catalog that this stack creates", "`true` where `createCatalog` is true"
            yield self.at(where, found, allowed, self.set(where, "true"))

    def resources(self, name: str, model: Model) -> Iterator[Mistake]:
        """Grants on what a model uses go to those who execute it."""
        if model.access.resources and not model.access.execute:
            where = self.source(("models", name, "access", "resources"))
            add = self.add((*where[:-1], "execute"), "[chatbot-serving]", ", or whoever serves it")
            allowed = "`execute` beside it, which names who gets the grants"
            yield self.at(where, "no `execute` beside it", allowed, Either(first=add, second=self.remove(where)))

    def used_only(self, name: str, model: Model) -> Iterator[Mistake]:
        """Of a model that is only used, its owner says the comment and the owner."""
        for key in ("comment", "owner"):
            where = ("models", name, key)
            if not model.create_model and in_file(where) in self.file.places:
                found, allowed = "a registered model that this stack only uses", f"`{key}` where `createModel` is true"
                yield self.at(where, found, allowed, self.remove(where))

    def left_to_others(self, name: str, model: Model) -> Iterator[Mistake]:
        """Who leaves the way to others gives none to a table's readers: that takes MANAGE on what is theirs."""
        if model.access.reach or model.create_catalog or not model.table_readers:
            return
        reading = self.source(("models", name, "endpoint", "gateway", "inferenceTable", "read"))
        found = f"readers of {'.'.join(model.table_schema)}, beside `reach: false`"
        allowed = "its readers where the way is given: `read` in the `access` of the platform stack's `catalogs`"
        reach = self.source(("models", name, "access", "reach"))
        yield self.at(reading, found, allowed, Either(first=self.remove(reading), second=self.remove(reach)))

    def makers(self, models: Mapping[str, Model]) -> Iterator[Mistake]:
        """Of the entries that serve one registered model, one alone creates it."""
        first: dict[str, str] = {}
        for name, model in models.items():
            if model.create_model and (maker := first.setdefault(model.full_name(name), name)) != name:
                where = ("models", name, "createModel")
                found = f"`true`, of {model.full_name(name)}, which model {maker} creates"
                allowed = "one entry that creates a registered model, and others that use it"
                yield self.at(where, found, allowed, self.set(where, "false"))

    def shared(self, noun: str, names: Mapping[str, str]) -> Iterator[Mistake]:
        """Two models have two endpoints, and two experiments."""
        owners: dict[str, list[str]] = {}
        for owner, name in names.items():
            owners.setdefault(name.casefold(), []).append(owner)
        taken = set(owners)
        for sharing in owners.values():
            for owner in sharing[1:]:
                free = _free(names[owner], taken)
                taken.add(free.casefold())
                found = f"`{names[owner]}`, which models {' and '.join(sharing)} share"
                mend = self._named(owner, noun, free)
                yield self.at(("models", owner, noun, "name"), found, REASONS[noun], mend)

    def table_readers(self, models: Mapping[str, Model]) -> Iterator[Mistake]:
        """Whoever reads an inference table reads its schema, and no other list may say who may use that."""
        catalogs = {model.catalog for model in models.values()}
        schemas = {(model.catalog, model.schema_name) for model in models.values()}
        for name, model in models.items():
            where = ("models", name, "endpoint", "gateway", "inferenceTable")
            if model.table_readers and (model.table_schema in schemas or model.table_schema[0] not in catalogs):
                own, reading = model.table_schema in schemas, self.source((*where, "read"))
                found = f"readers of {'.'.join(model.table_schema)}, {'which models are in' if own else 'in a catalog'}"
                found += "" if own else " that no model of the stack is in"
                allowed = "a schema for the tables alone, in a catalog of the stack's models"
                mend = Either(first=self.remove(reading), second=self.set(self.source((*where, "schema")), "inference"))
                if model.table_schema[0] not in catalogs:
                    mend = Either(first=mend.first, second=self.remove(self.source((*where, "catalog"))))
                yield self.at(reading, found, allowed, mend)

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
                # Never the other way round: that would have the stack delete, or create, what its other models are in.
                mend = self.set(("models", name, key), str(said).lower())
                yield self.at(("models", name, key), found, "the same for all models in it", mend)

    def _named(self, owner: str, noun: str, name: str) -> Mend:
        """Give the model's endpoint or experiment a name, whether it has settings or not."""
        where = ("models", owner, noun)
        if noun in self.file.keys(in_file(where[:2])):
            return self.set((*where, "name"), name)
        return self.add(where, f"{{name: {name}}}")


def _once(mistakes: Iterable[Mistake]) -> Iterable[Mistake]:
    """What several models have from the defaults is said once."""
    first: dict[tuple[int, str, str], Mistake] = {}
    for each in mistakes:
        first.setdefault((each.line, each.key, each.found), each)
    return first.values()


def _free(name: str, taken: set[str]) -> str:
    """The first of `name-2`, `name-3` and so on that nobody has."""
    numbered = (f"{name[: MOST_ENDPOINT - 5] if '/' not in name else name}-{number}" for number in range(2, 10**4))
    return next(each for each in numbered if each.casefold() not in taken)
