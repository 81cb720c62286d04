"""The catalog and the schemas that a stack's models are in: created, or only used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_databricks as databricks

from infra import naming
from infra.access import grants
from infra.catalog import shared_access
from infra.catalog.catalog_plan import CatalogPlan, SchemaPlan
from infra.catalog.document_volume import DocumentVolume, DocumentVolumeArgs
from infra.proof import thing
from infra.proof.claims import Claim, Claims
from infra.retention import after, kept


@dataclass(frozen=True, kw_only=True)
class UnitySchemaArgs:
    """What a schema is made from, and after what: its own children inherit no dependency of the component."""

    catalog: str
    plan: SchemaPlan
    claims: Claims
    protect: bool
    after: Sequence[pulumi.Resource] = ()


class UnitySchema(pulumi.ComponentResource):
    """One schema, with its privileges; where it exists already, only these."""

    full_name: pulumi.Output[str]

    def __init__(self, name: str, args: UnitySchemaArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rollpin:index:UnitySchema", name, None, opts)
        plan, full_name = args.plan, f"{args.catalog}.{args.plan.name}"
        claim = args.claims.on(thing.schema(full_name, plan.model), adopted=plan.adopted, created=plan.created)
        if claim.held:
            leaving = plan.leaving or claim.leaving
            schema = databricks.Schema(
                f"{name}-schema",
                catalog_name=args.catalog,
                name=plan.name,
                opts=claim.onto(kept(self, protect=args.protect, leaving=leaving, depends_on=args.after)),
            )
            claim.made(schema)
            opts_after = after(self, schema, leaving=leaving)
            everybody = shared_access.of_everybody(claim, plan)
            grants.own(name, everybody, claim.access_onto(opts_after), schema=full_name)
            self._volumes(full_name, args, schema)
        shared_access.single(name, claim, plan, self, args.after, schema=full_name)
        self.full_name = pulumi.Output.from_input(full_name)
        self.register_outputs({"full_name": self.full_name})

    def _volumes(self, full_name: str, args: UnitySchemaArgs, schema: pulumi.Resource) -> None:
        for volume in (f"{full_name}.{each}" for each in args.plan.volumes):
            DocumentVolume(
                volume,
                DocumentVolumeArgs(
                    thing=thing.schema_volume(volume),
                    readers=(),
                    claims=args.claims,
                    adopted=args.plan.adopted,
                    protect=args.protect,
                    after=[schema],
                ),
                pulumi.ResourceOptions(parent=self),
            )


@dataclass(frozen=True, kw_only=True)
class UnityCatalogArgs:
    """What a catalog is made from, where its plan does not say so itself.

    Without a `storage_root` it keeps its data where the metastore does. One that is `isolated` is for the workspace
    alone that makes it, and bound to it by `workspace_id` where that is told.
    """

    plan: CatalogPlan
    claims: Claims
    storage_root: pulumi.Input[str] | None
    isolated: bool
    protect: bool
    workspace_id: pulumi.Input[str] | None = None
    after: Sequence[pulumi.Resource] = ()


class UnityCatalog(pulumi.ComponentResource):
    """One catalog with the schemas that models are in; where it exists already, only privileges on it."""

    catalog_name: pulumi.Output[str]
    schemas: Mapping[str, UnitySchema]
    """By name; a model depends on its own."""

    def __init__(self, name: str, args: UnityCatalogArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rollpin:index:UnityCatalog", name, None, opts)
        plan, after_it = args.plan, args.after
        claim = args.claims.on(thing.catalog(plan.name, plan.model), adopted=plan.adopted, created=plan.created)
        if claim.held:
            after_it = [self._catalog(name, args, claim)]
        shared_access.single(name, claim, plan, self, args.after, catalog=plan.name)
        self.schemas = {
            schema.name: UnitySchema(
                f"{name}.{schema.name}",
                UnitySchemaArgs(
                    catalog=plan.name, plan=schema, claims=args.claims, protect=args.protect, after=after_it
                ),
                pulumi.ResourceOptions(parent=self),
            )
            for schema in plan.schemas
        }
        self.catalog_name = pulumi.Output.from_input(plan.name)
        self.register_outputs({"catalog_name": self.catalog_name, "schemas": sorted(self.schemas)})

    def _catalog(self, name: str, args: UnityCatalogArgs, claim: Claim) -> databricks.Catalog:
        plan, leaving = args.plan, args.plan.leaving or claim.leaving
        isolated = args.isolated if plan.isolated is None else plan.isolated
        catalog = databricks.Catalog(
            f"{name}-catalog",
            name=plan.name,
            storage_root=_root(args),
            isolation_mode="ISOLATED" if isolated else None,
            opts=claim.onto(kept(self, protect=args.protect, leaving=leaving, depends_on=args.after)),
        )
        claim.made(catalog)
        opts_after = after(self, catalog, leaving=leaving)
        if isolated and args.workspace_id is not None:
            databricks.WorkspaceBinding(
                f"{name}-binding",
                securable_name=catalog.name,
                securable_type="catalog",
                workspace_id=args.workspace_id,
                opts=opts_after,
            )
        everybody = shared_access.of_everybody(claim, plan)
        grants.own(name, everybody, claim.access_onto(opts_after), catalog=plan.name)
        return catalog


def _root(args: UnityCatalogArgs) -> pulumi.Input[str] | None:
    if args.plan.storage_root or args.storage_root is None:
        return args.plan.storage_root
    return pulumi.Output.from_input(args.storage_root).apply(lambda url: naming.catalog_root(url, args.plan.name))
