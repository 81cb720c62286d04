"""databricks:index/grant:Grant: the privileges of one principal on a securable; others' are left alone."""

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
    held,
    identifier,
    normal,
    parse,
    securable_of,
    settle,
)

EXAMPLE = "model/main.chatbot.chain/chatbot-users"
FACTS = MappingProxyType(
    {**INPUTS, "principal": Attribute(required=True, replaces=True), "privileges": PRIVILEGES},
)


def _settle(api: Api, securable: str, name: str, principal: str, privileges: Sequence[str]) -> None:
    before = held(api, securable, name).get(principal, frozenset())
    after = frozenset(map(normal, privileges))
    settle(api, securable, name, {principal: before}, {principal: after})


def _create(api: Api, inputs: Values, _deadline: Deadline) -> str:
    securable, name = securable_of(inputs)
    _settle(api, securable, name, inputs["principal"], inputs["privileges"])
    return f"{identifier(inputs)}/{inputs['principal']}"


def _read(api: Api, resource_id: str, _state: Values) -> Live:
    securable, name, principal = parse(resource_id, EXAMPLE)
    privileges = held(api, securable, name).get(principal)
    if not privileges:
        raise NotFoundError(f"{principal} holds no privilege on {name}")
    return Live(body_of(FACTS, {securable: name, "principal": principal, "privileges": sorted(privileges)}))


def _update(api: Api, update: Update) -> None:
    securable, name, principal = parse(update.id, EXAMPLE)
    _settle(api, securable, name, principal, update.new["privileges"])


def _delete(api: Api, resource_id: str, _state: Values) -> None:
    securable, name, principal = parse(resource_id, EXAMPLE)
    _settle(api, securable, name, principal, ())


def _refuse(inputs: Values) -> Sequence[Refusal]:
    return exactly_one(inputs, tuple(SECURABLES))


GRANT = ResourceType(
    type="databricks:index/grant:Grant",
    noun="grant",
    schema=FACTS,
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    refuse=_refuse,
)
