"""How a stack holds on to what cannot be made again: data, identities, and the endpoint that people call."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi


def kept(
    parent: pulumi.Resource, *, protect: bool, depends_on: Sequence[pulumi.Resource] = ()
) -> pulumi.ResourceOptions:
    """Options of a child that holds data or identity: protected, and left alone when the program forgets it."""
    return pulumi.ResourceOptions(parent=parent, protect=protect, retain_on_delete=protect, depends_on=list(depends_on))
