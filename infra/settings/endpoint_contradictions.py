"""Finds settings of one endpoint that are each allowed, but not together, and credentials among its variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from infra.settings.endpoint_schema import Concurrency, Endpoint, RateLimit, Throughput
from infra.settings.finder import Finder
from infra.settings.location import Location
from infra.settings.mend import Either
from infra.settings.mistake import Mistake
from infra.settings.stack_file import StackFile
from model_ops import credential

NAMED = {"group": "the group's name", "principal": "the service principal's application id"}
"""Limits that are for one whom they have to name."""


def mistakes(file: StackFile, model: str, endpoint: Endpoint) -> Iterator[Mistake]:
    """Find them in the endpoint of one model."""
    finder = _Finder(file, ("models", model, "endpoint"))
    yield from finder.sizes(endpoint)
    yield from finder.bounds("concurrency", endpoint.concurrency)
    yield from finder.bounds("throughput", endpoint.throughput)
    yield from finder.inference_table(endpoint)
    yield from finder.limits(endpoint.gateway.rate_limits or ())
    yield from finder.credentials(model, ("environment",), endpoint.environment or {})
    for version, added in endpoint.environment_of.items():
        yield from finder.credentials(model, ("environmentOf", version), added)


class _Finder(Finder):
    def __init__(self, file: StackFile, where: Location) -> None:
        super().__init__(file)
        self._where = where

    def sizes(self, endpoint: Endpoint) -> Iterator[Mistake]:
        """An endpoint is sized in one way; a language model's throughput brings its own hardware."""
        sizes = {
            "workloadSize": endpoint.workload_size,
            "concurrency": endpoint.concurrency,
            "throughput": endpoint.throughput,
        }
        said = [key for key, value in sizes.items() if value is not None]
        for key in said[1:]:
            remove = self.remove(self._at(key))
            mend = remove if len(said) > 2 else Either(first=remove, second=self.remove(self._at(said[0])))
            allowed = "one of workloadSize, concurrency and throughput"
            yield self.at(self._at(key), f"`{key}` beside another size", allowed, mend)
        if endpoint.throughput and endpoint.workload_type:
            either = Either(first=self.remove(self._at("workloadType")), second=self.remove(self._at("throughput")))
            allowed = "no `workloadType` beside `throughput`, for which Databricks chooses the hardware"
            yield self.at(self._at("workloadType"), f"`{endpoint.workload_type}`", allowed, either)
        if endpoint.burst_scaling is not None and not endpoint.throughput:
            add = self.add(self._at("throughput"), "{min: 0, max: 9500}", ", or what the model needs")
            either = Either(first=self.remove(self._at("burstScaling")), second=add)
            allowed = "`burstScaling` beside `throughput`, above which it lets the endpoint go"
            if said:
                yield self.at(self._at("burstScaling"), f"`burstScaling` beside `{said[0]}`", allowed, either.first)
            else:
                yield self.at(self._at("burstScaling"), "no `throughput` beside it", allowed, either)

    def bounds(self, key: str, range_: Concurrency | Throughput | None) -> Iterator[Mistake]:
        """The least is not above the most."""
        if range_ and range_.min > range_.max:
            write = self.write(self._at(key, "max"), str(range_.min), f"write `max: {range_.min}`, or more")
            yield self.at(self._at(key, "max"), f"`{range_.max}`", f"at least `min`, which is {range_.min}", write)

    def inference_table(self, endpoint: Endpoint) -> Iterator[Mistake]:
        """Where a table is to be is said of one that is switched on."""
        if endpoint.gateway.inference_table and endpoint.inference_table is False:
            remove = self.remove(self._at("gateway", "inferenceTable"))
            either = Either(first=self.write(self._at("inferenceTable"), "true", "write `true`"), second=remove)
            found = "`false`, beside `gateway.inferenceTable`"
            yield self.at(self._at("inferenceTable"), found, "`true` where it is said where the table is", either)

    def limits(self, limits: tuple[RateLimit, ...]) -> Iterator[Mistake]:
        """A limit counts calls or tokens, and names whom it is for where that is not everybody; each is said once."""
        first: dict[tuple[str, str, str], int] = {}
        for index, limit in enumerate(limits):
            where = self._at("gateway", "rateLimits", index)
            if (limit.calls is None) == (limit.tokens is None):
                found = "neither `calls` nor `tokens`" if limit.calls is None else "`calls` and `tokens` together"
                meant = limit.model_copy(update={"calls": limit.calls or 60, "tokens": None})
                yield self._limit(where, found, "either `calls` or `tokens`, a minute; both are two limits", meant)
            if limit.per in NAMED and limit.name is None:
                meant = limit.model_copy(update={"name": "ml-engineers"})
                yield self._limit(where, "no `name`", f"`name` beside `per: {limit.per}`: {NAMED[limit.per]}", meant)
            if limit.per == "endpoint" and limit.name is not None:
                meant = limit.model_copy(update={"name": None})
                allowed = "no `name` beside `per: endpoint`, which is for all together"
                yield self._limit(where, f"`{limit.name}`", allowed, meant)
            said = (limit.per, limit.name or "", "calls" if limit.calls else "tokens")
            if first.setdefault(said, index) != index:
                found = f"a second limit of {said[2]} for the same; the first is rateLimits[{first[said]}]"
                once = ", ".join(_text(each) for number, each in enumerate(limits) if number != index)
                mend = self.write(where[:-1], f"[{once}]", "write one of the two")
                yield self.at(where, found, "one limit of each kind", mend)

    def _limit(self, where: Location, found: str, allowed: str, meant: RateLimit) -> Mistake:
        return self.at(where, found, allowed, self.write(where, _text(meant), f"write `{_text(meant)}`"))

    def credentials(self, model: str, keys: Location, variables: Mapping[str, str]) -> Iterator[Mistake]:
        """A credential is in a secret scope; whoever reads the file would have it."""
        for name, value in variables.items():
            if words := credential.kind(name, value):
                key = name.lower().replace("_", "-")
                reference = f'"{{{{secrets/{model}/{key}}}}}"'
                how = (
                    f"put it into a secret scope by `databricks secrets put-secret {model} {key}`, which asks for the "
                    f"value, and write `{name}: {reference}`; then have the old one revoked"
                )
                where = self._at(*keys, name)
                allowed = "no credential in a file that many read, but a reference to a secret"
                yield self.at(where, f"{words} (not shown)", allowed, self.write(where, reference, how))

    def _at(self, *keys: str | int) -> Location:
        return self.source((*self._where, *keys))


def _text(limit: RateLimit) -> str:
    """A limit as a stack file has it."""
    said = limit.model_dump(exclude_none=True)
    return f"{{{', '.join(f'{key}: {value}' for key, value in said.items())}}}"
