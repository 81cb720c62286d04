"""Asks a model's endpoint, with what fits the version that serves, and with hints that fit an error."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from model_ops.commands import Commands, program
from model_ops.deployed import DeployedStack
from model_ops.errors import ModelOpsError, RequestError, WorkspaceError
from model_ops.proving.answer import Answer, UnansweredError, answering_version, ask
from model_ops.proving.probe import invocations
from model_ops.proving.request import Takes
from model_ops.served import served_entities, serving
from model_ops.signatures.conformance import example, mismatches
from model_ops.signatures.signature import Signature
from model_ops.target import TargetModel
from model_ops.versions.detail import read_mlmodel
from model_ops.versions.mlmodel import MlModel
from model_ops.workspace.files import ModelFiles

REFUSED = frozenset({400, 422})
"""What a scoring server answers to a request that it cannot take."""
MISFITS = 3
"""As many of the places where a request does not fit are named."""


@dataclass(frozen=True, kw_only=True)
class Input:
    """What the version that serves takes, and an example: its own, or one made of its signature."""

    version: int
    signature: Signature | None
    example: Any
    own: bool
    """The example was logged with the version."""


def read_input(stack: DeployedStack, model: TargetModel) -> Input:
    """Read what the version that serves takes.

    Raises StackError where nothing is pinned; VersionError, SignatureError and WorkspaceError.
    """
    number = _serving(stack, model)
    mlmodel = read_mlmodel(stack, model, number)
    signature = Signature.from_mlmodel(mlmodel.signature)
    logged = _example(stack, model, number, mlmodel)
    made = example(signature.inputs) if signature and signature.inputs else None
    return Input(
        version=number,
        signature=signature,
        example=Takes(label="", signature=signature).body(made) if logged is None else logged,
        own=logged is not None,
    )


def make_request(stack: DeployedStack, model: TargetModel, words: Sequence[str], text: str | None = None) -> Any:
    """Make a request of what a person typed: words, or the `text` of a file with JSON; raises RequestError.

    Raises StackError where nothing is pinned, and WorkspaceError.
    """
    commands, takes = stack.commands_for(model), _takes(stack, model)
    try:
        return takes.request(words) if text is None else takes.body(json.loads(text))
    except RequestError as error:
        raise RequestError(f"{error}\n{_see(commands)}") from None
    except (ValueError, RecursionError) as error:
        raise RequestError(f"The input is no JSON: {error}.\n{_see(commands)}") from None


def ask_endpoint(stack: DeployedStack, model: TargetModel, request: Any) -> Answer:
    """Send a request to the model's endpoint: JSON as the scoring server takes it; a text is one user message.

    Raises StackError where nothing is pinned, and WorkspaceError where no answer comes.
    """
    endpoint = stack.workspace.endpoint(model.endpoint_name) or {}
    if not serving(endpoint, model.full_name):
        stack.pinned(model)
    try:
        answer = ask(invocations(stack, model), stack.workspace.authorization(), request)
    except UnansweredError as error:
        hint = _hint(error.status, stack, model, request)
        raise WorkspaceError(f"{error}\n{hint}") from None
    names = served_entities(endpoint, model.full_name)
    return replace(answer, version=answering_version(answer.served_by, names))


def _serving(stack: DeployedStack, model: TargetModel) -> int:
    """The version that answers most requests, else the one that is pinned."""
    found = serving(stack.workspace.endpoint(model.endpoint_name), model.full_name)
    return found[0] if found else stack.pinned(model)


def _takes(stack: DeployedStack, model: TargetModel) -> Takes:
    number = _serving(stack, model)
    return Takes(label=f"Version {number} of {model.name}", signature=_signature(stack, model, number))


def _signature(stack: DeployedStack, model: TargetModel, number: int) -> Signature | None:
    """None also where the version can no longer be read: it may serve on, and is asked as a chat."""
    try:
        return Signature.from_mlmodel(read_mlmodel(stack, model, number).signature)
    except WorkspaceError:
        raise
    except ModelOpsError:
        return None


def _example(stack: DeployedStack, model: TargetModel, number: int, mlmodel: MlModel) -> Any:
    if mlmodel.input_example is None:
        return None
    try:
        return json.loads(ModelFiles(stack.workspace, model.full_name, number).read(mlmodel.input_example))
    except (ModelOpsError, ValueError, RecursionError):
        return None


def _hint(status: int | None, stack: DeployedStack, model: TargetModel, request: Any) -> str:
    """What to do about an answer: each kind has its own cause."""
    commands = stack.commands_for(model)
    if status in REFUSED:
        return "".join([*_misfits(stack, model, request), _see(commands)])
    again = "then run this again."
    hints = {
        401: f"The credentials are not taken: set DATABRICKS_TOKEN to one that is good, {again}",
        403: f"You may not ask it: let somebody add you to access.query in {commands.file}, then: {commands.up}",
        413: f"A request has at most 16 MB: leave something out, {again} Many rows: {program()} score --help",
        429: f"It is asked too often just now: wait a moment, {again}",
        500: f"See whether it answers its own example: {commands.model_ops('verify')}. {_see(commands)}",
    }
    return hints.get(status or 0, f"See what there is and what serves: {commands.model_ops('status')}")


def _misfits(stack: DeployedStack, model: TargetModel, request: Any) -> list[str]:
    signature = _takes(stack, model).signature
    if signature is None or signature.inputs is None or isinstance(request, str):
        return []
    return [f"By its signature: {sentence}.\n" for sentence in mismatches(request, signature.inputs)[:MISFITS]]


def _see(commands: Commands) -> str:
    return f"See what it takes, with an example: {commands.model_ops('ask')}"
