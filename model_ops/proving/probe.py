"""A real request to an endpoint: the version's own example of an input, whose answer must fit its signature."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from model_ops.deployed import DeployedStack
from model_ops.errors import ModelOpsError, VersionError, first_line
from model_ops.proving.answer import answering_version, send
from model_ops.served import Expected, served_entities
from model_ops.signatures.conformance import mismatches
from model_ops.signatures.signature import Signature
from model_ops.target import TargetModel
from model_ops.versions.detail import read_mlmodel
from model_ops.versions.mlmodel import MlModel
from model_ops.workspace.files import ModelFiles
from model_ops.workspace.registry import Registry


@dataclass(frozen=True, kw_only=True)
class Probe:
    """How a request to one version went; `skipped` says why none was sent."""

    version: int
    seconds: float | None = None
    problems: tuple[str, ...] = ()
    skipped: str | None = None

    def __str__(self) -> str:
        """Say it as the end of a sentence about the version."""
        if self.skipped:
            return f"; version {self.version} was sent no request: {self.skipped}"
        if self.problems:
            problems = "".join(f"\n  - {problem}" for problem in self.problems)
            return f"; but version {self.version} failed its proof:{problems}"
        return f"; version {self.version} answered its own example in {(self.seconds or 0) * 1000:.0f} ms"


def probe(stack: DeployedStack, model: TargetModel, expected: Expected) -> tuple[Probe, ...]:
    """Send each version that takes traffic its own example, as a client does; raises WorkspaceError.

    Where several share the traffic, each is asked by the name of its served entity, for a route may choose any of them.
    """
    serving = [version for version, share in sorted(expected.traffic.items()) if share]
    names = served_entities(stack.workspace.endpoint(model.endpoint_name) or {}, model.full_name)
    return tuple(_probe(stack, model, version, names, alone=len(serving) == 1) for version in serving)


def _probe(stack: DeployedStack, model: TargetModel, version: int, names: Mapping[int, str], *, alone: bool) -> Probe:
    try:
        mlmodel, body = _example(stack, model, version)
    except (ModelOpsError, ValueError) as error:
        return _unread(stack, model, version, error)
    if body is None:
        return Probe(version=version, skipped="it was logged without an example of its input")
    began = time.monotonic()
    try:
        address = invocations(stack, model, None if alone else names.get(version))
        answer, served_by = send(address, stack.workspace.authorization(), body)
    except ModelOpsError as error:
        return Probe(version=version, problems=(error.headline,))
    seconds = time.monotonic() - began
    problems = (*_wrong_version(served_by, version, names), *_unfit(answer, Signature.from_mlmodel(mlmodel.signature)))
    return Probe(version=version, seconds=seconds, problems=problems)


def _unread(stack: DeployedStack, model: TargetModel, version: int, error: Exception) -> Probe:
    """Without its example it is sent no request; that it serves is no proof where the registry has it no more."""
    try:
        Registry(stack.workspace).version(model.full_name, version)
    except VersionError as absent:
        return Probe(version=version, problems=(f"the registry has it no more: {absent.headline}",))
    except ModelOpsError:
        pass  # who may not look does not know
    return Probe(version=version, skipped=f"its example cannot be read: {first_line(error)}")


def _example(stack: DeployedStack, model: TargetModel, version: int) -> tuple[MlModel, Any]:
    mlmodel = read_mlmodel(stack, model, version)
    if mlmodel.input_example is None:
        return mlmodel, None
    return mlmodel, json.loads(ModelFiles(stack.workspace, model.full_name, version).read(mlmodel.input_example))


def invocations(stack: DeployedStack, model: TargetModel, entity: str | None = None) -> str:
    """Where the model's endpoint is asked, or one of its served entities by name."""
    endpoint = f"{stack.workspace.url}/serving-endpoints/{quote(model.endpoint_name)}"
    return f"{endpoint}/served-models/{quote(entity)}/invocations" if entity else f"{endpoint}/invocations"


def _wrong_version(served_by: str, version: int, names: Mapping[int, str]) -> list[str]:
    """An answer that names no served entity of the endpoint's speaks for nobody, and against nobody."""
    if answering_version(served_by, names) in {None, version}:
        return []
    return [f"{served_by} answered, not version {version}"]


def _unfit(body: Any, signature: Signature | None) -> list[str]:
    if signature is None or signature.outputs is None:
        return []
    return [f"its answer does not fit its signature: {each}" for each in mismatches(body, signature.outputs)]
