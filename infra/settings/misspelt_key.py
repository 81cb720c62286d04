"""Words for a key that nothing reads: which key was probably meant, and what to write instead."""

from __future__ import annotations

from collections.abc import Callable

from infra.settings.location import Location, dotted, in_file, shortened, written
from infra.settings.mend import Mend, Move, Remove, Rename
from infra.settings.mistake import Mistake
from infra.settings.namespaces import ENGINE_KEYS, NAMESPACES, PROVIDERS, SETTINGS, signs_in
from infra.settings.nearest_word import nearest
from infra.settings.stack_file import StackFile


def at_the_top(file: StackFile, key: str) -> Mistake:
    """A key beside `config` that Pulumi does not read."""
    location = (key,)
    return Mistake(
        line=file.place(location).line,
        key=shortened(key),
        found="a key that nothing reads at the top of the file",
        allowed=", ".join(ENGINE_KEYS),
        mend=_misplaced(file, key) or _respelt(location, lambda name: nearest(name, ENGINE_KEYS), file),
    )


def below_config(file: StackFile, key: str) -> Mistake:
    """A key directly below `config` whose namespace is nobody's."""
    namespace = key.rpartition(":")[0]
    location = ("config", key)
    return Mistake(
        line=file.place(location).line,
        key=shortened(key),
        found=f"the namespace `{shortened(namespace)}`, which nothing here reads"
        if namespace
        else "a key without a namespace",
        allowed="a key that begins with " + ", ".join(f"`{each}:`" for each in NAMESPACES),
        mend=_respelt(location, _meant, file),
    )


def in_a_setting(location: Location, known: tuple[str, ...], file: StackFile) -> Mistake:
    """A key at `location` where only the `known` ones are read."""

    def guess(key: str) -> str:
        near = nearest(key.removeprefix("rollpin:") if len(location) == 1 else key, known)
        return written(location, near) if near else ""

    return Mistake(
        line=file.place(in_file(location)).line,
        key=dotted(in_file(location)),
        found="a key that nothing here reads",
        allowed=", ".join(written(location, name) for name in known),
        mend=_respelt(in_file(location), guess, file),
    )


def _respelt(location: Location, guess: Callable[[str], str], file: StackFile) -> Mend:
    """Give a key the name that was meant, unless that stands there, or another misspelt one above is to get it."""
    key, place, beside = str(location[-1]), file.place(location), file.keys(location[:-1])
    near = guess(key)
    if near and near not in beside and not any(guess(each) == near for each in beside[: beside.index(key)]):
        return Rename(location=location, place=place, to=near)
    return Remove(location=location, place=place)


def _misplaced(file: StackFile, key: str) -> Mend | None:
    """Move a setting from the top to below `config`, where there is one and the setting is not there yet."""
    to = _meant(key) if ":" in key else ""
    if not to or to in file.config or "config" not in file.values:
        return None
    return Move(location=(key,), place=file.place((key,)), to=to)


def _meant(key: str) -> str:
    """The key below `config` that was meant by one whose namespace is nobody's; empty where none is near."""
    namespace, _, name = key.rpartition(":")
    near = nearest(namespace.partition(":")[0], NAMESPACES) if namespace else "rollpin"
    if near == "rollpin":
        name = nearest(name, SETTINGS)
    return f"{near}:{name}" if near and name and not (near in PROVIDERS and signs_in(name)) else ""
