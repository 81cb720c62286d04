"""Finds settings of a platform to create that are each allowed, but not together, or not in Azure."""

from __future__ import annotations

from collections.abc import Iterator

from infra.settings import network_contradictions, regions
from infra.settings.create_schema import ACCOUNT, Create
from infra.settings.finder import Finder
from infra.settings.location import Location
from infra.settings.mend import Either
from infra.settings.mistake import Mistake
from infra.settings.stack_file import StackFile

WHERE: Location = ("platform", "create")


def mistakes(file: StackFile, create: Create) -> Iterator[Mistake]:
    """Find them in what has no mistake of its own."""
    finder = _Finder(file)
    yield from finder.region(create)
    yield from finder.account(create)
    yield from finder.network(create)
    if create.network:
        yield from network_contradictions.mistakes(file, create.network)
    yield from finder.repeated((*WHERE, "egress"), create.egress)
    if create.budget:
        yield from finder.repeated((*WHERE, "budget", "notify"), create.budget.notify)


class _Finder(Finder):
    def region(self, create: Create) -> Iterator[Mistake]:
        """The region is one where models can be served."""
        if why := regions.unfit(create.location):
            found, allowed = f"`{create.location}`, a region of {why}", "a region of Azure's public cloud"
            where = (*WHERE, "location")
            yield self.at(where, found, allowed, self.write(where, "westeurope", "write another region"))

    def account(self, create: Create) -> Iterator[Mistake]:
        """The network of serverless compute is the Databricks account's; without such a network, nobody needs one."""
        add = self.add((*WHERE, "accountId"), ACCOUNT, ", with the id that https://accounts.azuredatabricks.net shows")
        if create.private and not create.account_id:
            allowed = "`accountId` beside it: the network of serverless compute is made in the Databricks account"
            key, found = ("network", "a network") if create.network else ("compute", "`serverless`")
            yield self.at((*WHERE, key), f"{found} without `accountId`", allowed, add)
        for key in () if create.account_id else ("identities", "groups"):
            if not getattr(create, key):
                continue
            allowed = "`accountId` beside them: the Databricks account is told of them"
            yield self.at((*WHERE, key), f"{key} without `accountId`", allowed, add)
        for key in ("egress",) if create.introduced else ("accountId", "egress"):
            if not create.private and key in self.file.keys(("config", "rollpin:platform", "create")):
                where = (*WHERE, key)
                compute = self.set((*WHERE, "compute"), "serverless")
                allowed = f"`{key}` where the storage is closed, as with `compute: serverless` or a `network`"
                mend = Either(first=self.remove(where), second=compute)
                yield self.at(where, "a classic workspace whose storage is open", allowed, mend)

    def network(self, create: Create) -> Iterator[Mistake]:
        """A serverless workspace is in no network of the subscription."""
        if create.network and create.serverless:
            where = (*WHERE, "network")
            allowed = "`network` where `compute` is `classic`: a serverless workspace is in none"
            either = Either(first=self.remove(where), second=self.set((*WHERE, "compute"), "classic"))
            yield self.at(where, "a network beside `compute: serverless`", allowed, either)
