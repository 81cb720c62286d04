"""What no preview may take away: what people call, and what cannot be made again."""

from __future__ import annotations

from policy import kinds
from policy.circumstances import Circumstances
from policy.resource import Findings, Removal, Resource
from policy.rule import on_removal

KEPT = (
    kinds.ENDPOINT,
    kinds.MODEL,
    kinds.CATALOG,
    kinds.SCHEMA,
    kinds.VOLUME,
    kinds.EXPERIMENT,
    kinds.SCOPE,
    kinds.SEARCH_ENDPOINT,
    kinds.SEARCH_INDEX,
    kinds.SERVICE_PRINCIPAL,
    kinds.PEOPLE,
    kinds.METASTORE_ASSIGNMENT,
    kinds.STORAGE_CREDENTIAL,
    kinds.EXTERNAL_LOCATION,
)
KEPT_ON_AZURE = (
    kinds.GROUP,
    kinds.WORKSPACE,
    kinds.CONNECTOR,
    kinds.ACCOUNT,
    kinds.CONTAINER,
    kinds.VAULT,
    kinds.KEY,
    kinds.IDENTITY,
    kinds.NETWORK,
    kinds.ADDRESS,
    kinds.LOGS,
)
RETIRED = "retired"
"""The tag that a retired entry's endpoint has had since the run before: that is how its end is announced."""


@on_removal(*KEPT, *KEPT_ON_AZURE)
def nothing_kept_is_lost(removal: Removal, stack: Circumstances) -> Findings:
    """What is deleted or replaced is gone for whoever calls it, with its data: put back what the change took away.

    An endpoint ends by `retired: true` in its entry, and is replaced by `replace: true` of its endpoint. A stack that
    is to be thrown away says `rollpin:protect: false`.
    """
    if stack.protected and not _announced(removal, stack):
        yield f"it is {'replaced' if removal.operation == 'replace' else 'deleted'}"


def _announced(removal: Removal, stack: Circumstances) -> bool:
    if removal.resource.kind != kinds.ENDPOINT:
        return False
    if removal.operation == "replace":
        return removal.resource.at("name").text in stack.replaceable
    return _is_retired(removal.resource)


def _is_retired(endpoint: Resource) -> bool:
    return any(tag.at("key").text == RETIRED and tag.at("value").text == "true" for tag in endpoint.at("tags").items)
