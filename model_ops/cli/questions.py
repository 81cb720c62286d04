"""The six questions of `init`: each answered by an option, by a person, by the last run, or by its default."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

import click

from model_ops.errors import TemplateError
from model_ops.stack_name import STACK_NAME
from model_ops.template import state
from model_ops.template.answers import (
    OF_STACK,
    STACKS,
    Answers,
    PlatformKind,
    StackAnswer,
    require_model,
    require_project,
)

STATES = ["azure", "cloud", "directory", "environment"]


class Questions:
    """What is asked: `given` are the options, `known` the answers of the last run, `folder` the checkout's name."""

    def __init__(self, given: Mapping[str, Any], known: Mapping[str, Any], folder: str, *, asking: bool) -> None:
        self._given, self._known, self._folder, self._asking = given, known, folder, asking

    def answers(self) -> Answers:
        """Ask, in the order of the work; raises TemplateError where an option is no answer."""
        name = self._one("name", "1/6 The project's name", self._named(), require_project)
        names = self._stacks()
        stacks = self._platforms(names)
        model = self._one(
            "model", f"5/6 The first model, in full ({OF_STACK}: the stack's name)", self._model(name), require_model
        )
        address, key_vault = self._state()
        names = [name for stack in stacks for name in stack.names]
        owners = _by_stack(self._given["owners"], names)
        return Answers(
            project=name,
            stacks=stacks,
            model=model,
            state=address,
            key_vault=key_vault,
            owners=tuple(owners.pop("", self._known.get("owners", ()))),
            stack_owners=tuple(
                sorted((key, tuple(each)) for key, each in (owners or self._known_owners(names)).items())
            ),
            example=self._example(),
        )

    def _named(self) -> str:
        return str(
            self._known.get("project")
            or re.sub(r"[^A-Za-z0-9_.-]+", "-", self._folder).lstrip("0123456789_.-")
            or "models"
        )

    def _model(self, name: str) -> str:
        model = re.sub(r"[^a-z0-9_-]+", "_", name.lower()).strip("_-")
        return str(self._known.get("model") or f"{OF_STACK}.serving.{model[:55]}")

    def _example(self) -> bool:
        said = self._given["example"]
        return bool(self._known.get("example", True)) if said is None else bool(said)

    def _known_owners(self, names: Sequence[str]) -> dict[str, list[str]]:
        known = self._known.get("stack_owners") or {}
        return {stack: list(owners) for stack, owners in known.items() if stack in names}

    def _stacks(self) -> list[str]:
        if self._given["stacks"]:
            return [name for each in self._given["stacks"] for name in _words(each)]
        known = [each["name"] for each in self._known.get("stacks", ())]
        said = self._ask(
            "2/6 Its stacks, in the order in which they are deployed", ", ".join(known or STACKS), _stack_names
        )
        return _words(said)

    def _platforms(self, names: Sequence[str]) -> tuple[StackAnswer, ...]:
        known = {each["name"]: each for each in self._known.get("stacks", ())}
        said = {
            key: _by_stack(self._given[key], names)
            for key in ("platform", "host", "resource_id", "region", "metastore")
        }

        def of(key: str, stack: str) -> str:
            found = said[key].get(stack) or said[key].get("")
            return found[-1] if found else str(known.get(stack, {}).get(key, ""))

        answers = []
        for stack in names:
            kind = of("platform", stack) or "adopt"
            if not said["platform"]:
                kind = self._ask(
                    f"3/6 Stack {stack}: adopt a workspace, create a platform, or create it apart", kind, _kind
                )
            adopts = kind == "adopt"
            keys = ("host", "resource_id") if adopts else ("region", "metastore")
            values = {key: of(key, stack) for key in keys}
            # What was said for another kind of platform by name is a mistake, which StackAnswer tells.
            others = {
                key: said[key][stack][-1] for key in said if key not in (*keys, "platform") and stack in said[key]
            }
            if not said[keys[0]]:
                what = "the workspace's address (empty: fill it in later)" if adopts else "the Azure region"
                values[keys[0]] = self._ask(
                    f"4/6 Stack {stack}: {what}", values[keys[0]] or ("" if adopts else "westeurope"), str
                )
            answers.append(StackAnswer(name=stack, platform=kind, **values, **others))  # type: ignore[arg-type] # it looks
        return tuple(answers)

    def _state(self) -> tuple[str, str]:
        known, vault = str(self._known.get("state", "")), str(self._known.get("key_vault", ""))
        asked = any(self._given[key] for key in ("state", "storage_account", "key_vault", "directory"))
        if not asked and not self._asking and self._known:
            return known, vault
        kind = self._given["state"] or self._implied()
        if kind is None:
            kind = self._ask(f"6/6 Where Pulumi's state lives ({', '.join(STATES)})", _kind_of(known), _state_kind)
        if kind == "azure":
            account = self._one(
                "storage_account", "    Storage account", "", lambda name: state.blob(name, "state") and name
            )
            container = self._given["container"] or "state"
            vault = self._one("key_vault", "    Key Vault", "", lambda name: state.key_vault(name) and name)
            return state.blob(account, container), state.key_vault(vault)
        if kind == "directory":
            return state.directory(
                self._one("directory", "    Directory", "~/pulumi-state", lambda path: state.directory(path) and path)
            ), ""
        return (state.CLOUD if kind == "cloud" else ""), ""

    def _implied(self) -> str | None:
        if self._given["storage_account"] or self._given["key_vault"]:
            return "azure"
        return "directory" if self._given["directory"] else None

    def _one(self, option: str, question: str, default: str, require: Callable[[str], str]) -> str:
        said = self._given[option]
        return require(said) if said else self._ask(question, default, require)

    def _ask(self, question: str, default: str, require: Callable[[str], str]) -> str:
        """Ask until the answer is one; without a terminal the default has to be."""
        if not self._asking:
            return require(default)

        def answered(text: str) -> str:
            try:
                return require(text.strip())
            except TemplateError as error:
                raise click.UsageError(str(error)) from None

        return str(click.prompt(question, default=default, value_proc=answered, show_default=bool(default), err=True))


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s,]+", text) if word]


def _stack_names(text: str) -> str:
    names = _words(text)
    for name in names:
        StackAnswer(name=name)
    if not names or len(set(names)) != len(names):
        raise TemplateError(f"Name at least one stack, each once, as in: {', '.join(STACKS)}")
    return text


def _kind(text: str) -> str:
    if text not in get_args(PlatformKind):
        raise TemplateError(
            f"{text!r} is none of `adopt`, a workspace that exists; `create`, a whole platform; and `apart`, which "
            "creates it in a stack of its own."
        )
    return text


def _state_kind(text: str) -> str:
    if text not in STATES:
        raise TemplateError(f"{text!r} is none of: {', '.join(STATES)}. The last leaves it to PULUMI_BACKEND_URL.")
    return text


def _kind_of(address: str) -> str:
    kinds = {"azblob": "azure", "https": "cloud", "file": "directory"}
    return kinds.get(address.partition(":")[0], "environment")


def _by_stack(values: Sequence[str], stacks: Sequence[str]) -> dict[str, list[str]]:
    """Values by the stack that they are for; under the empty name those for all."""
    found: dict[str, list[str]] = {}
    for value in values:
        stack, equals, rest = value.partition("=")
        if equals and STACK_NAME.fullmatch(stack) and stack not in stacks:
            raise TemplateError(f"There is no stack {stack}, which {value!r} is about. There is: {', '.join(stacks)}.")
        named = bool(equals) and stack in stacks
        found.setdefault(stack if named else "", []).append(rest if named else value)
    return found
