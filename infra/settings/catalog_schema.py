"""The schema of `catalogs`: what of Unity Catalog a platform stack makes, for the stacks that serve from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field

from infra.settings.frozen import YES_NO, Frozen
from infra.settings.value_rules import NO_OBJECT, Rule, SchemaName

HOLDER = Rule(
    "the name of a group that exists, or a service principal's application id; no person, who may leave, and not "
    "`admins`, whose rights Databricks does not let anyone change",
    r"(?!admins$)[^\x00-\x1f\x7f\s@](?:[^\x00-\x1f\x7f@]{0,253}[^\x00-\x1f\x7f\s@])?",
    str.strip,
)
VOLUME = Rule(
    "a volume's name: at most 255 characters, in lower case (Unity Catalog stores it so), "
    "without space, quote, backtick, `.`, `/`, `\\`, `:`, `%` or control characters",
    rf"[^{NO_OBJECT}A-Z]{{1,255}}",
    lambda value: re.sub(rf"[{NO_OBJECT}]+", "_", value.strip()).lower()[:255],
)
ROOT = Rule(
    "an address in an external location that exists, as in `abfss://models@mlprodlake.dfs.core.windows.net/prod`",
    r"abfss://[a-z0-9](?:[a-z0-9-]{1,61}[a-z0-9])?@[a-z0-9]{3,24}\.dfs\.core\.windows\.net(?:/[A-Za-z0-9_.=-]+)*",
    lambda value: value.strip().rstrip("/"),
)
Holder = Annotated[str, AfterValidator(HOLDER)]
VolumeName = Annotated[str, AfterValidator(VOLUME)]
StorageRoot = Annotated[str, AfterValidator(ROOT)]
ACCESS = "{manage: [ml-engineers], execute: [chatbot-serving]}"
SCHEMAS = f"{{serving: {{access: {ACCESS}}}}}"
DEPLOYER = "33333333-4444-5555-6666-777777777777"


class SchemaAccess(Frozen):
    """Who may do what in a schema, by role: groups and service principals' application ids, never persons.

    Whoever is named may use the catalog too. Those who only ask an endpoint need nothing here.
    """

    read: tuple[Holder, ...] = Field(
        default=(), description="a list of groups: [analysts]", examples=["[analysts]", "analysts"]
    )
    """Who may read its tables, the inference tables among them, and the files in its volumes."""
    execute: tuple[Holder, ...] = Field(
        default=(),
        description="a list of groups: [chatbot-serving]",
        examples=["[chatbot-serving]", "chatbot-serving"],
    )
    """Who may reach the models in it, as what serves them does; which of them they may load, the stack that serves a
    model says.
    """
    manage: tuple[Holder, ...] = Field(
        default=(), description="a list of groups: [ml-engineers]", examples=["[ml-engineers]", "ml-engineers"]
    )
    """Who may register versions of the models in it."""
    deploy: tuple[Holder, ...] = Field(
        default=(), description="a list of service principals", examples=[f"[{DEPLOYER}]", DEPLOYER]
    )
    """Who may create models and inference tables in it: whoever runs the `up` of a serving stack."""

    @property
    def lists(self) -> Mapping[str, tuple[str, ...]]:
        """Each list by its key."""
        return dict(self)


class CatalogSchema(Frozen):
    """A schema that serving stacks use by `createSchema: false`."""

    access: SchemaAccess = Field(
        default=SchemaAccess(),
        description="a mapping with the keys read, execute, manage and deploy",
        examples=[ACCESS],
    )
    """Who may do what in it: the keys [below](#rollpincatalogscatalogschemasschemaaccess)."""
    volumes: tuple[VolumeName, ...] = Field(
        default=(), description="a list of volumes' names: [documents]", examples=["[documents]", "documents"]
    )
    """The managed volumes in it."""


class Catalog(Frozen):
    """A catalog that serving stacks use by `createCatalog: false`."""

    adopt: bool = Field(default=False, description=YES_NO, examples=["true"])
    """Whether the catalog, and what of its schemas and volumes is there already, is taken over."""
    isolated: bool | None = Field(default=None, description=YES_NO, examples=["true"])
    """Whether it is bound to the stack's workspace, and other workspaces of the metastore are kept out. Left out: as
    `isolated` of `rollpin:platform.create`.
    """
    storage_root: StorageRoot | None = Field(
        default=None,
        description="an address in an external location, as a text",
        examples=["abfss://models@mlprodlake.dfs.core.windows.net/prod"],
    )
    """Where its managed data lies. Left out: in the storage that the stack creates, or else in the metastore's."""
    schemas: Mapping[SchemaName, CatalogSchema] = Field(
        default={},
        description="a mapping of schemas' names to their settings",
        examples=[SCHEMAS, f"{{access: {ACCESS}}}"],
    )
    """Its schemas by name; one may be for inference tables alone."""

    @property
    def principals(self) -> frozenset[str]:
        """Everybody who is named in it."""
        lists = (names for schema in self.schemas.values() for names in schema.access.lists.values())
        return frozenset(name for names in lists for name in names)
