"""The types of the Databricks provider that a stack makes in the account, as tables of the stand-in's own form."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.stand_in.attributes import Attribute, Schema, Values
from engine.stand_in.failures import NotFoundError
from engine.stand_in.projection import body_of
from engine.stand_in.resource_type import Api, Deadline, Live, ResourceType, Update
from tests.azure.account import CONNECTIVITY
from tests.azure.people_types import People

OUTPUT = Attribute(read_only=True)
FIXED = Attribute(required=True, replaces=True)
DESTINATION = {"destination": Attribute(), "internetDestinationType": Attribute()}
ACCESS = {
    "restrictionMode": Attribute(required=True, one_of=("FULL_ACCESS", "RESTRICTED_ACCESS")),
    "allowedInternetDestinations": Attribute(kind="list", fields=DESTINATION),
    "policyEnforcement": Attribute(
        kind="object", fields={"enforcementMode": Attribute(one_of=("ENFORCED", "DRY_RUN"))}, computed=True
    ),
}
EGRESS = Attribute(kind="object", fields={"networkAccess": Attribute(kind="object", fields=ACCESS)})


class Account:
    """A collection in the account that `api` is of."""

    def __init__(self, account_id: str) -> None:
        self.root = f"/api/2.0/accounts/{account_id}"

    def types(self) -> Mapping[str, ResourceType]:
        """All types, by their names."""
        network = (self._connectivity(), self._rule(), self._binding(), self._policy(), self._option())
        made = (*network, *People(self.root).types())
        return {each.type: each for each in made}

    def _connectivity(self) -> ResourceType:
        facts = {"name": FIXED, "region": FIXED, "networkConnectivityConfigId": OUTPUT, "accountId": OUTPUT}
        return self._kept("MwsNetworkConnectivityConfig", CONNECTIVITY, "network_connectivity_config_id", facts)

    def _policy(self) -> ResourceType:
        facts = {"networkPolicyId": FIXED, "accountId": Attribute(computed=True), "egress": EGRESS}
        return self._kept("AccountNetworkPolicy", "network-policies", "network_policy_id", facts)

    def _kept(self, name: str, collection: str, key: str, facts: Schema) -> ResourceType:
        """A type of thing that the account keeps by an id."""
        at = f"{self.root}/{collection}"

        def create(api: Api, inputs: Values, _deadline: Deadline) -> str:
            return str(api.call("POST", at, body=body_of(facts, inputs))[key])

        def update(api: Api, change: Update) -> None:
            api.call("PUT", f"{at}/{change.id}", body=body_of(facts, change.new))

        return ResourceType(
            type=_token(name),
            noun=collection,
            schema=MappingProxyType(facts),
            create=create,
            read=lambda api, known, _: Live(api.call("GET", f"{at}/{known}")),
            update=update,
            delete=lambda api, known, _: api.call("DELETE", f"{at}/{known}"),
        )

    def _rule(self) -> ResourceType:
        facts = {
            "networkConnectivityConfigId": FIXED,
            "resourceId": FIXED,
            "groupId": FIXED,
            "ruleId": OUTPUT,
            "connectionState": OUTPUT,
        }

        def at(pair: str) -> str:
            config, _, rule = pair.partition("/")
            return f"{self.root}/{CONNECTIVITY}/{config}/private-endpoint-rules/{rule}".rstrip("/")

        def create(api: Api, inputs: Values, _deadline: Deadline) -> str:
            config = inputs["networkConnectivityConfigId"]
            return f"{config}/{api.call('POST', at(config), body=body_of(facts, inputs))['rule_id']}"

        return ResourceType(
            type=_token("MwsNccPrivateEndpointRule"),
            noun="private endpoint rule",
            schema=MappingProxyType(facts),
            create=create,
            read=lambda api, pair, _: Live(api.call("GET", at(pair))),
            update=lambda *_: None,
            delete=lambda api, pair, _: api.call("DELETE", at(pair)),
        )

    def _binding(self) -> ResourceType:
        # The provider can neither read nor take back one: `mws/resource_mws_ncc_binding.go`.
        return self._of_workspace("MwsNccBinding", "networkConnectivityConfigId", "network_connectivity_config_id", "")

    def _option(self) -> ResourceType:
        return self._of_workspace("WorkspaceNetworkOption", "networkPolicyId", "network_policy_id", "/network")

    def _of_workspace(self, name: str, said: str, key: str, below: str) -> ResourceType:
        """A type that sets one field of the account's record of a workspace."""
        facts = {"workspaceId": FIXED, said: Attribute(required=True)}

        def settle(api: Api, inputs: Values) -> str:
            number = inputs["workspaceId"]
            at = f"{self.root}/workspaces/{number}{below}"
            api.call("PUT" if below else "PATCH", at, body={key: inputs[said]})
            return str(number)

        def read(api: Api, number: str, _state: Values) -> Live:
            found = api.call("GET", f"{self.root}/workspaces/{number}{below}")
            if key not in found:
                raise NotFoundError(f"workspace {number} has no {key}")
            return Live({**found, "workspace_id": number})

        return ResourceType(
            type=_token(name),
            noun=name,
            schema=MappingProxyType(facts),
            create=lambda api, inputs, _: settle(api, inputs),
            read=read,
            update=lambda api, change: settle(api, change.new) and None,
            delete=lambda *_: None,
        )


def _token(name: str) -> str:
    return f"databricks:index/{name[0].lower()}{name[1:]}:{name}"
