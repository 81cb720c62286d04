"""The schema of `platform.create.identities`: who signs in to the new workspace from a workflow."""

from __future__ import annotations

from pydantic import Field

from infra.settings.frozen import YES_NO, Frozen
from infra.settings.platform_rules import ApplicationId, Issuer, Subject

APPLICATION = "44444444-5555-6666-7777-888888888888"
SUBJECT = "repo:acme/assistants:environment:prod"
GITHUB = "https://token.actions.githubusercontent.com"


class Identity(Frozen):
    """A service principal of Microsoft Entra, which Databricks is told of and lets into the workspace."""

    application_id: ApplicationId = Field(
        description="the application id of a service principal, as a text", examples=[APPLICATION]
    )
    """Its application id, as `make bootstrap` shows it."""
    subject: Subject | None = Field(default=None, description="the subject of a token, as a text", examples=[SUBJECT])
    """The one job whose word Databricks takes for it: that of a GitHub environment, or of a service connection in Azure
    DevOps. Left out: none; then Azure signs it in.
    """
    issuer: Issuer = Field(default=GITHUB, description="an issuer's address, as a text", examples=[GITHUB])
    """Who vouches for that job."""
    admin: bool = Field(default=False, description=YES_NO, examples=["true"])
    """Whether it administers the workspace, or is one of its users."""
