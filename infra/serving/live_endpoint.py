"""A serving endpoint as it is now, and what of it no stack file can say: handed on, so that nothing takes it away.

The provider sends an endpoint's whole configuration with each change. What the program leaves out is removed, so what
somebody has set by hand would be gone after the next rollback.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi_databricks as databricks

from infra import naming
from infra.proof.thing import endpoint
from infra.proof.workspace_api import UnansweredError, WorkspaceApi
from infra.settings.mistake import SettingsError, told
from infra.settings.schema import Settings
from model_ops.served import served_entities, traffic_of

VERSION_TAG = "model_version"
RETIRED_TAG = "retired"
Body = Mapping[str, Any]
OF_ENTITY = frozenset(inspect.signature(databricks.ModelServingConfigServedEntityArgs).parameters)
"""What the provider takes for a served entity, by the REST API's names."""
OF_GATEWAY = frozenset(inspect.signature(databricks.ModelServingAiGatewayArgs).parameters)
OF_ENDPOINT = ("budget_policy_id", "description", "route_optimized", "telemetry_config")
NOTIFIED = {"on_update_success": "on_update_successes", "on_update_failure": "on_update_failures"}
"""What the provider calls the REST API's lists."""
TOLD_VERSION = re.compile(r"-v([0-9]{1,18})$")
UNSET: tuple[Any, ...] = (None, "", 0, {}, [])
"""What the REST API shows of what was never set, or set to nothing."""


def find(settings: Settings, api: WorkspaceApi | None) -> Mapping[str, LiveEndpoint]:
    """Look at the endpoint of each model that has one; without an `api` there is no workspace yet.

    Raises SettingsError where the workspace does not say what is there.
    """
    found = {}
    for name, model in settings.models.items():
        body: Body | None = None
        if api and model.served_version is not None:
            asked = endpoint(model.endpoint_name(name), name)
            try:
                body = api.get(asked.path)
            except UnansweredError as error:
                refusal = told(
                    f"  {asked.setting}",
                    f"no answer about it from {api.address}: {error}",
                    "a workspace that answers, and an identity that may see the endpoint (CAN_VIEW)",
                    f"see that both hold: databricks serving-endpoints get {asked.name}",
                )
                head = f"Nobody knows what endpoint {asked.name} serves now. No resource was touched."
                raise SettingsError(f"{head}\n{refusal}") from None
        found[name] = LiveEndpoint(body or {}, model.full_name(name))
    return found


@dataclass(frozen=True)
class LiveEndpoint:
    """What `GET /api/2.0/serving-endpoints/{name}` answers; empty where there is no such endpoint."""

    body: Body
    model: str
    """The full name of the registered model that the stack serves with it."""

    @property
    def exists(self) -> bool:
        """Whether there is one."""
        return bool(self.body)

    @property
    def retiring(self) -> bool:
        """Whether an earlier `up` has let go of it, so that this one may take it down."""
        return self.tags.get(RETIRED_TAG) == "true"

    @property
    def route_optimized(self) -> bool:
        """Whether it was made for many requests a second, which no update changes."""
        return bool(self.body.get("route_optimized"))

    def is_untouched(self, traffic: Mapping[int, int]) -> bool:
        """Whether it serves `traffic` (percent by version) and no rollout of a stack's has ever tagged it."""
        return self.exists and VERSION_TAG not in self.tags and traffic_of(self._active, self.model) == dict(traffic)

    def entity_name(self, entry: str, version: int) -> str:
        """The served entity's name of a version: the one that it has, for another one would deploy it anew.

        A name that tells of another version is not kept: clients read the version from it.
        """
        name = served_entities(self._active, self.model).get(version) or ""
        told = TOLD_VERSION.search(name)
        return naming.served_entity(entry, version) if not name or (told and int(told[1]) != version) else name

    def entity_order(self, deployed: Iterable[int]) -> list[int]:
        """The versions to deploy as they stand in the configuration; where others are deployed, by their number."""
        return _ordered(deployed, [int(each["entity_version"]) for each in self._entities])

    def route_order(self, deployed: Iterable[int]) -> list[int]:
        """The versions to deploy as their routes stand; where others are deployed, by their number."""
        return _ordered(deployed, list(self._routed))

    @property
    def environments(self) -> dict[int, dict[str, str]]:
        """The variables of each version that is deployed."""
        entities = self._entities
        return {int(each["entity_version"]): dict(each.get("environment_vars") or {}) for each in entities}

    def entity_settings(self, version: int) -> dict[str, Any]:
        """What is set of a version's served entity, by the provider's names.

        Of a version that is not deployed, what is set of the one with most traffic: a rollout keeps its environment.
        """
        entities = {int(each["entity_version"]): each for each in self._entities}
        shares = traffic_of(self._active, self.model)
        model = entities.get(version) or entities.get(max(shares, key=lambda each: shares[each], default=0)) or {}
        return {key: value for key, value in model.items() if key in OF_ENTITY and value not in UNSET}

    @property
    def settings(self) -> dict[str, Any]:
        """What is set of the endpoint itself, by the provider's names."""
        found = {key: self.body[key] for key in OF_ENDPOINT if self.body.get(key)}
        told = self.body.get("email_notifications") or {}
        notified = {NOTIFIED[key]: each for key, each in told.items() if each and key in NOTIFIED}
        return {**found, "email_notifications": notified} if notified else found

    @property
    def gateway(self) -> dict[str, Any]:
        """What is set of its AI Gateway, by the provider's names."""
        gateway = self.body.get("ai_gateway") or {}
        return {key: value for key, value in gateway.items() if key in OF_GATEWAY and value not in UNSET}

    @property
    def _active(self) -> Body:
        """The endpoint with what it is about to serve in place of what it serves, while that is nothing yet."""
        return {**self.body, "config": self.body.get("config") or self.body.get("pending_config") or {}}

    @property
    def _entities(self) -> list[Body]:
        entities = self._active["config"].get("served_entities") or ()
        return [each for each in entities if each.get("entity_name") == self.model and "entity_version" in each]

    @property
    def _routed(self) -> Iterator[int]:
        versions = {name: version for version, name in served_entities(self._active, self.model).items()}
        for route in (self._active["config"].get("traffic_config") or {}).get("routes") or ():
            name = route.get("served_entity_name") or route.get("served_model_name")
            if name in versions:
                yield versions[name]

    @property
    def tags(self) -> dict[str, str]:
        """Its tags by their keys."""
        return {tag["key"]: tag.get("value", "") for tag in self.body.get("tags") or ()}


def _ordered(deployed: Iterable[int], live: list[int]) -> list[int]:
    by_number = sorted(deployed)
    return live if sorted(live) == by_number else by_number
