"""What catalogs, schemas and registered models have in common: Unity Catalog's ways of changing a securable."""

from __future__ import annotations

from engine.stand_in.attributes import Attribute, Schema
from engine.stand_in.failures import ProviderError
from engine.stand_in.projection import body_of
from engine.stand_in.resource_type import Api, Update

OPTIMIZATION = Attribute(computed=True, one_of=("DISABLE", "ENABLE", "INHERIT"))
FORCE_DESTROY = Attribute(kind="bool", write_only=True, default=False)
OUTPUT = Attribute(read_only=True)
COUNT = Attribute(kind="int", read_only=True)


def without_slash(path: str) -> str:
    """Take a directory with and without a slash at its end for one."""
    return path.rstrip("/")


def settle(api: Api, path: str, schema: Schema, update: Update) -> None:
    """Send what changed; the owner goes first, alone, and comes back where the rest is refused."""
    changed = update.changed - {"forceDestroy"}
    if "owner" in changed:
        api.call("PATCH", path, body={"owner": update.new["owner"]})
    rest = changed - {"owner"}
    if not rest:
        return
    try:
        api.call("PATCH", path, body=_changes(schema, update, rest))
    except ProviderError:
        if "owner" in changed and update.old.get("owner"):
            api.call("PATCH", path, body={"owner": update.old["owner"]})
        raise


def _changes(schema: Schema, update: Update, names: frozenset[str]) -> dict[str, object]:
    nothing: dict[str, object] = {"map": {}, "string": ""}
    wanted = {name: update.new.get(name, nothing.get(schema[name].kind)) for name in names}
    return body_of(schema, wanted)
