"""Who is known in a workspace and in its account, as far as whoever asks may see others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from urllib.parse import urlencode

from infra.proof.workspace_api import UnansweredError, WorkspaceApi

IN_WORKSPACE, IN_ACCOUNT = "/api/2.0/preview/scim/v2", "/api/2.0/account/scim/v2"
"""The workspace hands questions about its account on:
https://docs.databricks.com/api/azure/workspace/accountgroupsproxy
"""
RESOURCES: Mapping[str, tuple[str, str]] = {
    "group_name": ("Groups", "displayName"),
    "user_name": ("Users", "userName"),
    "service_principal_name": ("ServicePrincipals", "applicationId"),
}
"""Where each kind is listed, and the attribute by which it is named, by the provider's word for it."""
EVERYBODY = "users"
"""A group that each workspace has: who does not see it sees no groups."""
MOST = 500
"""Groups among which the one is looked for that may have been meant."""


class Directory:
    """Asks a workspace about its principals; what it does not say is None."""

    def __init__(self, api: WorkspaceApi) -> None:
        self._api = api

    def has(self, kind: str, name: str, where: str = IN_WORKSPACE) -> bool | None:
        """Whether it is known there; None where that is not said to whoever asks."""
        _, attribute = RESOURCES[kind]
        # A name is quoted in a filter as in JSON: RFC 7644, 3.4.2.2.
        found = self._listed(kind, where, filter=f"{attribute} eq {json.dumps(name, ensure_ascii=False)}")
        return None if found is None else any(each.casefold() == name.casefold() for each in found)

    def shows(self, kind: str) -> bool:
        """Whether one that is not listed is not there: groups are seen by all, others by administrators for sure."""
        return bool(self.has("group_name", EVERYBODY)) if kind == "group_name" else self._is_administrator

    def groups(self) -> list[str]:
        """The groups of the workspace, the first of many; none where that is not said."""
        return self._listed("group_name", IN_WORKSPACE, count=str(MOST)) or []

    @cached_property
    def _is_administrator(self) -> bool:
        try:
            groups = self._api.me.get("groups") or ()
        except UnansweredError:
            return False
        return any(each.get("display") == "admins" for each in groups)

    def _listed(self, kind: str, where: str, **asked: str) -> list[str] | None:
        path, attribute = RESOURCES[kind]
        try:
            answer = self._api.get(f"{where}/{path}?{urlencode({'attributes': attribute, **asked})}")
        except UnansweredError:
            return None
        return None if answer is None else [str(each.get(attribute) or "") for each in answer.get("Resources") or ()]
