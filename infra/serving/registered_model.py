"""The registered model that versions are trained into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_databricks as databricks

from infra import naming
from infra.access import grants
from infra.access.access_lists import Privileges
from infra.proof.claims import Claim
from infra.retention import after, kept


@dataclass(frozen=True, kw_only=True)
class RegisteredModelArgs:
    """What a registered model is made from, and after what: its schema."""

    catalog: str
    schema: str
    model: str
    claim: Claim
    """Where it is somebody else's, it is only used."""
    privileges: Privileges
    protect: bool
    leaving: bool = False
    comment: str | None = None
    owner: str | None = None
    after: Sequence[pulumi.Resource] = ()

    @property
    def unsaid(self) -> list[str]:
        """What of it the stack does not say, and so leaves as it is."""
        return [key for key in ("comment", "owner") if getattr(self, key) is None]


class RegisteredModel(pulumi.ComponentResource):
    """A model in Unity Catalog with its grants, or only these; its versions and aliases belong to those who train."""

    full_name: pulumi.Output[str]

    def __init__(self, name: str, args: RegisteredModelArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rollpin:index:RegisteredModel", name, None, opts)
        full_name = naming.full_name(args.catalog, args.schema, args.model)
        if args.claim.held:
            leaving = args.leaving or args.claim.leaving
            model = databricks.RegisteredModel(
                f"{name}-model",
                catalog_name=args.catalog,
                schema_name=args.schema,
                name=args.model,
                comment=args.comment,
                owner=args.owner,
                opts=pulumi.ResourceOptions.merge(
                    args.claim.onto(kept(self, protect=args.protect, leaving=leaving, depends_on=args.after)),
                    pulumi.ResourceOptions(ignore_changes=args.unsaid),
                ),
            )
            args.claim.made(model)
            args.claim.replaces(args.privileges)
            opts_after = after(self, model, leaving=leaving)
            grants.own(f"{name}-model", args.privileges, args.claim.access_onto(opts_after), model=full_name)
        if not args.claim.held or args.claim.taking:
            leaving = args.claim.taking
            grants.shared(f"{name}-model", args.privileges, self, args.after, leaving=leaving, model=full_name)
        self.full_name = pulumi.Output.from_input(full_name)
        self.register_outputs({"full_name": self.full_name})
