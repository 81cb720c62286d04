"""What a stack makes for one entry: experiment, registered model and, once a version is pinned, the endpoint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from infra import naming
from infra.access import access_lists
from infra.foundation.secret_scope import SecretScope
from infra.foundation.workspace import Workspace
from infra.proof import thing
from infra.proof.claims import Claim, Claims
from infra.proof.rollout_errors import RolloutErrors
from infra.proof.serving_proof import Proof
from infra.proof.thing import Thing
from infra.proof.workspace_api import WorkspaceApi
from infra.serving import served_entity
from infra.serving.experiment import Experiment, ExperimentArgs
from infra.serving.live_endpoint import LiveEndpoint
from infra.serving.model_plan import ModelPlan
from infra.serving.registered_model import RegisteredModel, RegisteredModelArgs
from infra.serving.serving_endpoint import ServingEndpoint, ServingEndpointArgs
from infra.settings.schema import Model, Settings
from model_ops import secret_reference
from model_ops.commands import Commands
from model_ops.served import Canary, Expected

PATIENCE = 30
"""Seconds in which a workspace must answer about a rollout that has failed already."""


@dataclass(frozen=True, kw_only=True)
class ModelStack:
    """One model of a stack, with all that its resources are made from."""

    name: str
    model: Model
    plan: ModelPlan
    stack: str
    commands: Commands
    settings: Settings
    workspace: Workspace
    api: WorkspaceApi
    """The workspace where it answers already, as it does wherever something is pinned."""
    claims: Claims
    live: LiveEndpoint
    scopes: Mapping[str, SecretScope]
    """The stack's secret scopes by their names."""
    run_id: str | None
    replacing: str | None
    """How far a change is that needs another endpoint; None where none does."""
    asked_by: frozenset[str] = frozenset()
    """Who serves other models of the stack that declare to use this one's endpoint."""
    after: Sequence[pulumi.Resource] = ()
    """What gives those who serve it what it declares to use."""

    def provision(self, registered: Sequence[RegisteredModel]) -> dict[str, Any]:
        """Make all but the registered model, which is there by then, and return the entry's part of the outputs."""
        path, own = self.model.experiment_name(self.stack, self.name), self.model.experiment
        adopted, created = own is not None and own.adopt, self.model.has_experiment
        claim = self._claim(thing.experiment(path, self.name), adopted, created=created)
        if claim.held:
            self._experiment(path, claim)
        expected = self._expected()
        if expected is not None and not self._is_taken_down:
            self._endpoint(expected, registered)
        return self._outputs(None if self.model.retired else expected)

    @property
    def _is_taken_down(self) -> bool:
        """The engine deletes nothing that it protects, so a first run lets go of the endpoint of a retired model."""
        is_let_go = self.live.retiring or not self.live.exists or not self.settings.protect
        return self.model.retired and is_let_go

    def _experiment(self, path: str, claim: Claim) -> Experiment:
        args = ExperimentArgs(
            path=path,
            claim=claim,
            levels=access_lists.on_experiment(self.model.access),
            protect=self.settings.protect,
            leaving=self.model.retired,
        )
        return Experiment(self.name, args, self.workspace.options())

    def registered_model(self, after: Sequence[pulumi.Resource]) -> RegisteredModel:
        """Make the registered model, or only use it: after its schema, and after the entry that creates it."""
        claimed = thing.registered_model(self.plan.full_name, self.name)
        args = RegisteredModelArgs(
            catalog=self.model.catalog,
            schema=self.model.schema_name,
            model=self.model.registered_name(self.name),
            comment=self.model.comment,
            owner=self.model.owner,
            claim=self._claim(claimed, created=self.model.create_model),
            privileges=self.plan.privileges if self.plan.entry == self.name else {},
            protect=self.settings.protect,
            leaving=self.model.retired,
            after=after,
        )
        return RegisteredModel(self.name, args, self.workspace.options())

    def _claim(self, claimed: Thing, own: bool = False, *, created: bool = True) -> Claim:
        return self.claims.on(claimed, adopted=self.model.adopt or own, created=created)

    def _expected(self) -> Expected | None:
        """What the endpoint must serve; None while nothing is pinned, and so without an endpoint."""
        model, canary = self.model, self.model.canary
        if model.served_version is None:
            return None
        return Expected(
            endpoint=model.endpoint_name(self.name),
            model=model.full_name(self.name),
            version=model.served_version,
            canary=Canary(version=canary.version, percent=canary.percent) if canary else None,
            warm=model.warm_versions,
        )

    def _endpoint(self, expected: Expected, registered: Sequence[RegisteredModel]) -> ServingEndpoint:
        args = ServingEndpointArgs(
            model=self.name,
            table_schema=self.model.table_schema,
            table_readers=access_lists.on_table_schema(self.model.table_readers),
            expected=expected,
            live=self.live,
            claim=self._claim(thing.endpoint(expected.endpoint, self.name), self.model.endpoint.adopt),
            run_id=self.run_id,
            endpoint=self.model.endpoint,
            levels=access_lists.on_endpoint(self.model.access, sorted(self.asked_by)),
            tags={**self.settings.tags, **self.model.tags},
            protect=self.settings.protect,
            leaving=self.model.retired,
            replacing=self.replacing,
            proof=self._proof(expected).hook(),
            on_error=self._errors(expected).hook(),
            after=[*registered, *self._scopes_used(expected), *self.after],
        )
        return ServingEndpoint(self.name, args, self.workspace.options())

    def _scopes_used(self, expected: Expected) -> list[SecretScope]:
        """Those of the stack's secret scopes that a served version's environment refers to."""
        variables = [served_entity.environment(self.model.endpoint, self.live, each) for each in expected.traffic]
        found = [reference for each in variables for reference in secret_reference.in_environment(each).values()]
        used = {reference.scope.casefold() for reference in found}
        return [scope for name, scope in self.scopes.items() if name.casefold() in used]

    def _proof(self, expected: Expected) -> Proof:
        return Proof(
            commands=self.commands,
            model=self.name,
            expected=expected,
            api=self.api,
            timeout_minutes=self.model.endpoint.timeout_minutes,
        )

    def _errors(self, expected: Expected) -> RolloutErrors:
        return RolloutErrors(
            commands=self.commands,
            model=self.name,
            expected=expected,
            api=self.api.within(PATIENCE),
            timeout_minutes=self.model.endpoint.timeout_minutes,
        )

    def _outputs(self, expected: Expected | None) -> dict[str, Any]:
        """What is pinned, never what is served: that is asked of the workspace."""
        endpoint, model = self.model.endpoint_name(self.name), self.model
        url = pulumi.Output.from_input(self.workspace.url).apply(lambda url: naming.invocations_url(url, endpoint))
        canary = expected.canary if expected else None
        return {
            "full_name": model.full_name(self.name),
            "endpoint_name": endpoint,
            "endpoint_url": url if expected else None,
            "pinned_version": expected.version if expected else None,
            "warm_versions": list(expected.warm) if expected else [],
            "canary": {"version": canary.version, "percent": canary.percent} if canary else None,
            "run_id": self.run_id,
            "experiment_name": self._trained_in,
            "retired": self._retirement,
            "replacing": self.replacing if expected else None,
        }

    @property
    def _trained_in(self) -> str:
        """The experiment of the training: of a model that another entry creates, that entry's."""
        entry = self.name if self.model.has_experiment else self.plan.entry
        return self.settings.models[entry].experiment_name(self.stack, entry)

    @property
    def _retirement(self) -> str | None:
        """How far a retired model is: `let go`, and the next `up` takes its endpoint down, or `down`."""
        if not self.model.retired:
            return None
        return "down" if self._is_taken_down else "let go"
