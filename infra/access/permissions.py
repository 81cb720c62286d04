"""Workspace permissions, which are the only ones on the thing they are set on."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_databricks as databricks

from infra.access import access_lists
from infra.access.access_lists import Level


def own(name: str, levels: Mapping[str, Level], opts: pulumi.ResourceOptions, **thing: pulumi.Input[str]) -> None:
    """Set `levels` by principal on something that this stack creates; without any, there is nothing to set.

    Whoever runs the `up` keeps the right to manage: the provider adds it, and does not show it.
    """
    if levels:
        entries = [
            databricks.PermissionsAccessControlArgs(permission_level=level, **{access_lists.kind(principal): principal})
            for principal, level in levels.items()
        ]
        databricks.Permissions(f"{name}-permissions", access_controls=entries, opts=opts, **thing)
