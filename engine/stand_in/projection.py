"""Between the REST API's bodies, a resource's state, and the inputs that would lead to that state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.stand_in.attributes import (
    Attribute,
    Schema,
    Value,
    Values,
    api_name,
    element_of,
    empty,
    equal,
    ordered,
)

Body = Mapping[str, Any]
"""What the REST API takes and gives: snake_case."""


def body_of(schema: Schema, values: Values) -> dict[str, Any]:
    """Turn inputs into the body of a request."""
    chosen = {name: (schema[name], value) for name, value in values.items() if name in schema and value is not None}
    return {api_name(name, attribute): _to_api(attribute, value) for name, (attribute, value) in chosen.items()}


def _to_api(attribute: Attribute, value: Value) -> Value:
    if attribute.fields is None:
        return value
    if attribute.kind == "object":
        return body_of(attribute.fields, value)
    return [body_of(attribute.fields, element) for element in value]


def state_of(schema: Schema, body: Body, previous: Values) -> Values:
    """Turn a body of the API into a state; where it means what `previous` says, it says it in the same way.

    So neither order nor spelling nor a default that the workspace fills in looks like a change.
    """
    state = {}
    for name, attribute in schema.items():
        value = _from_api(attribute, body.get(api_name(name, attribute)), previous.get(name))
        if value is not None:
            state[name] = value
    return state


def _from_api(attribute: Attribute, live: Value, previous: Value) -> Value:
    if attribute.write_only:
        return previous
    if live is None:
        return previous if empty(previous) else None
    match attribute.kind:
        case "object":
            return state_of(attribute.fields or {}, live, previous or {}) or None
        case "list" | "set":
            return _elements(attribute, live, previous or [])
        case "string":
            text = str(live)
            return previous if equal(attribute, text, previous) else text
        case _:
            return live


def _elements(attribute: Attribute, live: list[Value], previous: list[Value]) -> list[Value]:
    before = {attribute.identity(element): element for element in previous}
    element = element_of(attribute)
    if attribute.fields is None:
        return [before.get(attribute.identity(item), item) for item in ordered(attribute, live, previous)]
    # An element is known by its identity only in the state's names, so it is converted first without a past.
    converted = ordered(attribute, [state_of(attribute.fields, item, {}) for item in live], previous)
    again = {attribute.identity(state_of(attribute.fields, item, {})): item for item in live}
    pairs = [(again[attribute.identity(item)], before.get(attribute.identity(item))) for item in converted]
    return [_from_api(element, item, past) or {} for item, past in pairs]


def inputs_of(schema: Schema, state: Values, previous: Values | None) -> Values:
    """Say which inputs would lead to `state`.

    With `previous` (a refresh) these are the inputs that were set, as they are now, and whatever else was set behind
    the program's back; without (an import) everything that can be set and differs from its default.
    """
    inputs = {}
    for name, attribute in schema.items():
        if attribute.read_only:
            continue
        past = None if previous is None else previous.get(name)
        value = _input(attribute, state.get(name), past, refresh=previous is not None)
        if value is not None:
            inputs[name] = value
    return inputs


def _input(attribute: Attribute, live: Value, past: Value, *, refresh: bool) -> Value:
    if past is None:
        unset = empty(live) or live == attribute.default or (refresh and attribute.computed)
        return None if unset else _all_inputs(attribute, live)
    if attribute.write_only or (empty(live) and empty(past)):
        return past
    if live is None or attribute.fields is None:
        return live
    if attribute.kind == "object":
        return inputs_of(attribute.fields, live, past)
    # An element that was renamed behind the program's back is shown as the one that stood in its place.
    before = dict(enumerate(past)) | {attribute.identity(element): element for element in past}
    shapes = [before.get(attribute.identity(element), before.get(place)) for place, element in enumerate(live)]
    return [inputs_of(attribute.fields, element, shape) for element, shape in zip(live, shapes, strict=True)]


def _all_inputs(attribute: Attribute, live: Value) -> Value:
    if attribute.fields is None:
        return live
    if attribute.kind == "object":
        return inputs_of(attribute.fields, live, None)
    return [inputs_of(attribute.fields, element, None) for element in live]
