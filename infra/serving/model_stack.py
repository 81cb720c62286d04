"""What a stack makes for one model: experiment, registered model and, once a version is pinned, the endpoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pulumi

from infra import naming
from infra.access import access_lists
from infra.catalog.unity_catalog import UnitySchema
from infra.foundation.workspace import Workspace
from infra.proof.serving_proof import Proof
from infra.proof.workspace_api import WorkspaceApi
from infra.serving.experiment import Experiment, ExperimentArgs
from infra.serving.registered_model import RegisteredModel, RegisteredModelArgs
from infra.serving.serving_endpoint import ServingEndpoint, ServingEndpointArgs
from infra.settings.schema import Model, Settings
from model_ops.commands import Commands
from model_ops.served import Canary, Expected


@dataclass(frozen=True, kw_only=True)
class ModelStack:
    """One model of a stack, with all that its resources are made from."""

    name: str
    model: Model
    stack: str
    commands: Commands
    settings: Settings
    workspace: Workspace
    api: WorkspaceApi
    """The workspace where it answers already, as it does wherever something is pinned."""
    run_id: str | None

    def provision(self, schema: UnitySchema) -> dict[str, Any]:
        """Make the model's resources, and return its part of the stack's outputs."""
        self._experiment()
        registered = self._registered_model(schema)
        expected = self._expected()
        if expected is not None:
            self._endpoint(expected, registered)
        return self._outputs(expected)

    def _experiment(self) -> Experiment:
        args = ExperimentArgs(
            path=self.model.experiment_name(self.stack, self.name),
            levels=access_lists.on_experiment(self.model.access),
            protect=self.settings.protect,
        )
        return Experiment(self.name, args, self.workspace.options())

    def _registered_model(self, schema: UnitySchema) -> RegisteredModel:
        args = RegisteredModelArgs(
            catalog=self.model.catalog,
            schema=self.model.schema_name,
            model=self.name,
            privileges=access_lists.on_model(self.model.access),
            protect=self.settings.protect,
            after=[schema],
        )
        return RegisteredModel(self.name, args, self.workspace.options())

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

    def _endpoint(self, expected: Expected, registered: RegisteredModel) -> ServingEndpoint:
        args = ServingEndpointArgs(
            model=self.name,
            catalog=self.model.catalog,
            schema=self.model.schema_name,
            expected=expected,
            run_id=self.run_id,
            endpoint=self.model.endpoint,
            levels=access_lists.on_endpoint(self.model.access),
            tags=self.settings.tags,
            protect=self.settings.protect,
            proof=self._proof(expected).hook(),
            after=[registered],
        )
        return ServingEndpoint(self.name, args, self.workspace.options())

    def _proof(self, expected: Expected) -> Proof:
        return Proof(
            commands=self.commands,
            model=self.name,
            expected=expected,
            api=self.api,
            timeout_minutes=self.model.endpoint.timeout_minutes,
        )

    def _outputs(self, expected: Expected | None) -> dict[str, Any]:
        """What is pinned, never what is served: that is asked of the workspace."""
        endpoint = self.model.endpoint_name(self.name)
        url = pulumi.Output.from_input(self.workspace.url).apply(lambda url: naming.invocations_url(url, endpoint))
        canary = self.model.canary
        return {
            "full_name": self.model.full_name(self.name),
            "endpoint_name": endpoint,
            "endpoint_url": url if expected else None,
            "pinned_version": self.model.served_version,
            "warm_versions": list(self.model.warm_versions),
            "canary": {"version": canary.version, "percent": canary.percent} if canary else None,
            "run_id": self.run_id,
            "experiment_name": self.model.experiment_name(self.stack, self.name),
        }
