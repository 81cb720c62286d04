"""What a workspace and its account are asked about principals, and what they answer."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

WORKSPACE, ACCOUNT = "/api/2.0/preview/scim/v2", "/api/2.0/account/scim/v2"
GROUPS_THERE = f"{WORKSPACE}/Groups?{urlencode({'attributes': 'displayName', 'count': '500'})}"


def asked(resource: str, attribute: str, name: str, where: str = WORKSPACE) -> str:
    query = {"attributes": attribute, "filter": f"{attribute} eq {json.dumps(name)}"}
    return f"{where}/{resource}?{urlencode(query)}"


def group(name: str, where: str = WORKSPACE) -> str:
    return asked("Groups", "displayName", name, where)


def listed(*names: str, attribute: str = "displayName") -> dict[str, Any]:
    return {"Resources": [{attribute: name} for name in names]}
