"""Looks whether what a version needs is there before it is rolled out: its secrets, and what it declares to use.

A container that misses one of them fails after twenty minutes. Whoever may not look is not told: `model-ops check` says
what nobody knows. What serves already is not looked up again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from infra.proof import declared_resources
from infra.proof.workspace_api import UnansweredError, WorkspaceApi
from infra.serving.live_endpoint import LiveEndpoint
from infra.serving.served_entity import environment
from infra.settings.mistake import SettingsError, told
from infra.settings.schema import Model, Settings
from model_ops import secret_reference
from model_ops.commands import Commands
from model_ops.secret_reference import SecretReference
from model_ops.versions.resources import Resource

PATHS = {
    "vector_search_index": "/api/2.0/vector-search/indexes/",
    "serving_endpoint": "/api/2.0/serving-endpoints/",
    "function": "/api/2.1/unity-catalog/functions/",
    "table": "/api/2.1/unity-catalog/tables/",
    "uc_connection": "/api/2.1/unity-catalog/connections/",
}
"""Where each kind is asked for by its name; of the others nobody here knows whether they are there."""
MAY_QUERY = frozenset({"CAN_QUERY", "CAN_MANAGE"})


def confirm(settings: Settings, live: Mapping[str, LiveEndpoint], api: WorkspaceApi, commands: Commands) -> None:
    """Raise SettingsError with everything that a version which is about to be deployed needs and that is not there."""
    lacking = [
        refusal
        for name, model in settings.models.items()
        for refusal in _Needs(settings, name, model, live[name], api, commands.among(name, settings.models)).lacking()
    ]
    if lacking:
        head = f"{commands.file} asks to serve what would find something missing. No resource was touched."
        raise SettingsError("\n".join([head, *lacking]))


@dataclass(frozen=True)
class _Needs:
    settings: Settings
    name: str
    model: Model
    live: LiveEndpoint
    api: WorkspaceApi
    commands: Commands

    def lacking(self) -> Iterator[str]:
        for version in self.model.deployed:
            before = self.live.environments.get(version)
            known = secret_reference.in_environment(before or {})
            wanted = secret_reference.in_environment(environment(self.model.endpoint, self.live, version))
            for variable, reference in wanted.items():
                if known.get(variable) != reference and (found := self._secret(reference)):
                    yield self._without_secret(version, variable, reference, *found)
            for resource in self._declared(version) if before is None else ():
                if missing := self._resource(resource):
                    yield self._without_resource(version, missing)

    def _secret(self, reference: SecretReference) -> tuple[str, str] | None:
        """What is missing of a secret, in words, and what to type."""
        put = f"databricks secrets put-secret {reference.scope} {reference.key}, which asks for the value"
        try:
            listed = self.api.get(f"/api/2.0/secrets/list?{urlencode({'scope': reference.scope})}")
        except UnansweredError:
            return None
        if listed is None and reference.scope in self.settings.secret_scopes:
            first = f"take `servedVersion` of {self.name} out, {self.commands.up}"
            return f"there is no secret scope {reference.scope}, which this stack makes", (
                f"{first}; then {put}; then pin the version"
            )
        if listed is None:
            return f"there is no secret scope {reference.scope}", put
        keys = {str(each.get("key")) for each in listed.get("secrets") or ()}
        return None if reference.key in keys else (f"scope {reference.scope} has no key {reference.key}", put)

    def _resource(self, resource: Resource) -> str | None:
        """What is missing of what a version declares, in words."""
        if resource.kind not in PATHS or resource.on_behalf_of_user or self._is_made(resource):
            return None
        try:
            found = self.api.get(f"{PATHS[resource.kind]}{quote(resource.name, safe='')}")
        except UnansweredError:
            return None
        if found is None:
            return f"{resource}, and there is none"
        level = str(found.get("permission_level") or "")
        if resource.kind == "serving_endpoint" and level and level not in MAY_QUERY:
            return f"{resource}, which whoever runs this may not query: {level}"
        return None

    def _is_made(self, resource: Resource) -> bool:
        """Whether this very stack makes it."""
        search = self.settings.vector_search
        own = {model.endpoint_name(name) for name, model in self.settings.models.items()}
        return (search is not None and resource.name in search.indexes) or (
            resource.kind == "serving_endpoint" and resource.name in own
        )

    def _declared(self, version: int) -> tuple[Resource, ...]:
        try:
            return declared_resources.declared(self.model.full_name(self.name), version, self.api.text).resources
        except (UnansweredError, ValueError):
            return ()

    def _without_secret(self, version: int, variable: str, reference: SecretReference, found: str, mend: str) -> str:
        return told(
            f"  rollpin:models.{self.name}.endpoint.environment.{variable}",
            f"{reference} for version {version}: {found}",
            "a secret that is there before the container starts",
            mend,
        )

    def _without_resource(self, version: int, found: str) -> str:
        return told(
            f"  rollpin:models.{self.name}.servedVersion",
            f"version {version}, which declares the {found}",
            "a version all of whose `resources` are there, and may be used",
            f"see all of them, with what mends each: {self.commands.model_ops('check', '--pin', version)}",
        )
