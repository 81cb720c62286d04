"""Finds out at once whether a workspace is there: the SDK goes on asking a dead one for minutes."""

from __future__ import annotations

import httpx

from model_ops import user_agent
from model_ops.errors import WorkspaceError
from model_ops.loopback import is_loopback

PATIENCE = 10.0
"""Seconds for the first answer."""


def reach(url: str, sandbox: str = "make sandbox") -> None:
    """Raise WorkspaceError where no server answers at `url`; what it answers is of no account.

    `sandbox` is what starts one here. Nothing is sent that signs in. Databricks' SDK asks the same address before it
    signs in.
    """
    try:
        with httpx.Client(timeout=PATIENCE, trust_env=not is_loopback(url)) as client:
            client.get(f"{url.rstrip('/')}/.well-known/databricks-config", headers=user_agent.header())
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        start = f"Start the sandbox ({sandbox})" if is_loopback(url) else "Check the address and the network"
        raise WorkspaceError(f"{url} does not answer: {error}\n{start}, then run this again.") from None
