"""What a model leans on: the `resources` of its MLmodel file, which MLflow writes from `log_model(resources=…)`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

API_VERSION = "1"
"""The one form of the list that MLflow has written so far."""
TARGET = "databricks"
"""Where all resources are that MLflow has a class for."""
KINDS = frozenset(
    [
        "app",
        "function",
        "genie_space",
        "lakebase",
        "serving_endpoint",
        "sql_warehouse",
        "table",
        "uc_connection",
        "uc_model_service",
        "vector_search_index",
    ]
)
"""The kinds of MLflow 3.17; a test reads them from MLflow."""
LONGEST = 1000
"""Characters of a name."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One thing that a model uses while it answers, such as the vector_search_index prod.serving.docs_index."""

    kind: str
    name: str
    on_behalf_of_user: bool = False
    """True where it is used with the rights of whoever asks, not of the endpoint."""

    def __str__(self) -> str:
        """Say what it is, and as whom it is used where that is not the endpoint."""
        return f"{self.kind} {self.name}" + (", on behalf of the user" if self.on_behalf_of_user else "")


@dataclass(frozen=True, kw_only=True)
class Declared:
    """All that a model declares; `problem` says what of it cannot be read."""

    resources: tuple[Resource, ...] = ()
    problem: str | None = None


def read_resources(content: Mapping[str, Any]) -> Declared:
    """Read what an MLmodel file declares; an `auth_policy` goes before the plain list, as MLflow has it."""
    found = _listed(content)
    if not found:
        return Declared()
    if not isinstance(found, dict):
        return Declared(problem="they are no mapping")
    if (version := str(found.get("api_version"))) != API_VERSION:
        return Declared(problem=f"they are of api_version {version[:20]}, and {API_VERSION} is known")
    resources = tuple(dict.fromkeys(_read(found.get(TARGET))))
    strange = sorted(str(key) for key in found if key not in {"api_version", TARGET})
    return Declared(resources=resources, problem=f"they name {', '.join(strange)[:80]}" if strange else None)


def _listed(content: Mapping[str, Any]) -> Any:
    """The endpoint's own resources; of a policy those of the system, beside which the user's are scopes."""
    policy = content.get("auth_policy")
    if isinstance(policy, dict) and isinstance(system := policy.get("system_auth_policy"), dict):
        return system.get("resources")
    return content.get("resources")


def _read(kinds: Any) -> Iterator[Resource]:
    for kind, entries in kinds.items() if isinstance(kinds, dict) else ():
        for entry in entries if isinstance(entries, list) else ():
            name = entry.get("name") if isinstance(entry, dict) else None
            if isinstance(name, (str, int)) and 0 < len(str(name)) <= LONGEST:
                as_user = entry.get("on_behalf_of_user") is True
                yield Resource(kind=str(kind), name=str(name), on_behalf_of_user=as_user)
