"""databricks:index/secretAcl:SecretAcl: what one principal may do with a scope; other entries are left alone."""

from __future__ import annotations

from contextlib import suppress
from types import MappingProxyType

from engine.stand_in.attributes import Attribute, Values
from engine.stand_in.failures import NotFoundError, ProviderError
from engine.stand_in.projection import body_of
from engine.stand_in.resource_type import Api, Deadline, Live, ResourceType, Update
from engine.stand_in.resources.secret_scope import refuse_name

ACLS = "/api/2.0/secrets/acls"
SEPARATOR = "|||"
EXAMPLE = f"helpdesk{SEPARATOR}chatbot-serving"

FACTS = MappingProxyType(
    {
        "scope": Attribute(required=True, replaces=True),
        "principal": Attribute(required=True, replaces=True),
        "permission": Attribute(required=True, replaces=True),
    }
)


def _parse(resource_id: str) -> tuple[str, str]:
    scope, separator, principal = resource_id.partition(SEPARATOR)
    if not (scope and separator and principal):
        raise ProviderError(f"found the id {resource_id}, expected one like {EXAMPLE}")
    return scope, principal


def _create(api: Api, inputs: Values, _deadline: Deadline) -> str:
    api.call("POST", f"{ACLS}/put", body=body_of(FACTS, inputs))
    return f"{inputs['scope']}{SEPARATOR}{inputs['principal']}"


def _read(api: Api, resource_id: str, _state: Values) -> Live:
    scope, principal = _parse(resource_id)
    found = api.call("GET", f"{ACLS}/get", query={"scope": scope, "principal": principal})
    return Live({"scope": scope, "principal": principal, "permission": found["permission"]})


def _update(_api: Api, update: Update) -> None:
    raise ProviderError(f"an entry of a secret scope's ACL changes by being made anew, {update.id} in this case")


def _delete(api: Api, resource_id: str, state: Values) -> None:
    scope, principal = _parse(resource_id)
    if state.get("permission") == "MANAGE" and principal == api.user:
        return  # as the released provider does, so that nobody locks himself out
    with suppress(NotFoundError):
        api.call("POST", f"{ACLS}/delete", body={"scope": scope, "principal": principal})


SECRET_ACL = ResourceType(
    type="databricks:index/secretAcl:SecretAcl",
    noun="secret ACL",
    schema=FACTS,
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    refuse=lambda inputs: refuse_name("scope", inputs.get("scope")),
)
