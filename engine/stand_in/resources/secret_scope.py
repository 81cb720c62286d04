"""databricks:index/secretScope:SecretScope: a scope, without the secrets in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import MappingProxyType

from engine.stand_in.attributes import Attribute, Values
from engine.stand_in.failures import NotFoundError, ProviderError, Refusal
from engine.stand_in.projection import body_of
from engine.stand_in.resource_type import Api, Deadline, Live, ResourceType, Update

SCOPES = "/api/2.0/secrets/scopes"
NAME = r"[\w.@_/-]{1,128}"
KEY_VAULT, OWN = "AZURE_KEYVAULT", "DATABRICKS"
VAULT = {
    "dnsName": Attribute(required=True, replaces=True),
    "resourceId": Attribute(required=True, replaces=True),
}

FACTS = MappingProxyType(
    {
        "name": Attribute(required=True, replaces=True),
        "backendType": Attribute(computed=True, replaces=True),
        # Nothing tells it of a scope that is there.
        "initialManagePrincipal": Attribute(write_only=True, replaces=True),
        "keyvaultMetadata": Attribute(kind="object", fields=VAULT, replaces=True),
    }
)


def refuse_name(path: str, name: object) -> Sequence[Refusal]:
    """Refuse what the released provider takes for no scope's name."""
    if isinstance(name, str) and not re.fullmatch(NAME, name, re.ASCII):
        return [Refusal(path, f"must be 1 to 128 letters, digits, dashes, underscores and periods, found {name!r}")]
    return []


def _create(api: Api, inputs: Values, _deadline: Deadline) -> str:
    vault = inputs.get("keyvaultMetadata")
    body = {"scope": inputs["name"], "scope_backend_type": KEY_VAULT if vault else OWN}
    if vault:
        body["backend_azure_keyvault"] = body_of(VAULT, vault)
    if principal := inputs.get("initialManagePrincipal"):
        body["initial_manage_principal"] = principal
    api.call("POST", f"{SCOPES}/create", body=body)
    return str(inputs["name"])


def _read(api: Api, name: str, _state: Values) -> Live:
    for scope in api.call("GET", f"{SCOPES}/list").get("scopes") or ():
        if scope["name"] == name:
            return Live(scope)
    raise NotFoundError(f"no secret scope found with the name {name}")


def _update(_api: Api, update: Update) -> None:
    raise ProviderError(f"a secret scope changes by being made anew, {update.id} in this case")


def _delete(api: Api, name: str, _state: Values) -> None:
    api.call("POST", f"{SCOPES}/delete", body={"scope": name})


SECRET_SCOPE = ResourceType(
    type="databricks:index/secretScope:SecretScope",
    noun="secret scope",
    schema=FACTS,
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    refuse=lambda inputs: refuse_name("name", inputs.get("name")),
)
