"""What is known of one type of Azure resource beyond the shape of its inputs."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from engine.stand_in.values import UNKNOWN

Values = dict[str, Any]
GROUP = "/subscriptions/{subscription}/resourceGroups/{resourceGroupName}"
NAMED = re.compile(r"{(\w+)}")


class Azure(Protocol):
    """The rest of the subscription, as far as one resource knows of it."""

    id: str
    tenant: str
    host: str
    """Where a workspace of this subscription answers."""
    number: str
    """By which the Databricks account knows that workspace."""
    deleted_vaults: set[str]
    """The names of the vaults that were deleted: for 90 days nobody makes another of that name."""

    def get(self, resource_id: str) -> Values | None:
        """What is at an id, whatever its casing; None where there is nothing."""

    def below(self, resource_id: str) -> Mapping[str, Values]:
        """All that is below an id, by their own."""


Fill = Callable[[str, Values, Azure], Values]
"""Gives what Azure fills in or says otherwise than it was told, by the resource's id and inputs."""
Rule = Callable[[str, Values, Azure], None]
"""Raises AzureError for inputs that are well-formed and yet cannot be, by the resource's id and inputs."""


def nothing(_id: str, _inputs: Values, _azure: Azure) -> Values:
    """Fill in nothing."""
    return {}


def anything(_id: str, _inputs: Values, _azure: Azure) -> None:
    """Refuse nothing."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A type of resource: where it is, what replaces it, how it may be called, what Azure makes of it."""

    token: str
    path: str
    """Its id in Azure; what is in braces is an input, but for the subscription."""
    replaces: frozenset[str] = frozenset()
    """What cannot be changed, beside what is in the path: pulumi-azure-native's `forceNewMap` (its module
    provider/pkg/gen/replacement.go), and what `x-ms-mutability` in the specification leaves out of updates."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What a name must match in full, by input. The SDK has no patterns; these are of the page `resource-name-rules` in
    the documentation of Azure Resource Manager."""
    fills: Fill = nothing
    """What is filled in where nothing is said."""
    says: Fill = nothing
    """What Azure says, whatever it was told: outputs that are its own, and other casing."""
    refuses: Rule = anything
    singleton: bool = False
    """Whether it is there with what it is in, so that to create it is to change it."""

    @property
    def parts(self) -> frozenset[str]:
        """The inputs that are in its id."""
        return frozenset(NAMED.findall(self.path)) - {"subscription"}

    @property
    def type(self) -> str:
        """Its type in Azure, such as `Microsoft.Storage/storageAccounts`."""
        namespace, _, rest = self.path.rpartition("/providers/")[2].partition("/")
        return "/".join([namespace, *rest.split("/")[::2]])

    def id(self, inputs: Mapping[str, Any], subscription: str) -> str:
        """The id of the resource with these inputs."""
        return self.path.format_map({"subscription": subscription, **inputs})

    def misnamed(self, inputs: Mapping[str, Any]) -> Mapping[str, str]:
        """The rule that each name breaks, by its input."""
        told = {name: inputs.get(name) for name in self.names}
        return {name: self.names[name] for name, said in told.items() if said and not _matches(self.names[name], said)}


def within(provider: str) -> str:
    """The path of a resource in a resource group."""
    return f"{GROUP}/providers/{provider}"


def guid(*words: str) -> str:
    """An id that Azure would draw, the same for the same words."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "|".join(words).lower()))


def _matches(pattern: str, said: Any) -> bool:
    # What is yet unknown in a preview is no name to judge.
    return said == UNKNOWN or not isinstance(said, str) or bool(re.fullmatch(pattern, said))
