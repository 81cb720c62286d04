"""Writes docs/settings.md from the schema: `python -m infra.settings.reference > docs/settings.md`."""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from pydantic.fields import FieldInfo

from infra.settings import (
    budget_schema,
    catalog_schema,
    create_schema,
    customer_keys_schema,
    endpoint_schema,
    identity_schema,
    network_schema,
    platform_schema,
    policy_schema,
    schema,
    search_schema,
    secret_scope,
)
from infra.settings.defaults import NOT_COMMON
from infra.settings.frozen import Frozen

LEFT_OUT = "Left out: "
HEAD = """\
# Settings

<!-- Written by `make docs` from infra/settings; a test fails where it is stale. -->

Every key that `Pulumi.<stack>.yaml` may have. A key that is misspelt, a version that is no whole number, or a canary of
more than 100 % ends the run before anything is touched. So does a pin to a version that is not registered or not ready.
The message says what was found, what is allowed, and what to type instead.

Merge keys, anchors and aliases are read as the engine reads them. Nothing here takes a secret (`pulumi config set
--secret`): it is refused, and not shown. Models read theirs from [a secret scope](secrets.md).

`model-ops settings --stack prod` says what is in force, and which line says so.

## What models have in common

A team with many models says once what they share, and each model has its own three lines:

```yaml
config:
  rollpin:defaults:
    catalog: prod
    schema: serving
    endpoint: {scaleToZero: true, inferenceTable: true}
    access: {manage: [ml-engineers], view: [auditors]}
  rollpin:models:
    churn:
      servedVersion: 7
      access: {query: [crm]}
    card_fraud:
      servedVersion: 5
      endpoint: {scaleToZero: false}
```

Mappings are merged key by key, and the model's own value goes before: `card_fraud` has an inference table and does not
sleep. A list is replaced, not joined. A mistake in a default is told once, at its own line. What is of one model alone
is refused there:
"""


class Section(NamedTuple):
    """A mapping of a stack's file: where it stands, and what it is read into."""

    title: str
    model: type[Frozen]


ENTRY = "rollpin:models.ENTRY"
SECTIONS = (
    Section("The stack", schema.Settings),
    Section("rollpin:platform", platform_schema.Platform),
    Section("rollpin:platform.adopt", platform_schema.Adopt),
    Section("rollpin:platform.create", create_schema.Create),
    Section("rollpin:platform.create.budget", budget_schema.Budget),
    Section("rollpin:platform.create.customerManagedKeys", customer_keys_schema.CustomerManagedKeys),
    Section("rollpin:platform.create.identities.NAME", identity_schema.Identity),
    Section("rollpin:platform.create.groups.NAME", identity_schema.Group),
    Section("rollpin:platform.create.network", network_schema.Network),
    Section("rollpin:platform.create.network.hub", network_schema.Hub),
    Section(ENTRY, schema.Model),
    Section(f"{ENTRY}.canary", schema.Canary),
    Section(f"{ENTRY}.experiment", schema.Experiment),
    Section(f"{ENTRY}.access", schema.Access),
    Section(f"{ENTRY}.endpoint", endpoint_schema.Endpoint),
    Section(f"{ENTRY}.endpoint.concurrency", endpoint_schema.Concurrency),
    Section(f"{ENTRY}.endpoint.throughput", endpoint_schema.Throughput),
    Section(f"{ENTRY}.endpoint.notifications", endpoint_schema.Notifications),
    Section(f"{ENTRY}.endpoint.gateway", endpoint_schema.Gateway),
    Section(f"{ENTRY}.endpoint.gateway.rateLimits", endpoint_schema.RateLimit),
    Section(f"{ENTRY}.endpoint.gateway.inferenceTable", endpoint_schema.InferenceTable),
    Section("rollpin:catalogs.CATALOG", catalog_schema.Catalog),
    Section("rollpin:catalogs.CATALOG.schemas.SCHEMA", catalog_schema.CatalogSchema),
    Section("rollpin:catalogs.CATALOG.schemas.SCHEMA.access", catalog_schema.SchemaAccess),
    Section("rollpin:policy", policy_schema.Policy),
    Section("rollpin:policy.exemptions.RULE", policy_schema.Exemption),
    Section("rollpin:policy.personCreates", policy_schema.Leave),
    Section("rollpin:secretScopes.SCOPE", secret_scope.SecretScope),
    Section("rollpin:secretScopes.SCOPE.access", secret_scope.ScopeAccess),
    Section("rollpin:vectorSearch", search_schema.VectorSearch),
    Section("rollpin:vectorSearch.indexes.INDEX", search_schema.Index),
    Section("rollpin:vectorSearch.indexes.INDEX.vectors", search_schema.Vectors),
    Section("rollpin:vectorSearch.indexes.INDEX.source", search_schema.Source),
    Section("rollpin:vectorSearch.indexes.INDEX.text", search_schema.Text),
    Section(
        "rollpin:vectorSearch.indexes.INDEX.access, rollpin:vectorSearch.volumes.VOLUME.access", search_schema.Readers
    ),
)
"""In the order of the page. A mapping with one key that is one of these has no section of its own."""


def reference() -> str:
    """Give the page: every key with what it means, what it may be, and what holds where it is left out."""
    alone = "".join(f"- `{'.'.join(map(str, where))}`: {reason}\n" for where, reason in NOT_COMMON.items())
    return f"{HEAD}\n{alone}\n" + "\n".join(map(_section, SECTIONS))


def _section(section: Section) -> str:
    said = meanings(section.model)
    own = ("rollpin:" if section.model is schema.Settings else "") + "{}"
    rows = [
        f"| `{own.format(field.alias)}` | {meaning} | {_shown(field.description)} | {left_out} |"
        for name, field in section.model.model_fields.items()
        for meaning, left_out in [_told(said[name], field)]
    ]
    about = inspect.cleandoc(section.model.__doc__ or "").partition("\n\n")[0].replace("\n", " ")
    title = ", ".join(f"`{each}`" for each in section.title.split(", ")) if ":" in section.title else section.title
    table = "\n".join(["| key | what it means | what it may be | if you leave it out |", "|---|---|---|---|", *rows])
    return f"## {title}\n\n{about}\n\n{table}\n"


def _told(said: str, field: FieldInfo) -> tuple[str, str]:
    """What a key means, and what holds without it: in the schema's words, or else its default."""
    meaning, _, left_out = said.partition(LEFT_OUT)
    return _cell(meaning.strip()), _cell(left_out.removesuffix(".")) if left_out else _default(field)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "it must be there"
    value: Any = field.default
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, Frozen):
        return "what its keys say"
    return f"`{value}`" if value or value == 0 else "none"


def _shown(kind: str | None) -> str:
    """What a key may be, with what is typed set as code."""
    return _cell(re.sub(r"(?<![`\w])(\{.+\}|\[.+\])", r"`\1`", kind or ""))


def _cell(text: str | None) -> str:
    return (text or "").replace("|", "\\|").replace("\n", " ")


def meanings(model: type[Frozen]) -> Mapping[str, str]:
    """What the docstring below each field says of it, those of its bases too."""
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, Frozen):
            found |= dict(_documented(base))
    return found


def _documented(model: type[Frozen]) -> Iterator[tuple[str, str]]:
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    body = tree.body if isinstance(tree, ast.ClassDef) else []
    for field, said in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(said, ast.Expr):
            yield field.target.id, " ".join(str(ast.literal_eval(said.value)).split())


if __name__ == "__main__":
    sys.stdout.write(reference())
