"""An index of vector search, with who reads it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_databricks as databricks

from infra.access import grants
from infra.access.access_lists import Privileges
from infra.proof import thing
from infra.proof.claims import Claims
from infra.retention import after, kept
from infra.settings.search_schema import Index


@dataclass(frozen=True, kw_only=True)
class VectorIndexArgs:
    """What an index is made from, and after what."""

    index: Index
    endpoint: str
    claims: Claims
    adopted: bool
    privileges: Privileges
    protect: bool
    after: Sequence[pulumi.Resource] = ()


class VectorIndex(pulumi.ComponentResource):
    """One index with its grants, which are those of a table; what is in it belongs to those who fill it."""

    full_name: pulumi.Output[str]

    def __init__(self, name: str, args: VectorIndexArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rollpin:index:VectorIndex", name, None, opts)
        claim = args.claims.on(thing.search_index(name), adopted=args.adopted)
        direct = args.index.columns is not None
        made = databricks.VectorSearchIndex(
            f"{name}-index",
            name=name,
            endpoint_name=args.endpoint,
            primary_key=args.index.primary_key,
            index_type="DIRECT_ACCESS" if direct else "DELTA_SYNC",
            direct_access_index_spec=_direct(args.index) if direct else None,
            delta_sync_index_spec=None if direct else _synced(args.index),
            opts=claim.onto(kept(self, protect=args.protect, depends_on=args.after)),
        )
        claim.made(made)
        claim.replaces(args.privileges)
        grants.own(name, args.privileges, claim.access_onto(after(self, made)), table=name)
        self.full_name = pulumi.Output.from_input(name)
        self.register_outputs({"full_name": self.full_name})


def _direct(index: Index) -> databricks.VectorSearchIndexDirectAccessIndexSpecArgs:
    vectors = index.vectors
    column = databricks.VectorSearchIndexDirectAccessIndexSpecEmbeddingVectorColumnArgs(
        name=vectors.column if vectors else None, embedding_dimension=vectors.dimension if vectors else None
    )
    return databricks.VectorSearchIndexDirectAccessIndexSpecArgs(
        embedding_vector_columns=[column], schema_json=json.dumps(dict(index.columns or {}))
    )


def _synced(index: Index) -> databricks.VectorSearchIndexDeltaSyncIndexSpecArgs:
    source, text, vectors = index.source, index.text, index.vectors
    texts = databricks.VectorSearchIndexDeltaSyncIndexSpecEmbeddingSourceColumnArgs
    arrays = databricks.VectorSearchIndexDeltaSyncIndexSpecEmbeddingVectorColumnArgs
    return databricks.VectorSearchIndexDeltaSyncIndexSpecArgs(
        source_table=source.table if source else None,
        pipeline_type=source.pipeline if source else None,
        embedding_source_columns=[texts(name=text.column, embedding_model_endpoint_name=text.model)] if text else None,
        embedding_vector_columns=[arrays(name=vectors.column, embedding_dimension=vectors.dimension)]
        if vectors
        else None,
    )
