"""A volume for documents, with who reads it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_databricks as databricks

from infra.access import grants
from infra.proof.claims import Claims
from infra.proof.thing import Thing
from infra.retention import after, kept


@dataclass(frozen=True, kw_only=True)
class DocumentVolumeArgs:
    """What a volume is made from, and after what."""

    thing: Thing
    readers: Collection[str]
    """Who reads this one; whoever reads its schema does so too."""
    claims: Claims
    adopted: bool
    protect: bool
    after: Sequence[pulumi.Resource] = ()


class DocumentVolume(pulumi.ComponentResource):
    """One managed volume with its grants."""

    full_name: pulumi.Output[str]

    def __init__(self, name: str, args: DocumentVolumeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rollpin:index:DocumentVolume", name, None, opts)
        claim = args.claims.on(args.thing, adopted=args.adopted)
        catalog, schema, volume = name.split(".")
        made = databricks.Volume(
            f"{name}-volume",
            catalog_name=catalog,
            schema_name=schema,
            name=volume,
            volume_type="MANAGED",
            opts=claim.onto(kept(self, protect=args.protect, depends_on=args.after)),
        )
        claim.made(made)
        readers = dict.fromkeys(sorted(set(args.readers)), ("READ_VOLUME",))
        claim.replaces(readers)
        grants.own(name, readers, claim.access_onto(after(self, made)), volume=name)
        self.full_name = pulumi.Output.from_input(name)
        self.register_outputs({"full_name": self.full_name})
