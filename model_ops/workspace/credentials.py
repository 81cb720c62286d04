"""Decides which credentials go to which workspace, so that none reaches a host that it was not made for."""

from __future__ import annotations

import configparser
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from urllib.parse import urlsplit

from model_ops.errors import WorkspaceError

DEFAULT_FILE = Path("~/.databrickscfg")
OF_ONE_WORKSPACE = ("DATABRICKS_TOKEN", "DATABRICKS_CLIENT_SECRET", "DATABRICKS_PASSWORD")
"""Secrets that one workspace, or its account, has issued. What Azure issues (ARM_*) is good for every workspace."""
KEPT = frozenset({"DATABRICKS_CONFIG_FILE"})
_HIDING = RLock()


def profile(url: str, environment: Mapping[str, str]) -> str | None:
    """Name the profile of the Databricks config file that signs in to `url`; None where the environment does.

    The environment signs in where its DATABRICKS_HOST names this workspace, or no workspace and no profile is for it.
    Raises WorkspaceError where a secret would go to a workspace that it was not made for.
    """
    host = environment.get("DATABRICKS_HOST")
    if host and same_host(host, url):
        return None
    hosts = _profiles(environment)
    chosen = environment.get("DATABRICKS_CONFIG_PROFILE")
    fitting = [name for name, its_host in hosts.items() if same_host(its_host, url)]
    if fitting:
        return chosen if chosen in fitting else fitting[0]
    if chosen:
        raise _refused(url, f"DATABRICKS_CONFIG_PROFILE is {chosen}, which is for {hosts.get(chosen) or 'no host'}")
    secrets = [name for name in OF_ONE_WORKSPACE if environment.get(name)]
    if host and secrets:
        raise _refused(url, f"{secrets[0]} is for DATABRICKS_HOST, which is {host}")
    return None


@contextmanager
def environment_hidden() -> Iterator[None]:
    """Hide what the environment says of Databricks for as long as it lasts: the SDK reads it ahead of a profile."""
    with _HIDING:
        hidden = {name: value for name, value in os.environ.items() if _is_databricks(name)}
        for name in hidden:
            del os.environ[name]
        try:
            yield
        finally:
            os.environ.update(hidden)


def same_host(one: str, other: str) -> bool:
    """Say whether two addresses name one workspace; `adb-1.azuredatabricks.net` needs no `https://`."""
    return _host(one) == _host(other)


def _is_databricks(name: str) -> bool:
    return name.startswith("DATABRICKS_") and name not in KEPT


def _refused(url: str, found: str) -> WorkspaceError:
    return WorkspaceError(
        f"No credentials for {url}: {found}.\n"
        f"Set DATABRICKS_HOST and its secret for {url}, or add a profile: "
        f"databricks configure --host {url} --profile NAME"
    )


def _host(address: str) -> tuple[str, str]:
    """The scheme counts: what was made for https is not to be sent in plain text."""
    parts = urlsplit(address if "//" in address else f"https://{address}")
    return parts.scheme.lower(), parts.netloc.lower()


def _profiles(environment: Mapping[str, str]) -> dict[str, str]:
    """The host of each profile by its name."""
    parser = configparser.ConfigParser(interpolation=None, default_section="")
    try:
        parser.read(Path(environment.get("DATABRICKS_CONFIG_FILE") or DEFAULT_FILE).expanduser())
    except (configparser.Error, OSError, UnicodeDecodeError, RuntimeError):
        return {}
    return {name: parser[name].get("host", "") for name in parser.sections()}
