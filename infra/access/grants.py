"""Grants in Unity Catalog: all of them on what a stack creates, one principal's on what it shares with others."""

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
    leaving: bool = False,
    **securable: str,
) -> None:
    """Add `privileges` to something that exists, and leave those of everybody else alone.

    Those that are `leaving` become part of all that the stack says on it: the next run forgets them, and revokes none.
    """
    for principal, each in privileges.items():
        databricks.Grant(
            f"{name}-grant-{principal}",
            principal=principal,
            privileges=list(each),
            opts=pulumi.ResourceOptions(parent=parent, depends_on=list(after), retain_on_delete=leaving),
            **securable,
        )
