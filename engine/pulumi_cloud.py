"""Signs a job in to Pulumi Cloud without a stored secret: GitHub vouches for it, and Pulumi Cloud trusts GitHub."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import httpx

from model_ops.cli.output import say
from model_ops.errors import StackError

ORGANIZATION = "PULUMI_ORGANIZATION"
REQUEST = ("ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN")
"""Where a job with `id-token: write` asks GitHub for its token, and what it shows there."""


def sign_in(pulumi: str, environment: Mapping[str, str]) -> None:
    """Sign in to the organization that PULUMI_ORGANIZATION names; do nothing where it names none. Raises StackError."""
    organization = environment.get(ORGANIZATION)
    if not organization:
        return
    say(f"signing in to Pulumi Cloud, organization {organization} …")
    token = _token(environment, f"urn:pulumi:org:{organization}")
    with tempfile.TemporaryDirectory(prefix="rollpin-") as directory:
        file = Path(directory) / "token"
        file.touch(mode=0o600)
        file.write_text(token)
        command = [pulumi, "login", "--oidc-org", organization, "--oidc-token", file.as_uri(), "--non-interactive"]
        done = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise StackError(f"Pulumi Cloud does not let this job in: {said}\nWhat it has to trust: docs/delivery.md")


def _token(environment: Mapping[str, str], audience: str) -> str:
    url, shown = (environment.get(name) for name in REQUEST)
    if not url or not shown:
        raise StackError(
            f"{ORGANIZATION} is set, and there is no GitHub here to vouch for this job.\n"
            "In a workflow, give the job `id-token: write`; elsewhere, unset it and sign in yourself: pulumi login"
        )
    try:
        headers = {"Authorization": f"Bearer {shown}"}
        answer = httpx.get(f"{url}&audience={quote(audience)}", headers=headers, timeout=30)
        return str(answer.raise_for_status().json()["value"])
    except (httpx.HTTPError, ValueError, KeyError) as error:
        raise StackError(f"GitHub gives this job no token for {audience}: {type(error).__name__}. Try again") from None
