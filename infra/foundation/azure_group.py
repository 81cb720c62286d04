"""The resource group that the parts of a platform are made in, with what all of them have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi


@dataclass(frozen=True, kw_only=True)
class AzureGroup:
    """A resource group that is there: where it is, and how what is made in it is marked and kept."""

    name: pulumi.Input[str]
    id: pulumi.Input[str]
    location: str
    tags: Mapping[str, str]
    protect: bool
    """Whether what holds data or identity cannot be deleted."""
