"""What a stack makes for its models to use: vector search, and the grants on whatever they declare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pulumi

from infra.access.resource_plan import ResourcePlan
from infra.catalog import catalog_plan
from infra.catalog.catalog_plan import Readers
from infra.catalog.resource_access import ResourceAccess, ResourceAccessArgs
from infra.catalog.search_endpoint import SearchEndpoint, SearchEndpointArgs
from infra.catalog.unity_catalog import UnitySchema
from infra.foundation.workspace import Workspace
from infra.proof.claims import Claims
from infra.settings.schema import Settings
from infra.settings.search_schema import VectorSearch
from model_ops.commands import Commands

Schemas = Mapping[tuple[str, str], UnitySchema]
"""Those that the stack's models are in, by the names of catalog and schema."""


@dataclass(frozen=True, kw_only=True)
class ModelResources:
    """What the models of a stack use, and all that it is made from."""

    settings: Settings
    commands: Commands
    plan: ResourcePlan
    workspace: Workspace
    claims: Claims

    @cached_property
    def reached(self) -> Readers:
        """Who must reach something in a schema: an index, a volume, or what a model declares.

        Whoever reads the inference tables in a schema gets it with these: two grants to one would be at odds.
        """
        found = {schema: set(who) for schema, who in self.plan.schemas.items()}
        if search := self.settings.vector_search:
            for name, readers in search.readers:
                catalog, schema, _ = name.split(".")
                found.setdefault((catalog, schema), set()).update(readers)
        reading = catalog_plan.table_readers(
            {name: model for name, model in self.settings.models.items() if model.deployed}
        )
        left = {schema: frozenset(who) - frozenset(reading.get(schema, ())) for schema, who in found.items()}
        return {schema: who for schema, who in left.items() if who}

    def provision(self, schemas: Schemas) -> Sequence[pulumi.Resource]:
        """Make it all, and return what an endpoint has to wait for."""
        made: list[pulumi.Resource] = []
        if search := self.settings.vector_search:
            made.append(self._search(search, schemas))
        if self.plan.securables or self.reached:
            made.append(self._access(schemas, made))
        self._tell_of_the_rest()
        return made

    def _search(self, search: VectorSearch, schemas: Schemas) -> SearchEndpoint:
        args = SearchEndpointArgs(
            search=search,
            resources=self.plan,
            claims=self.claims,
            protect=self.settings.protect,
            schemas=schemas,
            after=self.workspace.after,
        )
        return SearchEndpoint("vector-search", args, self.workspace.options())

    def _access(self, schemas: Schemas, after: Sequence[pulumi.Resource]) -> ResourceAccess:
        search = self.settings.vector_search
        args = ResourceAccessArgs(
            resources=self.plan,
            reached=self.reached,
            tables=search.indexes.keys() if search else (),
            catalogs={catalog for catalog, _ in schemas},
            schemas=schemas.keys(),
            after=[*after, *self.workspace.after],
        )
        return ResourceAccess("resource-access", args, self.workspace.options())

    def _tell_of_the_rest(self) -> None:
        """Warn of what the provider has no grant for, or only one that would take away everybody else's."""
        own = {model.endpoint_name(name) for name, model in self.settings.models.items() if model.deployed}
        elsewhere = [f"serving_endpoint {name}" for name in self.plan.endpoints if name not in own]
        others = [f"{resource}, which {model} uses" for model, resource in self.plan.beyond]
        if elsewhere or others:
            pulumi.log.warn(
                f"access.resources gives no access to {'; '.join([*elsewhere, *others])}. What is lacking, and what to "
                f"type: {self.commands.model_ops('check')}"
            )
