"""The schema of `platform.create.identities` and `groups`: who gets into the new workspace."""

from __future__ import annotations

from pydantic import Field

from infra.settings.frozen import YES_NO, Frozen
from infra.settings.platform_rules import ApplicationId, Issuer, ObjectId, Subject

APPLICATION = "44444444-5555-6666-7777-888888888888"
GROUP = "66666666-7777-8888-9999-000000000000"
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


class Group(Frozen):
    """A group of Microsoft Entra, which Databricks is told of and lets into the workspace."""

    object_id: ObjectId = Field(description="the object id of a group, as a text", examples=[GROUP])
    """Its object id in Entra, as `az ad group show --group <name> --query id` prints it."""
    admin: bool = Field(default=False, description=YES_NO, examples=["true"])
    """Whether its members administer the workspace, or are among its users."""
