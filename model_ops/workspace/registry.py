"""Unity Catalog's registered models: versions, aliases, tags.

Lists come from Unity Catalog's own API, which says who made a version and changed it. One version comes from the API
that MLflow's client calls with a `databricks-uc` registry, because only that one has its tags.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from model_ops.errors import AbsentError, VersionError
from model_ops.versions.version import Version, moment
from model_ops.workspace.client import Workspace

CATALOG = "/api/2.1/unity-catalog"
MLFLOW = "/api/2.0/mlflow/unity-catalog"
PAGE = 1000
"""Versions a page; a server may send fewer."""


class Registry:
    """The registered models of a workspace; every method raises WorkspaceError where it does not answer."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def versions(self, model: str) -> tuple[Version, ...]:
        """Give every version of `model`, the latest first, without aliases and tags: one call a page.

        Raises VersionError where there is no such model.
        """
        path = f"{CATALOG}/models/{quote(model)}/versions"
        try:
            pages = list(self._workspace.pages(path, {"max_results": PAGE}))
        except AbsentError as error:
            raise _no_model(model, error) from None
        found = [_listed(model, each) for page in pages for each in page.get("model_versions") or ()]
        return tuple(sorted(found, key=lambda version: -version.number))

    def version(self, model: str, number: int) -> Version:
        """Give one version with its tags and aliases; raises VersionError where there is none."""
        query = {"name": model, "version": str(number)}
        try:
            found = self._workspace.part(f"{MLFLOW}/model-versions/get", query, "model_version")
            listed = self._workspace.ask(f"{CATALOG}/models/{quote(model)}/versions/{number}")
        except AbsentError:
            raise self._no_version(model, number) from None
        return _whole(model, found, listed)

    def aliases(self, model: str) -> Mapping[str, int]:
        """Give every alias of `model`, in lower case, with its version, in one call.

        Raises VersionError where there is no model.
        """
        try:
            found = self._workspace.ask(f"{CATALOG}/models/{quote(model)}", {"include_aliases": "true"})
        except AbsentError as error:
            raise _no_model(model, error) from None
        listed = {str(each["alias_name"]): int(each["version_num"]) for each in found.get("aliases") or ()}
        # A server that keeps two spellings apart has one that clients reach by the name that they should use.
        return {folded(alias): listed.get(folded(alias), number) for alias, number in listed.items()}

    def metastore(self, model: str) -> str:
        """Name the metastore that holds `model`, by its id: two workspaces may share one."""
        return str(self._workspace.ask(f"{CATALOG}/models/{quote(model)}").get("metastore_id", ""))

    def versions_of_run(self, run_id: str) -> Iterator[tuple[str, int]]:
        """Give each version that was registered from a run, as full name and number."""
        query = {"filter": f"run_id='{run_id}'"}
        for page in self._workspace.pages(f"{MLFLOW}/model-versions/search", query):
            for found in page.get("model_versions") or ():
                yield str(found["name"]), int(found["version"])

    def set_alias(self, model: str, alias: str, version: int) -> None:
        """Point `alias` at a version, whatever it pointed at; no redeployment follows."""
        self._workspace.send("PUT", _alias_path(model, alias), {"version_num": version})

    def delete_alias(self, model: str, alias: str) -> None:
        """Remove `alias`; the version that it pointed at stays."""
        self._workspace.send("DELETE", _alias_path(model, alias))

    def _no_version(self, model: str, number: int) -> VersionError:
        known = sorted(version.number for version in self.versions(model))
        shown = ", ".join(map(str, known[-10:])) or "there is none yet"
        earlier = f" and {len(known) - 10} earlier ones" if len(known) > 10 else ""
        return VersionError(
            f"Version {number} of {model} does not exist. There is: {shown}{earlier}.\nName one of these."
        )


def folded(alias: str) -> str:
    """An alias as Unity Catalog keeps it: in lower case, for one name is one alias however it is written."""
    return alias.lower()


def _alias_path(model: str, alias: str) -> str:
    return f"{CATALOG}/models/{quote(model)}/aliases/{quote(folded(alias))}"


def _no_model(model: str, error: AbsentError) -> VersionError:
    return VersionError(
        f"There is no registered model {model}: {error}\n"
        "Deploy the stack without a pin, then train and register a version. See docs/first-deploy.md."
    )


def _listed(model: str, found: Mapping[str, Any]) -> Version:
    workspace = found.get("run_workspace_id")
    return Version(
        model=model,
        number=int(found["version"]),
        status=str(found.get("status") or "in no state"),
        created=moment(found.get("created_at")),
        changed=moment(found.get("updated_at")),
        created_by=str(found.get("created_by") or ""),
        changed_by=str(found.get("updated_by") or ""),
        run_id=found.get("run_id") or None,
        run_workspace_id=str(workspace) if workspace else None,
        source=str(found.get("source") or ""),
        description=str(found.get("comment") or ""),
    )


def _whole(model: str, found: Mapping[str, Any], listed: Mapping[str, Any]) -> Version:
    base = _listed(model, listed)
    return Version(
        **{name: getattr(base, name) for name in base.__dataclass_fields__ if name not in _OF_MLFLOW},
        status_message=str(found.get("status_message") or ""),
        model_id=found.get("model_id") or None,
        aliases=tuple(sorted({folded(str(_alias(each))) for each in found.get("aliases") or ()})),
        tags={str(tag["key"]): str(tag.get("value", "")) for tag in found.get("tags") or ()},
    )


_OF_MLFLOW = frozenset({"status_message", "model_id", "aliases", "tags"})


def _alias(found: Any) -> Any:
    return found.get("alias") if isinstance(found, Mapping) else found
