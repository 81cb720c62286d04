"""The endpoint of vector search, with the indexes on it and the volumes that documents lie in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_databricks as databricks

from infra.access.resource_plan import ResourcePlan, privileges
from infra.catalog.document_volume import DocumentVolume, DocumentVolumeArgs
from infra.catalog.vector_index import VectorIndex, VectorIndexArgs
from infra.proof import thing
from infra.proof.claims import Claims
from infra.retention import kept
from infra.settings.search_schema import VectorSearch


@dataclass(frozen=True, kw_only=True)
class SearchEndpointArgs:
    """What vector search is made from; `resources` says who reads an index because a model declares it."""

    search: VectorSearch
    resources: ResourcePlan
    claims: Claims
    protect: bool
    schemas: Mapping[tuple[str, str], pulumi.Resource]
    """Those of the stack's own; what is in another one waits for none."""
    after: Sequence[pulumi.Resource] = ()


class SearchEndpoint(pulumi.ComponentResource):
    """The endpoint with its indexes, and the volumes; where the endpoint exists already, only these."""

    endpoint_name: pulumi.Output[str]

    def __init__(self, name: str, args: SearchEndpointArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rollpin:index:SearchEndpoint", name, None, opts)
        self._args = args
        made = self._endpoint(name)
        for full_name in args.search.indexes:
            self._index(full_name, made)
        for full_name in args.search.volumes:
            self._volume(full_name)
        self.endpoint_name = pulumi.Output.from_input(args.search.endpoint)
        self.register_outputs({"endpoint_name": self.endpoint_name})

    def _endpoint(self, name: str) -> list[pulumi.Resource]:
        args, search = self._args, self._args.search
        endpoint_thing = thing.search_endpoint(search.endpoint)
        claim = args.claims.on(endpoint_thing, adopted=search.adopt, created=search.create_endpoint)
        if not claim.held:
            return []
        endpoint = databricks.VectorSearchEndpoint(
            f"{name}-endpoint",
            name=search.endpoint,
            endpoint_type=search.endpoint_type,
            opts=claim.onto(kept(self, protect=args.protect, leaving=claim.leaving, depends_on=args.after)),
        )
        claim.made(endpoint)
        return [endpoint]

    def _index(self, full_name: str, endpoint: Sequence[pulumi.Resource]) -> None:
        args, index = self._args, self._args.search.indexes[full_name]
        VectorIndex(
            full_name,
            VectorIndexArgs(
                index=index,
                endpoint=args.search.endpoint,
                claims=args.claims,
                adopted=args.search.adopt,
                privileges=privileges("table", {*index.access.read, *args.resources.readers(full_name)}),
                protect=args.protect,
                after=[*endpoint, *self._schema_of(full_name)],
            ),
            pulumi.ResourceOptions(parent=self),
        )

    def _volume(self, full_name: str) -> None:
        args = self._args
        DocumentVolume(
            full_name,
            DocumentVolumeArgs(
                thing=thing.volume(full_name),
                readers=args.search.volumes[full_name].access.read,
                claims=args.claims,
                adopted=args.search.adopt,
                protect=args.protect,
                after=self._schema_of(full_name),
            ),
            pulumi.ResourceOptions(parent=self),
        )

    def _schema_of(self, full_name: str) -> Sequence[pulumi.Resource]:
        catalog, schema, _ = full_name.split(".")
        own = self._args.schemas.get((catalog, schema))
        return [own] if own else self._args.after
