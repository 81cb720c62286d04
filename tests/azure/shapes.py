"""What Azure's REST specification says of a resource's inputs, as pulumi-azure-native carries it.

Its classes are generated from the specification, at the version of the API that the provider calls: names, types, what
is required, and the values that an enumeration has. They carry neither patterns nor what is read-only after creation:
for these see `tests.azure.kind`.
"""

from __future__ import annotations

import collections.abc
import enum
import functools
import importlib
import inspect
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pulumi
from pulumi import _types

from engine.stand_in.values import UNKNOWN

Form = Literal["string", "bool", "int", "number", "list", "map", "object", "any"]
SCALARS: Mapping[type, Form] = {str: "string", bool: "bool", int: "int", float: "number"}


@dataclass(frozen=True)
class Shape:
    """The form of a value: of a list or map, of its elements too; of an object, of its fields."""

    form: Form
    allowed: tuple[str, ...] = ()
    """What an enumeration has; empty where any string will do."""
    element: Shape | None = None
    of: type | None = None
    """The SDK's class of an object."""

    @property
    def fields(self) -> Mapping[str, Field]:
        """The fields of an object, by their names in Pulumi."""
        return fields(self.of) if self.of else {}


@dataclass(frozen=True)
class Field:
    """One field of an object."""

    shape: Shape
    required: bool = field(kw_only=True)


def inputs(token: str) -> Mapping[str, Field]:
    """The inputs of a resource by its type, such as `azure-native:storage:StorageAccount`."""
    module, name = _place(token)
    # Where `…Args` is a part of another resource, the resource's own are `…InitArgs`.
    return fields(getattr(module, f"{name}InitArgs", None) or getattr(module, f"{name}Args"))


def outputs(token: str) -> Mapping[str, type]:
    """The types of all that is known of a resource when it is there, by name."""
    module, name = _place(token)
    return _types.resource_types(getattr(module, name))


def foreseen(types: Mapping[str, type], told: Mapping[str, Any]) -> dict[str, Any]:
    """What a preview knows of outputs: what was told, and of all else, in objects too, that it is not known yet.

    That is so of what Azure takes as a list and gives back as a map.
    """
    known = {}
    for name, of in types.items():
        value = told.get(name, UNKNOWN)
        if isinstance(value, list) and typing.get_origin(_types.unwrap_optional_type(of)) is collections.abc.Mapping:
            value = UNKNOWN
        inner = isinstance(value, dict) and _types.is_output_type(of)
        known[name] = foreseen(_types.output_type_types(of), value) if inner else value
    return known


def settable(fields: Mapping[str, Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """What of outputs could be inputs, in objects too."""
    return {name: _settable(fields[name].shape, value) for name, value in values.items() if name in fields}


def _settable(shape: Shape, value: Any) -> Any:
    if shape.form == "object" and isinstance(value, dict):
        return settable(shape.fields, value)
    if shape.form == "list" and shape.element and isinstance(value, list):
        return [_settable(shape.element, each) for each in value]
    return value


@functools.cache
def fields(of: type) -> Mapping[str, Field]:
    """The fields of one of the SDK's classes of inputs."""
    names = _types.input_type_py_to_pulumi_names(of)
    known = {**vars(pulumi), **vars(importlib.import_module(of.__module__))}
    hints = typing.get_type_hints(of.__init__, known, {"T": type(None)})
    arguments = inspect.signature(of.__init__).parameters
    return {
        name: Field(_shape(hints[python]), required=arguments[python].default is inspect.Parameter.empty)
        for python, name in names.items()
    }


def _place(token: str) -> tuple[Any, str]:
    _, module, name = token.split(":")
    return importlib.import_module(f"pulumi_azure_native.{module}"), name


def _shape(hint: Any) -> Shape:
    """Read an annotation: the value itself, of all that the SDK lets stand for it, such as an output or a dict."""
    choices = [each for each in _choices(hint) if not _stands_for_another(each)]
    if values := [each for each in choices if isinstance(each, type) and issubclass(each, enum.Enum)]:
        return Shape("string", tuple(str(one.value) for one in values[0]))
    if objects := [each for each in choices if isinstance(each, type) and _types.is_input_type(each)]:
        return Shape("object", of=objects[0])
    (choice,) = choices
    match typing.get_origin(choice):
        case collections.abc.Sequence:
            return Shape("list", element=_shape(typing.get_args(choice)[0]))
        case collections.abc.Mapping:
            return Shape("map", element=_shape(typing.get_args(choice)[1]))
    return Shape(SCALARS.get(choice, "any"))


def _choices(hint: Any) -> list[Any]:
    if typing.get_origin(hint) is typing.Union:
        return [inner for each in typing.get_args(hint) for inner in _choices(each)]
    return [hint]


def _stands_for_another(choice: Any) -> bool:
    origin = typing.get_origin(choice)
    return choice is type(None) or origin in (collections.abc.Awaitable, pulumi.Output) or typing.is_typeddict(choice)
