"""Where a setting stands: the keys and list positions that lead to it, and how they are written."""

from __future__ import annotations

import re

Location = tuple[str | int, ...]
"""Keys and list positions from the top of the file to a value."""

MOST_SHOWN = 80
"""Characters of a key that are shown."""


def in_file(location: Location) -> Location:
    """A setting's location as it is in the file: below `config`, with its namespace."""
    return ("config", f"rollpin:{location[0]}", *location[1:]) if location else ("config",)


def dotted(location: Location) -> str:
    """Write a location as people read it: `rollpin:models.chatbot.warmVersions[0]`."""
    keys = location[1:] if location[:1] == ("config",) and len(location) > 1 else location
    text = ""
    for key in keys:
        text += f"[{key}]" if isinstance(key, int) else f".{shortened(key)}"
    return text.removeprefix(".")


def pulumi_path(location: Location) -> str:
    """Write a location below `config` as Pulumi's `config --path` takes it: `rollpin:models["a.b"].catalog`."""
    text = str(location[1])
    for key in location[2:]:
        if isinstance(key, int):
            text += f"[{key}]"
        elif re.fullmatch(r"[A-Za-z_][\w-]*", key, re.ASCII):
            text += f".{key}"
        else:
            quoted = key.replace("\\", "\\\\").replace('"', '\\"')
            text += f'["{quoted}"]'
    return text


def written(location: Location, key: str = "") -> str:
    """Write the last key of a location, or another one there, as the file does: with its namespace at the top level."""
    name = shortened(key or str(location[-1]))
    return f"rollpin:{name}" if len(location) == 1 else name


def shortened(key: str) -> str:
    """Cut a key that is too long to be shown."""
    return key if len(key) <= MOST_SHOWN else f"{key[:MOST_SHOWN]}…"
