"""Finds settings of secret scopes that are each allowed, but not together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from infra.settings.finder import Finder
from infra.settings.mistake import Mistake
from infra.settings.secret_scope import SecretScope
from infra.settings.stack_file import StackFile


def mistakes(file: StackFile, scopes: Mapping[str, SecretScope]) -> Iterator[Mistake]:
    """Find contradictions within each scope and between the scopes."""
    finder, first = Finder(file), dict[str, str]()
    for name, scope in scopes.items():
        where = ("secretScopes", name)
        if (other := first.setdefault(name.casefold(), name)) != name:
            allowed = "names that differ in more than case, which Databricks does not tell apart"
            yield finder.at(where, f"`{name}`, beside `{other}`", allowed, finder.remove(where))
        for key in ("read", "write", "manage"):
            yield from finder.repeated((*where, "access", key), getattr(scope.access, key))
        if scope.key_vault and scope.access.write:
            found = "`write` on a scope whose secrets are in a Key Vault"
            allowed = "`read` and `manage`: secrets are put into the vault itself, by whoever may in Azure"
            writing = (*where, "access", "write")
            yield finder.at(writing, found, allowed, finder.remove(writing))
