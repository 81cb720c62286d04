"""How a stack holds on to what cannot be made again: data, identities, and the endpoint that people call."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi


def kept(
    parent: pulumi.Resource, *, protect: bool, leaving: bool = False, depends_on: Sequence[pulumi.Resource] = ()
) -> pulumi.ResourceOptions:
    """Options of a child that holds data or identity: protected, and left alone when the program forgets it.

    What is `leaving` the stack is left alone too, and nothing keeps the program from forgetting it.
    """
    return pulumi.ResourceOptions(
        parent=parent,
        protect=protect and not leaving,
        retain_on_delete=protect or leaving,
        depends_on=list(depends_on),
    )


def after(parent: pulumi.Resource, thing: pulumi.Resource, *, leaving: bool = False) -> pulumi.ResourceOptions:
    """Options of a child that says who may do what with a `thing`: it goes with the thing, and is left alone with it.

    Taken back before the thing goes, it would be gone also where the thing then stays.
    """
    return pulumi.ResourceOptions(parent=parent, depends_on=[thing], deleted_with=thing, retain_on_delete=leaving)
