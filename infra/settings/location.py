"""Where a setting stands: the keys and list positions that lead to it, and how they are written."""

from __future__ import annotations

Location = tuple[str | int, ...]
"""Keys and list positions from the top of the file to a value."""


def in_file(location: Location) -> Location:
    """A setting's location as it is in the file: below `config`, with its namespace."""
    return ("config", f"rollpin:{location[0]}", *location[1:]) if location else ("config",)


def dotted(location: Location) -> str:
    """Write a location as Pulumi's `config --path` takes it: `rollpin:models.chatbot.warmVersions[0]`."""
    keys = location[1:] if location[:1] == ("config",) else location
    text = ""
    for key in keys:
        text += f"[{key}]" if isinstance(key, int) else f".{key}"
    return text.removeprefix(".")


def written(location: Location, key: str = "") -> str:
    """Write the last key of a location, or another one there, as the file does: with its namespace at the top level."""
    name = key or str(location[-1])
    return f"rollpin:{name}" if len(location) == 1 else name
