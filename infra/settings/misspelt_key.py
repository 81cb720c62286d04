"""Words for a key that nothing reads: which key was probably meant, and what to write instead."""

from __future__ import annotations

from infra.settings.location import Location, dotted, in_file, written
from infra.settings.mistake import Mistake
from infra.settings.namespaces import ENGINE_KEYS, NAMESPACES, SETTINGS
from infra.settings.nearest_word import nearest
from infra.settings.stack_file import StackFile


def at_the_top(file: StackFile, key: str) -> Mistake:
    """A key beside `config` that Pulumi does not read."""
    line = file.place((key,)).line
    near = nearest(key, ENGINE_KEYS)
    misplaced = ":" in key
    mend = f"at line {line}, write `{near}:` instead of `{key}:`" if near else f"remove line {line}"
    return Mistake(
        line=line,
        key=key,
        found="a key that nothing reads at the top of the file",
        allowed=", ".join(ENGINE_KEYS),
        mend=f"indent line {line} and what is below it, under `config:`" if misplaced else mend,
    )


def below_config(file: StackFile, key: str) -> Mistake:
    """A key directly below `config` whose namespace is nobody's."""
    namespace, _, name = key.rpartition(":")
    line = file.place(("config", key)).line
    near = nearest(namespace.partition(":")[0], NAMESPACES) if namespace else "rollpin" * bool(nearest(name, SETTINGS))
    mend = f"remove line {line} and what is indented below it"
    if near:
        meant = nearest(name, SETTINGS) if near == "rollpin" else ""
        mend = f"at line {line}, write `{near}:{meant or name}:` instead of `{key}:`"
    return Mistake(
        line=line,
        key=key,
        found=f"the namespace `{namespace}`, which nothing here reads" if namespace else "a key without a namespace",
        allowed="a key that begins with " + ", ".join(f"`{each}:`" for each in NAMESPACES),
        mend=mend,
    )


def in_a_setting(location: Location, known: tuple[str, ...], file: StackFile) -> Mistake:
    """A key at `location` where only the `known` ones are read."""
    line, key = file.place(in_file(location)).line, str(location[-1])
    near = nearest(key, known)
    mend = f"at line {line}, write `{written(location, near)}:` instead of `{written(location)}:`"
    return Mistake(
        line=line,
        key=dotted(in_file(location)),
        found="a key that nothing here reads",
        allowed=", ".join(written(location, name) for name in known),
        mend=mend if near else f"remove line {line}",
    )
