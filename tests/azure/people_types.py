"""The types of the Databricks provider that are about principals of the account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from engine.stand_in.attributes import Attribute, Schema, Values
from engine.stand_in.failures import NotFoundError, ProviderError
from engine.stand_in.projection import body_of
from engine.stand_in.resource_type import Api, Deadline, Live, ResourceType, Update
from tests.azure.account_people import UNIQUE

OUTPUT = Attribute(read_only=True)
FIXED = Attribute(required=True, replaces=True)
OIDC = {
    "issuer": Attribute(required=True),
    "audiences": Attribute(kind="list"),
    "subject": Attribute(required=True),
    "subjectClaim": Attribute(),
}


class People:
    """What is at `root`, the path of an account."""

    def __init__(self, root: str) -> None:
        self._root = root

    def types(self) -> Iterator[ResourceType]:
        """Each of them."""
        principal = {"applicationId": Attribute(computed=True, replaces=True), "displayName": Attribute(computed=True)}
        yield self._principal("ServicePrincipal", "ServicePrincipals", principal)
        yield self._principal("Group", "Groups", {"displayName": FIXED, "externalId": Attribute()})
        yield self._assignment()
        yield self._trust()

    def _principal(self, name: str, kind: str, facts: Schema) -> ResourceType:
        """A principal; where `force` is set, one that is there already is taken for it: `scim/resource_*.go`."""
        schema = {**facts, "force": Attribute(kind="bool")}
        at = f"{self._root}/scim/v2/{kind}"

        def create(api: Api, inputs: Values, _deadline: Deadline) -> str:
            body = _scim(facts, inputs)
            try:
                return str(api.call("POST", at, body=body)["id"])
            except ProviderError:
                if not inputs.get("force"):
                    raise
            unique = UNIQUE[kind]
            (found,) = api.call("GET", at, query={"filter": f"{unique} eq '{body[unique]}'"})["Resources"]
            return str(api.call("PUT", f"{at}/{found['id']}", body=body)["id"])

        def read(api: Api, number: str, state: Values) -> Live:
            found = api.call("GET", f"{at}/{number}")
            return Live(
                {
                    "application_id": found.get("applicationId"),
                    "display_name": found.get("displayName"),
                    "external_id": found.get("externalId"),
                    "force": state.get("force"),
                }
            )

        def update(api: Api, change: Update) -> None:
            api.call("PUT", f"{at}/{change.id}", body=_scim(facts, change.new))

        return ResourceType(
            type=_token(name),
            noun=name,
            schema=MappingProxyType(schema),
            create=create,
            read=read,
            update=update,
            delete=lambda api, number, _: api.call("DELETE", f"{at}/{number}"),
        )

    def _assignment(self) -> ResourceType:
        facts = {"workspaceId": FIXED, "principalId": FIXED, "permissions": Attribute(kind="list", required=True)}

        def at(workspace: Any, principal: Any = "") -> str:
            below = f"/principals/{principal}" if principal else ""
            return f"{self._root}/workspaces/{workspace}/permissionassignments{below}"

        def settle(api: Api, inputs: Values) -> str:
            workspace, principal = inputs["workspaceId"], inputs["principalId"]
            api.call("PUT", at(workspace, principal), body={"permissions": inputs["permissions"]})
            return f"{workspace}|{principal}"

        def read(api: Api, pair: str, _state: Values) -> Live:
            workspace, _, principal = pair.partition("|")
            for each in api.call("GET", at(workspace))["permission_assignments"]:
                if str(each["principal"]["principal_id"]) == principal:
                    known = {"workspace_id": workspace, "principal_id": principal}
                    return Live({**known, "permissions": each["permissions"]})
            raise NotFoundError(f"{principal} has no permission in {workspace}")

        return ResourceType(
            type=_token("MwsPermissionAssignment"),
            noun="permission assignment",
            schema=MappingProxyType(facts),
            create=lambda api, inputs, _: settle(api, inputs),
            read=read,
            update=lambda api, change: settle(api, change.new) and None,
            delete=lambda api, pair, _: api.call("DELETE", at(*pair.split("|"))),
        )

    def _trust(self) -> ResourceType:
        facts = {
            "servicePrincipalId": Attribute(kind="number", required=True, replaces=True),
            "oidcPolicy": Attribute(kind="object", fields=OIDC),
            "policyId": OUTPUT,
        }

        def at(pair: str) -> str:
            principal, _, policy = pair.partition(",")
            return f"{self._root}/servicePrincipals/{principal}/federationPolicies/{policy}".rstrip("/")

        def create(api: Api, inputs: Values, _deadline: Deadline) -> str:
            principal = f"{inputs['servicePrincipalId']:.0f}"
            body = {"oidc_policy": body_of(facts, inputs)["oidc_policy"]}
            return f"{principal},{api.call('POST', at(principal), body=body)['policy_id']}"

        def update(api: Api, change: Update) -> None:
            api.call("PATCH", at(change.id), body={"oidc_policy": body_of(facts, change.new)["oidc_policy"]})

        return ResourceType(
            type=_token("ServicePrincipalFederationPolicy"),
            noun="federation policy",
            schema=MappingProxyType(facts),
            create=create,
            read=lambda api, pair, _: Live(api.call("GET", at(pair))),
            update=update,
            delete=lambda api, pair, _: api.call("DELETE", at(pair)),
        )


def _scim(facts: Schema, inputs: Values) -> Mapping[str, Any]:
    """SCIM spells its attributes as the program does."""
    return {name: inputs[name] for name in facts if inputs.get(name) is not None}


def _token(name: str) -> str:
    return f"databricks:index/{name[0].lower()}{name[1:]}:{name}"
