"""The stand-in of the Databricks provider, which reaches an account too: that one is in this process alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi.provider.experimental import provider as protocol

from engine.stand_in.provider import StandIn, connect
from engine.stand_in.resource_type import Api, ResourceType
from engine.stand_in.resources import find
from engine.stand_in.server import Engine
from infra.naming import ACCOUNT
from tests.azure import account_types
from tests.azure.account import Account


class DatabricksDouble(StandIn):
    """Serves a workspace as the stand-in does, and where it is given the address of all accounts, an `account`."""

    def __init__(self, address: str, account: Account) -> None:
        of_account = account_types.Account(account.id).types()

        def reach(arguments: Mapping[str, Any]) -> Api:
            return account if arguments.get("host") == ACCOUNT else connect(arguments)

        def types(name: str) -> ResourceType:
            return of_account.get(name.rpartition("$")[2]) or find(name)

        super().__init__(Engine(address), reach, types)

    async def check_config(self, request: protocol.CheckRequest) -> protocol.CheckResponse:
        """Take an account beside what the stand-in takes."""
        others = {name: value for name, value in request.new_inputs.items() if name != "accountId"}
        known = protocol.CheckRequest(request.urn, request.old_inputs, others, request.random_seed)
        checked = await super().check_config(known)
        return protocol.CheckResponse(inputs=request.new_inputs, failures=checked.failures)
