"""Whose keys a stack file may hold: the program's, the engine's, and the providers' own but for their credentials."""

from __future__ import annotations

import re
from collections.abc import Iterator

from infra.mistake import Mistake
from infra.nearness import nearest
from infra.stack_file import StackFile

ENGINE_KEYS = ("config", "encryptionsalt", "secretsprovider", "encryptedkey", "environment")
"""What Pulumi itself reads at the top of a stack file."""

PROVIDERS = {
    "databricks": "DATABRICKS_HOST and DATABRICKS_TOKEN, or the ARM_* variables of a service principal",
    "azure-native": "the ARM_* variables of a service principal, or az login",
}
"""The providers' namespaces, and where each takes its credentials from."""

NAMESPACES = ("rollpin", "pulumi", *PROVIDERS)
SETTINGS = ("platform", "models", "protect", "tags")
SIGNS_IN = re.compile(
    r"token|secret|password|credential|certificate|host|profile|username|(client|account|workspace|resource)id$"
    r"|configfile|endpoint|url|serviceaccount",
    re.IGNORECASE,
)
"""Provider settings that hold a credential, or lead to another workspace than the one `rollpin:platform` names."""


def mistakes(file: StackFile, stack: str) -> Iterator[Mistake]:
    """Find keys at the top of the file and below `config` that belong to nobody, or that sign in."""
    yield from (_unread(file, key) for key in file.values if key not in ENGINE_KEYS)
    if not isinstance(file.values.get("config"), dict):
        yield _no_settings(file)
    for key in file.config:
        namespace, _, name = key.rpartition(":")
        if namespace not in NAMESPACES:
            yield _stray(file, key, namespace, name)
        elif namespace in PROVIDERS and SIGNS_IN.search(name):
            yield _credential(file, key, namespace, stack)


def _unread(file: StackFile, key: str) -> Mistake:
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


def _no_settings(file: StackFile) -> Mistake:
    line, text = file.place(("config",)).line, file.place(("config",)).text
    return Mistake(
        line=line,
        key="config",
        found=f"`{text}`" if text else "nothing",
        allowed="a mapping of settings",
        mend="write `config:`, and below it, indented, `rollpin:models:` and the models; the README has an example",
    )


def _stray(file: StackFile, key: str, namespace: str, name: str) -> Mistake:
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


def _credential(file: StackFile, key: str, namespace: str, stack: str) -> Mistake:
    return Mistake(
        line=file.place(("config", key)).line,
        key=key,
        found="a setting that signs in, or leads to another workspace (its value is not shown)",
        allowed=f"credentials in the environment alone: {PROVIDERS[namespace]}; the workspace in `rollpin:platform`",
        mend=f"pulumi config rm {key} --stack {stack}",
    )
