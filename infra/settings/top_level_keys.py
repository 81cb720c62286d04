"""Finds what may not stand at the top of a stack file or directly below `config`: strangers, and what signs in."""

from __future__ import annotations

from collections.abc import Iterator

from infra.settings import misspelt_key
from infra.settings.encrypted_value import removal
from infra.settings.location import shortened
from infra.settings.mistake import Mistake
from infra.settings.namespaces import ENGINE_KEYS, NAMESPACES, PROVIDERS, signs_in
from infra.settings.stack_file import StackFile


def mistakes(file: StackFile, stack: str) -> Iterator[Mistake]:
    """Find keys at the top of the file and below `config` that belong to nobody, or that sign in."""
    yield from (misspelt_key.at_the_top(file, key) for key in file.values if key not in ENGINE_KEYS)
    if not isinstance(file.values.get("config"), dict):
        yield _no_settings(file)
    for key in file.config:
        namespace, _, name = key.rpartition(":")
        if namespace not in NAMESPACES:
            yield misspelt_key.below_config(file, key)
        elif namespace in PROVIDERS and signs_in(name):
            yield _credential(file, key, namespace, stack)


def _no_settings(file: StackFile) -> Mistake:
    line, text = file.place(("config",)).line, file.place(("config",)).text
    return Mistake(
        line=line,
        key="config",
        found=f"`{text}`" if text else "nothing",
        allowed="a mapping of settings",
        mend="write `config:`, and below it, indented, `rollpin:models:` and the models; the README has an example",
    )


def _credential(file: StackFile, key: str, namespace: str, stack: str) -> Mistake:
    place = file.place(("config", key))
    return Mistake(
        line=place.line,
        key=shortened(key),
        found="a setting that signs in, or leads to another workspace (its value is not shown)",
        allowed=f"credentials in the environment alone: {PROVIDERS[namespace]}; the workspace in `rollpin:platform`",
        mend=removal(("config", key), place, stack),
    )
