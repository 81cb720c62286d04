"""databricks:index/grants:Grants: all the privileges on a securable; what it does not name is revoked."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from engine.stand_in.attributes import Attribute, Values
from engine.stand_in.checks import exactly_one
from engine.stand_in.failures import NotFoundError, Refusal
from engine.stand_in.projection import body_of
from engine.stand_in.resource_type import Api, Deadline, Live, ResourceType, Update
from engine.stand_in.resources.privileges import (
    INPUTS,
    PRIVILEGES,
    SECURABLES,
    Held,
    held,
    identifier,
    normal,
    parse,
    securable_of,
    settle,
)

EXAMPLE = "model/main.chatbot.chain"
GRANT = {"principal": Attribute(required=True, same=str.casefold), "privileges": PRIVILEGES}

FACTS = MappingProxyType(
    {
        **INPUTS,
        "grants": Attribute(
            kind="set", fields=GRANT, required=True, key=lambda grant: str(grant.get("principal")).casefold()
        ),
    }
)


def _wanted(inputs: Values) -> Held:
    return {grant["principal"]: frozenset(map(normal, grant["privileges"])) for grant in inputs["grants"]}


def _create(api: Api, inputs: Values, _deadline: Deadline) -> str:
    securable, name = securable_of(inputs)
    settle(api, securable, name, held(api, securable, name), _wanted(inputs))
    return identifier(inputs)


def _read(api: Api, resource_id: str, _state: Values) -> Live:
    securable, name = parse(resource_id, EXAMPLE)
    found = held(api, securable, name)
    if not found:
        raise NotFoundError(f"nobody holds a privilege on {name}")
    grants = [{"principal": who, "privileges": sorted(privileges)} for who, privileges in sorted(found.items())]
    return Live(body_of(FACTS, {securable: name}) | {"grants": grants})


def _update(api: Api, update: Update) -> None:
    securable, name = parse(update.id, EXAMPLE)
    settle(api, securable, name, held(api, securable, name), _wanted(update.new))


def _delete(api: Api, resource_id: str, _state: Values) -> None:
    securable, name = parse(resource_id, EXAMPLE)
    settle(api, securable, name, held(api, securable, name), {})


def _refuse(inputs: Values) -> Sequence[Refusal]:
    return exactly_one(inputs, tuple(SECURABLES))


GRANTS = ResourceType(
    type="databricks:index/grants:Grants",
    noun="grants",
    schema=FACTS,
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    refuse=_refuse,
)
