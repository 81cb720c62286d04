"""Grants in Unity Catalog: all of them on what a stack creates, one principal's on what it only uses."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_databricks as databricks

from infra.access.access_lists import Privileges


def own(name: str, privileges: Privileges, opts: pulumi.ResourceOptions, **securable: str) -> None:
    """Make `privileges` the only ones on something that this stack creates; without any, there is nothing to make.

    The provider takes an empty list for a deleted resource, so that it would be created at every `up`.
    """
    if privileges:
        entries = [
            databricks.GrantsGrantArgs(principal=principal, privileges=list(each))
            for principal, each in privileges.items()
        ]
        databricks.Grants(f"{name}-grants", grants=entries, opts=opts, **securable)


def shared(
    name: str,
    privileges: Privileges,
    parent: pulumi.Resource,
    after: Sequence[pulumi.Resource],
    *,
    given: Privileges | None = None,
    leaving: bool = False,
    **securable: str,
) -> None:
    """Say the `privileges` of some on something that exists, and leave those of everybody else alone.

    Who holds more than what is `given` by this stack, which else is all of it, keeps that when the stack forgets him.
    Those that are `leaving` become part of all that the stack says on it: the next run forgets them, and revokes none.
    """
    mine = privileges if given is None else given
    for principal, each in privileges.items():
        databricks.Grant(
            f"{name}-grant-{principal}",
            principal=principal,
            privileges=list(each),
            opts=pulumi.ResourceOptions(
                parent=parent,
                depends_on=list(after),
                retain_on_delete=leaving or set(each) != set(mine.get(principal, ())),
            ),
            **securable,
        )
