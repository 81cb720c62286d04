"""A Databricks account, as far as a stack that creates its platform asks one: networks, and who gets in."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from typing import Any

from engine.stand_in.failures import NotFoundError, ProviderError
from tests.azure.account_people import AccountPeople
from tests.azure.kind import guid
from tests.azure.subscription import Subscription

Body = dict[str, Any]
CONNECTIVITY = "network-connectivity-configs"
IDS = {
    CONNECTIVITY: "network_connectivity_config_id",
    "private-endpoint-rules": "rule_id",
    "network-policies": "network_policy_id",
}
"""What the things of a collection are known by."""
NAME = "[0-9a-zA-Z-_]{3,30}"
"""What a configuration may be called, says the REST API's reference."""


class Account:
    """Answers the account's REST API for the workspace of one `subscription`; what is in it is in `found` by path."""

    user = "admin@account.test"

    def __init__(self, account_id: str, subscription: Subscription) -> None:
        self.id, self._azure = account_id, subscription
        self.found: dict[str, Body] = {}
        self.people = AccountPeople(subscription.number)
        self.workspace: Body = {}
        self._turn = threading.Lock()

    def call(self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: Any = None) -> Any:
        """Answer one request; raises ProviderError as the stand-in's own workspace does."""
        inner = path.removeprefix(f"/api/2.0/accounts/{self.id}/")
        if inner == path:
            raise ProviderError(f"Account is not {self.id}: {path} [PERMISSION_DENIED]")
        with self._turn:
            if self.people.knows(inner):
                return self.people.call(method, inner, query or {}, body)
            if inner.startswith("workspaces/"):
                return self._of_workspace(method, inner, body)
            answers: Mapping[str, Callable[[str, Any], Body]] = {
                "POST": self._create,
                "GET": self._get,
                "PUT": self._replace,
                "DELETE": self._delete,
            }
            return answers[method](inner, body)

    def _of_workspace(self, method: str, path: str, body: Any) -> Body:
        number = path.split("/")[1]
        if number != self._azure.number:
            raise NotFoundError(f"Workspace {number} does not exist in account {self.id}.")
        if method != "GET":
            for name, value in body.items():
                self._get(f"{next(kind for kind, known in IDS.items() if known == name)}/{value}", None)
            self.workspace |= body
        return dict(self.workspace)

    def _create(self, path: str, body: Body) -> Body:
        kind = path.rpartition("/")[2]
        if kind == CONNECTIVITY and not re.fullmatch(NAME, body["name"]):
            raise ProviderError(f"name must match {NAME}, found {body['name']} [INVALID_PARAMETER_VALUE]")
        if kind == "private-endpoint-rules":
            self._confirm(path, body)
            body = {**body, "connection_state": "PENDING"}
        known = body.get(IDS[kind]) or guid(path, str(sorted(body.items())))
        if f"{path}/{known}" in self.found:
            raise ProviderError(f"{kind} {known} exists already [RESOURCE_ALREADY_EXISTS]")
        self.found[f"{path}/{known}"] = {**body, IDS[kind]: known, "account_id": self.id}
        return self._get(f"{path}/{known}", None)

    def _confirm(self, path: str, body: Body) -> None:
        self._get(path.rpartition("/")[0], None)
        target = self._azure.get(body["resource_id"])
        if target is None or body["group_id"] not in ("blob", "dfs"):
            raise ProviderError(f"No {body['group_id']} at {body['resource_id']} [INVALID_PARAMETER_VALUE]")

    def _get(self, path: str, _body: Any) -> Body:
        if path not in self.found:
            raise NotFoundError(f"{path} does not exist in account {self.id}.")
        return dict(self.found[path])

    def _replace(self, path: str, body: Body) -> Body:
        self.found[path] = {**self._get(path, None), **body}
        return self._get(path, None)

    def _delete(self, path: str, _body: Any) -> Body:
        self._get(path, None)
        for each in [each for each in self.found if each == path or each.startswith(f"{path}/")]:
            del self.found[each]
        return {}
