"""Ranges of IPv4 addresses, as Azure writes them: `10.20.0.0/22`."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

ALLOWED = "a private range of addresses, as in `10.20.0.0/22`"


def checked(value: str) -> str:
    """Give a private range back; raises PydanticCustomError, with the nearest one, where it is none."""
    near = _network(value)
    if near is not None and near.is_private and str(near) == value:
        return value
    repair = str(near) if near is not None and near.is_private and "/" in value else ""
    raise PydanticCustomError("rule", "{allowed}", {"allowed": ALLOWED, "repair": repair})


AddressRange = Annotated[str, AfterValidator(checked)]


def prefix(value: str) -> int:
    """How many bits of a range are fixed: 22 of `10.20.0.0/22`."""
    return ipaddress.IPv4Network(value).prefixlen


def quarters(value: str) -> Sequence[str]:
    """Cut a range of at least four addresses into four."""
    return [str(each) for each in ipaddress.IPv4Network(value).subnets(prefixlen_diff=2)]


def overlap(one: str, other: str) -> bool:
    """Whether two ranges have an address in common."""
    return ipaddress.IPv4Network(one).overlaps(ipaddress.IPv4Network(other))


def inside(inner: str, outer: str) -> bool:
    """Whether a range is a part of another."""
    return ipaddress.IPv4Network(inner).subnet_of(ipaddress.IPv4Network(outer))


def _network(value: str) -> ipaddress.IPv4Network | None:
    try:
        return ipaddress.IPv4Network(value, strict=False)
    except ValueError:
        return None
