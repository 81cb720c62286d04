"""A subscription of Azure's, as far as the platform of a stack knows of one: what is in it, and what it refuses."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.stand_in.failures import ProviderError
from tests.azure import shapes
from tests.azure.error import AzureError, invalid
from tests.azure.kind import Kind, Values

CALLER = "44444444-0000-4000-8000-000000000000"
"""Who signs in to Azure."""
LOCKS = "/providers/microsoft.authorization/locks/"
IN_NETWORK = "/providers/microsoft.network/"
BUILT_IN = ("/providers/microsoft.authorization/roledefinitions/", "/blobservices/default")
"""What is there with what it is in, or in every subscription."""


@dataclass
class Subscription:
    """What is in it, by id; each of its workspaces answers at `host`, and is known by `number`."""

    host: str
    number: str
    id: str = "22222222-0000-4000-8000-000000000000"
    tenant: str = "33333333-0000-4000-8000-000000000000"
    taken: set[str] = field(default_factory=set)
    """Names of storage accounts that others in the world have."""
    deleted_vaults: set[str] = field(default_factory=set)
    """Names of vaults that nobody can make again for 90 days."""
    denied: set[str] = field(default_factory=set)
    """Actions that whoever calls may not do, such as `Microsoft.Authorization/roleAssignments/write`."""
    silent: set[str] = field(default_factory=set)
    """What its management does not say to whoever asks, by the path below `providers/`."""
    sent: list[tuple[str, str]] = field(default_factory=list)
    """What was asked: the method and the id, in order."""
    ahead: Callable[[str], None] = lambda _: None
    """What happens ahead of each PUT, by its id: a test holds one up, or loses it."""
    _found: dict[str, Values] = field(default_factory=dict)
    _turn: threading.RLock = field(default_factory=threading.RLock)

    def get(self, resource_id: str) -> Values | None:
        """What is at an id, whatever its casing; None where there is nothing."""
        return self._found.get(resource_id.lower())

    def below(self, resource_id: str) -> Mapping[str, Values]:
        """All that is below an id, by their own in small letters."""
        start = f"{resource_id.lower()}/"
        return {each: found for each, found in self._found.items() if each.startswith(start)}

    def read(self, resource_id: str) -> Values | None:
        """Answer a GET."""
        with self._turn:
            self.sent.append(("GET", resource_id))
            return copy.deepcopy(self.get(resource_id))

    def create(self, kind: Kind, inputs: Values) -> tuple[str, Values]:
        """Make what is not there yet; raises AzureError, and ProviderError where it is there."""
        resource_id = kind.id(inputs, self.id)
        if self.get(resource_id) is not None and not kind.singleton:
            # The provider asks first, so that nobody's resource is taken over unawares.
            raise ProviderError(f"cannot create already existing resource '{resource_id}'")
        return resource_id, self.put(kind, resource_id, inputs)

    def put(self, kind: Kind, resource_id: str, inputs: Values) -> Values:
        """Answer a PUT; raises AzureError."""
        self.ahead(resource_id)
        with self._turn:
            self.sent.append(("PUT", resource_id))
            self._allow(kind, resource_id, "write")
            self._refuse(kind, resource_id, inputs)
            body = self._body(kind, resource_id, inputs)
            self._found[resource_id.lower()] = body
            if managed := inputs.get("managedResourceGroupId"):
                self._found.setdefault(managed.lower(), {"name": managed.rpartition("/")[2]})
            return copy.deepcopy(body)

    def delete(self, kind: Kind, resource_id: str) -> None:
        """Answer a DELETE; what is in a group goes with it. Raises AzureError."""
        with self._turn:
            self.sent.append(("DELETE", resource_id))
            self._allow(kind, resource_id, "delete")
            if locks := list(self._locks(resource_id)):
                raise AzureError(
                    409,
                    "ScopeLocked",
                    f"The scope '{resource_id}' cannot perform delete operation because following scope(s) are locked: "
                    f"'{', '.join(locks)}'. Please remove the lock and try again.",
                )
            self.confirm_unused(resource_id)
            managed = (self.get(resource_id) or {}).get("managedResourceGroupId", "").lower()
            gone = [self._found.pop(each, {}) for each in (resource_id.lower(), *self.below(resource_id), managed)]
            self.deleted_vaults |= {each["name"] for each in gone if each.get("type") == "Microsoft.KeyVault/vaults"}

    def change(self, resource_id: str, **values: Any) -> None:
        """Change something by hand, as in Azure's portal."""
        self._found[resource_id.lower()] |= values

    def found(self, resource_id: str) -> None:
        """Have something there that nobody made by the provider."""
        self._found[resource_id.lower()] = {"id": resource_id, "name": resource_id.rpartition("/")[2]}

    def remove(self, resource_id: str) -> None:
        """Delete something by hand."""
        del self._found[resource_id.lower()]

    def confirm_unused(self, resource_id: str) -> None:
        """Raise AzureError for a thing of a network that something outside of it names."""
        if users := list(self._users(resource_id)):
            raise invalid("InUseResourceCannotBeDeleted", f"{resource_id} is in use by {', '.join(users)}.")

    def _allow(self, kind: Kind, resource_id: str, verb: str) -> None:
        action = f"{kind.type}/{verb}"
        if action in self.denied:
            raise AzureError(
                403,
                "AuthorizationFailed",
                f"The client '{CALLER}' with object id '{CALLER}' does not have authorization to perform action "
                f"'{action}' over scope '{resource_id}' or the scope is invalid. If access was recently granted, "
                "please refresh your credentials.",
            )

    def _refuse(self, kind: Kind, resource_id: str, inputs: Values) -> None:
        self._refuse_place(resource_id)
        before, now = (each.get("location", "").lower() for each in (self.get(resource_id) or {}, inputs))
        if before and now and before != now:
            raise AzureError(
                409,
                "InvalidResourceLocation",
                f"The resource '{resource_id}' already exists in location '{before}'. "
                f"A resource with the same name cannot be created in location '{now}'.",
            )
        name = resource_id.rpartition("/")[2]
        if kind.type == "Microsoft.Storage/storageAccounts" and name in self.taken:
            raise AzureError(409, "StorageAccountAlreadyTaken", f"The storage account named {name} is already taken.")
        for each in _references(inputs, f"/subscriptions/{self.id}/"):
            if self.get(each) is None and not self._is_built_in(each) and each != inputs.get("managedResourceGroupId"):
                raise invalid("InvalidResourceReference", f"Resource {each} referenced by {resource_id} was not found.")
        kind.refuses(resource_id, inputs, self)

    def _refuse_place(self, resource_id: str) -> None:
        group = "/".join(resource_id.split("/")[:5])
        if "/resourceGroups/" in group and group != resource_id and self.get(group) is None:
            name = group.rpartition("/")[2]
            raise AzureError(404, "ResourceGroupNotFound", f"Resource group '{name}' could not be found.")
        parent = _parent(resource_id)
        if "/providers/" in parent and not (self.get(parent) or self._is_built_in(parent)):
            raise AzureError(
                404,
                "ParentResourceNotFound",
                f"Failed to perform 'write' on '{resource_id}': '{parent}' was not found.",
            )

    def _is_built_in(self, resource_id: str) -> bool:
        return any(each in resource_id.lower() for each in BUILT_IN)

    def _body(self, kind: Kind, resource_id: str, inputs: Values) -> Values:
        known = shapes.outputs(kind.token)
        told = {name: value for name, value in inputs.items() if name in known}
        own = {"name": resource_id.rpartition("/")[2], "type": kind.type}
        filled = merged(kind.fills(resource_id, inputs, self), told)
        return {**merged(filled, {**own, **kind.says(resource_id, inputs, self)}), "id": resource_id}

    def _locks(self, resource_id: str) -> Iterator[str]:
        for each, found in self._found.items():
            scope, lock, _ = each.partition(LOCKS)
            if lock and resource_id.lower().startswith(scope) and resource_id.lower() != each:
                yield str(found["id"]).partition("/providers/Microsoft.Authorization/locks/")[0]

    def _users(self, resource_id: str) -> Iterator[str]:
        """Those outside of a thing of a network that name it."""
        if IN_NETWORK not in resource_id.lower():
            return
        inside = self.below(resource_id)
        for each, found in self._found.items():
            named = {one.lower() for one in _references(found, "/subscriptions/")} if each not in inside else set()
            if resource_id.lower() in named and each != resource_id.lower():
                yield each


def merged(below: Values, above: Mapping[str, Any]) -> Values:
    """Lay one set of values over another, objects field by field."""
    result = dict(below)
    for name, value in above.items():
        inner = result.get(name)
        result[name] = merged(inner, value) if isinstance(inner, dict) and isinstance(value, dict) else value
    return result


def _parent(resource_id: str) -> str:
    """What a resource is in or on: the next above it, or the scope that it is set on."""
    scope, _, rest = resource_id.rpartition("/providers/")
    return resource_id.rsplit("/", 2)[0] if rest.count("/") > 2 else scope


def _references(value: Any, start: str) -> Iterator[str]:
    """Each id in a value."""
    match value:
        case str() if value.startswith(start) and "/providers/" in value:
            yield value
        case dict():
            for inner in value.values():
                yield from _references(inner, start)
        case list():
            for inner in value:
                yield from _references(inner, start)
