"""Who may do what with an object of Unity Catalog."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from model_ops.errors import AbsentError
from model_ops.workspace.client import Workspace

CATALOG = "/api/2.1/unity-catalog"
SCIM = "/api/2.0/preview/scim/v2"
EVERYBODY = "account users"


class Access:
    """The privileges in a workspace's metastore; every method raises WorkspaceError where that cannot be told."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def holders(self, securable: str, name: str) -> Mapping[str, frozenset[str]]:
        """Give the privileges by principal on a catalog, schema or function (a model), inherited ones included."""
        path = f"{CATALOG}/effective-permissions/{securable}/{quote(name)}"
        held: dict[str, frozenset[str]] = {}
        for page in self._workspace.pages(path, {"max_results": 0}):
            for found in page.get("privilege_assignments") or ():
                privileges = {str(each["privilege"]) for each in found.get("privileges") or ()}
                held[found["principal"]] = held.get(found["principal"], frozenset()) | privileges
        return held

    def owner(self, collection: str, name: str) -> str:
        """Name the owner of an object; `collection` is catalogs, schemas or models."""
        return str(self._workspace.ask(f"{CATALOG}/{collection}/{quote(name)}").get("owner", ""))

    def identities(self, principal: str) -> frozenset[str]:
        """Give the names by which a principal can hold a privilege: its own, its groups', everybody's."""
        names = {principal, EVERYBODY}
        for kind, attribute in (("Users", "userName"), ("ServicePrincipals", "applicationId")):
            query = {"filter": f'{attribute} eq "{principal}"', "attributes": "groups"}
            try:
                found = self._workspace.ask(f"{SCIM}/{kind}", query).get("Resources") or ()
            except AbsentError:
                continue
            names |= {str(group.get("display", "")) for each in found for group in each.get("groups") or ()}
        return frozenset(names)
