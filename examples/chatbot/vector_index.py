"""An index of vector search that holds the passages, asked over the workspace's REST API.

It travels with a version that reads such an index, and imports the standard library alone: Databricks' own client would
add seconds to every rollout and rollback.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from examples.chatbot.passages import Passage

VARIABLE = "DOCS_INDEX"
"""The environment variable that names the index."""
VARIABLES = (VARIABLE, "DATABRICKS_HOST", "DATABRICKS_TOKEN")
COLUMNS = ("id", "topic", "title", "text")
PATIENCE = 10
"""Seconds for an answer of the index."""
APART = 1 / 3 + 1e-6
"""The score of a passage that shares nothing with the question, where both vectors have the length one."""


class SearchError(Exception):
    """The index does not answer; the message says which, and what it said."""


@dataclass(frozen=True, kw_only=True)
class VectorIndex:
    """An index by its name in three parts, in the workspace at `host`."""

    name: str
    host: str
    token: str = field(repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> VectorIndex:
        """Take all of it from the environment; raises KeyError that says what is not set, and where to set it."""
        if unset := [name for name in VARIABLES if not environment.get(name)]:
            raise KeyError(
                f"{', '.join(unset)}: not set, and this version reads its passages from an index: set "
                f"{' and '.join(VARIABLES[:2])} in the environment of its served entity, and DATABRICKS_TOKEN as "
                "{{secrets/<scope>/<key>}}"
            )
        name, host, token = (environment[each] for each in VARIABLES)
        return cls(name=name, host=host.rstrip("/"), token=token)

    def nearest(self, vector: Sequence[float], count: int) -> list[Passage]:
        """Give the passages nearest to a vector, as many as share something with it; raises SearchError."""
        if not any(vector):
            return []
        answer = self._ask({"columns": list(COLUMNS), "query_vector": list(vector), "num_results": count})
        rows = answer["result"].get("data_array") or []
        return [Passage(**dict(zip(COLUMNS, row, strict=False))) for row in rows if row[-1] > APART]

    def _ask(self, query: Mapping[str, Any]) -> dict[str, Any]:
        address = f"{self.host}/api/2.0/vector-search/indexes/{quote(self.name)}/query"
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        request = Request(address, json.dumps(query).encode(), headers)  # noqa: S310 - the host is the endpoint's own
        local = urlsplit(self.host).hostname in {"127.0.0.1", "localhost"}
        opener = build_opener(ProxyHandler({})) if local else build_opener()
        try:
            with opener.open(request, timeout=PATIENCE) as response:
                found: dict[str, Any] = json.loads(response.read())
                return found
        except HTTPError as error:
            raise SearchError(f"index {self.name} at {self.host} answers {error.code}: {_said(error)}") from None
        except (URLError, OSError, ValueError) as error:
            raise SearchError(f"index {self.name} at {self.host} does not answer: {error}") from None


def _said(error: HTTPError) -> str:
    try:
        return str(json.loads(error.read()).get("message"))[:300]
    except (OSError, ValueError, AttributeError):
        return str(error.reason)
