"""Keeps what is meant for this machine from going to a proxy, the sandbox's token with it."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from urllib.parse import urlsplit

HOSTS = ("127.0.0.1", "localhost", "::1")


def is_loopback(url: str) -> bool:
    """Say whether `url` leads to this machine: by name, by 127.0.0.0/8, or by the address that stands for all."""
    host = urlsplit(url).hostname or ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host in HOSTS
    return address.is_loopback or address.is_unspecified


def unproxied(environment: Mapping[str, str], host: str = "127.0.0.1") -> dict[str, str]:
    """The variables that make every client reach this machine directly, beside what they say already."""
    said = environment.get("NO_PROXY") or environment.get("no_proxy") or ""
    hosts = ",".join(dict.fromkeys([*filter(None, said.split(",")), *HOSTS, host]))
    return {"NO_PROXY": hosts, "no_proxy": hosts}


def reach_directly(url: str) -> None:
    """Let this process's clients reach `url` without a proxy if it leads to this machine."""
    if is_loopback(url):
        os.environ.update(unproxied(os.environ, urlsplit(url).hostname or ""))
