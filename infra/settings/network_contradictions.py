"""Finds ranges of addresses that a network cannot have, or not beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from infra.settings.address_range import inside, overlap, prefix
from infra.settings.finder import Finder
from infra.settings.location import Location, in_file
from infra.settings.mistake import Mistake
from infra.settings.network_schema import Network
from infra.settings.stack_file import StackFile

WHERE: Location = ("platform", "create", "network")
WIDEST, NARROWEST = 16, 24
"""Bits of the network's range, as Azure Databricks asks of a network that it is put into."""
SMALLEST = {"hostSubnet": 26, "containerSubnet": 26, "endpointSubnet": 28}
"""Bits of the smallest subnets. Azure keeps five addresses of each: a /28 leaves eleven, two for each of five nodes."""


def mistakes(file: StackFile, network: Network) -> Iterator[Mistake]:
    """Find them in a network that has no mistake of its own."""
    finder = _Finder(file)
    space = [*finder.space(network)]
    yield from space
    if not space:
        yield from finder.sizes(network)
        yield from finder.neighbours(network)
    yield from finder.hub(network)


class _Finder(Finder):
    def space(self, network: Network) -> Iterator[Mistake]:
        """The whole is neither too small for its subnets nor larger than Databricks takes."""
        if not WIDEST <= prefix(network.address_space) <= NARROWEST:
            where = (*WHERE, "addressSpace")
            allowed = f"a range from /{WIDEST} to /{NARROWEST}, which is what Azure Databricks takes"
            mend = self.write(where, "10.20.0.0/22", "write another range, as in `10.20.0.0/22`")
            yield self.at(where, f"`{network.address_space}`", allowed, mend)

    def sizes(self, network: Network) -> Iterator[Mistake]:
        """Each subnet lies in the network, and holds enough."""
        for key, subnet in network.subnets.items():
            where = (*WHERE, key)
            if not self._given(key):
                continue
            if not inside(subnet, network.address_space):
                allowed = f"a part of `addressSpace`, which is {network.address_space}"
                yield self.at(where, f"`{subnet}`", allowed, self.remove(where))
            elif prefix(subnet) > SMALLEST[key]:
                allowed = f"a range of at least /{SMALLEST[key]}, as Azure keeps five addresses of each subnet"
                yield self.at(
                    where, f"`{subnet}`, with {2 ** (32 - prefix(subnet))} addresses", allowed, self.remove(where)
                )

    def neighbours(self, network: Network) -> Iterator[Mistake]:
        """No address is in two subnets."""
        for (one, first), (other, second) in combinations(network.subnets.items(), 2):
            if overlap(first, second):
                key = other if self._given(other) else one
                where = (*WHERE, key)
                found = f"`{network.subnets[key]}`, which overlaps with `{one if key == other else other}`"
                found += f", {first if key == other else second}"
                yield self.at(where, found, "subnets that have no address in common", self.remove(where))

    def hub(self, network: Network) -> Iterator[Mistake]:
        """A network has no address of one that it is joined to."""
        for index, space in enumerate(network.hub.address_spaces if network.hub else ()):
            if overlap(space, network.address_space):
                where = (*WHERE, "addressSpace")
                found = f"`{network.address_space}`, which overlaps with {space} of `hub.addressSpaces[{index}]`"
                mend = self.write(where, "10.20.0.0/22", "write a range that the hub and its networks have not")
                yield self.at(where, found, "a range that no network has which this one is joined to", mend)

    def _given(self, key: str) -> bool:
        return key in self.file.keys(in_file(WHERE))
