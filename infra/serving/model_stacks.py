"""The models of a stack, made one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from infra.access.resource_plan import ResourcePlan
from infra.catalog.unity_catalog import UnitySchema
from infra.foundation.secret_scope import SecretScope
from infra.foundation.workspace import Workspace
from infra.proof.claims import Claims
from infra.proof.last_run import LastRun
from infra.proof.workspace_api import WorkspaceApi
from infra.serving import model_plan, replacement
from infra.serving.live_endpoint import LiveEndpoint
from infra.serving.model_stack import ModelStack
from infra.serving.registered_model import RegisteredModel
from infra.settings.schema import Settings
from model_ops.commands import Commands


@dataclass(frozen=True, kw_only=True)
class ModelStacks:
    """Every model of a stack, with what is the same for all of them and what was found of each."""

    stack: str
    commands: Commands
    settings: Settings
    workspace: Workspace
    api: WorkspaceApi
    claims: Claims
    last: LastRun
    runs: Mapping[str, str | None]
    """The training run of each model's pin."""
    live: Mapping[str, LiveEndpoint]
    uses: ResourcePlan
    scopes: Mapping[str, SecretScope]
    """The stack's secret scopes by their names."""
    after: Sequence[pulumi.Resource] = ()
    """What gives those who serve a model what it declares to use."""

    def provision(self, schemas: Mapping[tuple[str, str], UnitySchema]) -> dict[str, dict[str, Any]]:
        """Make them, each entry after those of the same registered model, and return each one's outputs."""
        made, outputs = dict[str, list[RegisteredModel]](), {}
        plans = model_plan.plan(self.settings.models)
        for name in model_plan.in_order(self.settings.models):
            model = self.settings.models[name]
            entry = self._entry(name, plans[model.full_name(name)])
            registered = made.setdefault(entry.plan.full_name, [])
            registered.append(entry.registered_model([schemas[model.catalog, model.schema_name], *registered]))
            outputs[name] = entry.provision(tuple(registered))
        return outputs

    def _entry(self, name: str, plan: model_plan.ModelPlan) -> ModelStack:
        model = self.settings.models[name]
        return ModelStack(
            name=name,
            model=model,
            plan=plan,
            stack=self.stack,
            commands=self.commands.among(name, self.settings.models),
            settings=self.settings,
            workspace=self.workspace,
            api=self.api,
            claims=self.claims,
            live=self.live[name],
            scopes=self.scopes,
            run_id=self.runs.get(name),
            replacing=self._replacing(name),
            asked_by=self.uses.endpoints.get(model.endpoint_name(name), frozenset()),
            after=self.after,
        )

    def _replacing(self, name: str) -> str | None:
        """How far a change is that needs another endpoint; None where none does."""
        return replacement.progress(
            self.settings.models[name].endpoint.route_optimized,
            self.live[name],
            protected=self.settings.protect,
            let_go=self.last.has_let_go(name),
        )
