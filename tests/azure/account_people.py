"""Who is known in a Databricks account, who gets into its workspace, and whose word it takes for whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.stand_in.failures import NotFoundError, ProviderError
from tests.azure.kind import guid

Body = dict[str, Any]
UNIQUE = {"ServicePrincipals": "applicationId", "Groups": "displayName"}
"""The attribute that no two of a kind may share."""


class AccountPeople:
    """Answers what is asked about principals of an account, by paths below it; `workspace` is the number of its one."""

    def __init__(self, workspace: str) -> None:
        self._workspace = workspace
        self.principals: dict[str, Body] = {}
        """By number, with the kind that each is of."""
        self.assigned: dict[str, list[str]] = {}
        """The permissions in the workspace, by the principal's number."""
        self.trusts: dict[tuple[str, str], Body] = {}
        """By the number of a service principal and the id of the policy."""

    def knows(self, path: str) -> bool:
        """Whether it is asked here."""
        return path.startswith(("scim/v2/", "servicePrincipals/")) or "/permissionassignments" in path

    def call(self, method: str, path: str, query: Mapping[str, Any], body: Any) -> Body:
        """Answer one request; raises ProviderError and NotFoundError."""
        parts = path.split("/")
        if parts[0] == "scim":
            return self._scim(method, parts[2], "/".join(parts[3:]), query, body)
        if parts[0] == "servicePrincipals":
            return self._trust(method, parts[1], "/".join(parts[3:]), body)
        if parts[1] != self._workspace:
            raise NotFoundError(f"Workspace {parts[1]} does not exist.")
        return self._assignment(method, parts[-1], body)

    def _scim(self, method: str, kind: str, number: str, query: Mapping[str, Any], body: Any) -> Body:
        unique = UNIQUE[kind]
        if method == "POST":
            if any(each.get(unique) == body[unique] for each in self._of(kind)):
                raise ProviderError(f"{kind[:-1]} with {unique} {body[unique]} already exists. [409]")
            number = str(7001 + len(self.principals))
            self.principals[number] = {**body, "id": number, "kind": kind}
        elif method == "GET" and not number:
            asked = str(query["filter"]).partition(" eq ")[2].strip("'\"")
            return {"Resources": [each for each in self._of(kind) if each.get(unique) == asked]}
        found = self._known(number)
        if method == "PUT":
            found |= body
        if method == "DELETE":
            del self.principals[number]
            self.assigned.pop(number, None)
        return dict(found)

    def _of(self, kind: str) -> list[Body]:
        return [each for each in self.principals.values() if each["kind"] == kind]

    def _known(self, number: str) -> Body:
        if number not in self.principals:
            raise NotFoundError(f"Principal {number} does not exist in this account.")
        return self.principals[number]

    def _assignment(self, method: str, principal: str, body: Any) -> Body:
        if method == "GET":
            listed = [{"principal": {"principal_id": int(one)}, "permissions": p} for one, p in self.assigned.items()]
            return {"permission_assignments": listed}
        self._known(principal)
        if method == "PUT":
            self.assigned[principal] = list(body["permissions"])
        else:
            self.assigned.pop(principal, None)
        return {}

    def _trust(self, method: str, principal: str, policy: str, body: Any) -> Body:
        self._known(principal)
        if method == "POST":
            policy = guid(principal, str(body))
            self.trusts[principal, policy] = {**body, "policy_id": policy, "service_principal_id": int(principal)}
        if (principal, policy) not in self.trusts:
            raise NotFoundError(f"Policy {policy} does not exist.")
        if method == "PATCH":
            self.trusts[principal, policy] |= body
        found = dict(self.trusts[principal, policy])
        if method == "DELETE":
            del self.trusts[principal, policy]
        return found
