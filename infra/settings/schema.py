"""The schema of a stack file: a frozen model of every setting, with its kind, its bounds and what it is when left out.

A new setting begins here, or in `endpoint_schema`. What the words and numbers in it may be is in `value_rules`; what
it may not be together with another, in `contradictions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from infra import naming
from infra.settings.endpoint_schema import Endpoint
from infra.settings.frozen import YES_NO, Frozen
from infra.settings.search_schema import VectorSearch
from infra.settings.secret_scope import SecretScope
from infra.settings.value_rules import (
    CatalogName,
    Comment,
    ExperimentPath,
    LocationName,
    MetastoreId,
    ModelName,
    Principal,
    RegisteredModelName,
    ResourceGroupName,
    SchemaName,
    ScopeName,
    StackName,
    StorageAccountName,
    TagKey,
    TagValue,
    TopLevelFlag,
    Version,
    WorkspaceHost,
    WorkspaceId,
    WorkspaceName,
)

# A field's examples are written as in the file: the first is the value, the second one thing in it.
HOST = "https://adb-1234567890123456.7.azuredatabricks.net"
WORKSPACE = (
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/ml/providers/Microsoft.Databricks"
    "/workspaces/ml-prod"
)
ADOPT = f"{{host: {HOST}, resourceId: {WORKSPACE}}}"
METASTORE = "11111111-2222-3333-4444-555555555555"
CREATE = f"{{location: westeurope, storageAccount: mlprodlake, metastoreId: {METASTORE}}}"


class Adopt(Frozen):
    """A workspace that exists."""

    host: WorkspaceHost = Field(description="the workspace's address, as a text", examples=[HOST])
    resource_id: WorkspaceId = Field(description="the workspace's resource id, as a text", examples=[WORKSPACE])


class Create(Frozen):
    """A whole Azure platform to create; names that are left out come from the stack's."""

    location: LocationName = Field(description="an Azure region, as a text", examples=["westeurope"])
    storage_account: StorageAccountName = Field(
        description="a storage account's name, as a text", examples=["mlprodlake"]
    )
    metastore_id: MetastoreId = Field(
        description="the id of the region's Unity Catalog metastore, as a text", examples=[METASTORE]
    )
    resource_group: ResourceGroupName | None = Field(
        default=None, description="a resource group's name, as a text", examples=["rg-ml-prod"]
    )
    workspace: WorkspaceName | None = Field(
        default=None, description="a workspace's name, as a text", examples=["dbw-ml-prod"]
    )


class Platform(Frozen):
    """Where the stack lives: exactly one of the two."""

    adopt: Adopt | None = Field(
        default=None, description="a mapping with the keys host and resourceId", examples=[ADOPT]
    )
    create: Create | None = Field(
        default=None, description="a mapping with the keys location, storageAccount and metastoreId", examples=[CREATE]
    )


class Canary(Frozen):
    """A second version that takes some of the traffic."""

    version: Version = Field(description="a whole number from 1", examples=[8])
    percent: Annotated[int, Field(ge=1, le=99)] = Field(
        description="a whole number from 1 to 99: what the pin leaves to the canary", examples=[10]
    )


class Experiment(Frozen):
    """Where the model's training runs are recorded."""

    name: ExperimentPath | None = Field(
        default=None, description="the path of an experiment, as a text", examples=["/Shared/chatbot"]
    )
    adopt: bool = Field(default=False, description=YES_NO, examples=["true"])


class Access(Frozen):
    """Who may do what with one model: groups, service principals' application ids, users."""

    view: tuple[Principal, ...] = Field(
        default=(), description="a list of principals: [auditors]", examples=["[auditors]", "auditors"]
    )
    query: tuple[Principal, ...] = Field(
        default=(), description="a list of principals: [chatbot-users]", examples=["[chatbot-users]", "chatbot-users"]
    )
    manage: tuple[Principal, ...] = Field(
        default=(), description="a list of principals: [ml-engineers]", examples=["[ml-engineers]", "ml-engineers"]
    )
    execute: tuple[Principal, ...] = Field(
        default=(),
        description="a list of principals: [chatbot-serving]",
        examples=["[chatbot-serving]", "chatbot-serving"],
    )
    resources: bool = Field(default=False, description=YES_NO, examples=["true"])
    """Whether those who execute it get what its deployed versions declare to use."""

    @property
    def lists(self) -> Mapping[str, tuple[str, ...]]:
        """Each list of principals by its key."""
        return {key: value for key, value in self if isinstance(value, tuple)}


class Common(Frozen):
    """What `rollpin:defaults` may say for all models of a stack, and each model for itself.

    A setting that one model alone can have is in Model, with the reason in `defaults.NOT_COMMON`.
    """

    catalog: CatalogName | None = Field(default=None, description="a Unity Catalog name, as a text", examples=["prod"])
    schema_name: SchemaName | None = Field(
        default=None, alias="schema", description="a Unity Catalog name, as a text", examples=["chatbot"]
    )
    create_catalog: bool = Field(default=False, description=YES_NO, examples=["false"])
    create_schema: bool = Field(default=True, description=YES_NO, examples=["true"])
    create_model: bool = Field(default=True, description=YES_NO, examples=["true"])
    create_experiment: bool | None = Field(default=None, description=YES_NO, examples=["true"])
    """None is true unless the model is only used, which is trained elsewhere."""
    comment: Comment | None = Field(default=None, description="a text", examples=["answers questions"])
    owner: Principal | None = Field(default=None, description="one principal, as a text", examples=["ml-engineers"])
    endpoint: Endpoint = Field(
        default=Endpoint(), description="a mapping, as in {name: chatbot}", examples=["{name: chatbot}"]
    )
    access: Access = Field(
        default=Access(),
        description="a mapping with the keys view, query, manage, execute and resources",
        examples=["{query: [chatbot-users]}"],
    )
    tags: Mapping[TagKey, TagValue] = Field(
        default={}, description="a mapping of texts to texts: {team: chatbot}", examples=["{team: chatbot}", "chatbot"]
    )
    """Beside the stack's own."""


class Model(Common):
    """One entry of a stack: a registered model, and the version of it that is served.

    `adopt` takes over whatever of it is there already; one that is `retired` loses its endpoint and keeps the rest.
    """

    catalog: CatalogName = Field(description="a Unity Catalog name, as a text", examples=["prod"])
    schema_name: SchemaName = Field(alias="schema", description="a Unity Catalog name, as a text", examples=["chatbot"])
    model: RegisteredModelName | None = Field(
        default=None, description="a registered model's name, as a text", examples=["chatbot"]
    )
    """None is the entry's own name."""
    adopt: bool = Field(default=False, description=YES_NO, examples=["true"])
    retired: bool = Field(default=False, description=YES_NO, examples=["true"])
    served_version: Version | None = Field(
        default=None,
        description="a whole number from 1, in plain digits: no alias, no `latest`, no float, no quotes",
        examples=[7],
    )
    warm_versions: tuple[Version, ...] = Field(
        default=(), description="a list of whole numbers from 1: [6, 7]", examples=["[6, 7]", "6"]
    )
    canary: Canary | None = Field(
        default=None, description="a mapping: {version: 8, percent: 10}", examples=["{version: 8, percent: 10}"]
    )
    experiment: Experiment | None = Field(
        default=None, description="a mapping: {name: /Shared/chatbot}", examples=["{name: /Shared/chatbot}"]
    )

    @property
    def versions(self) -> tuple[int, ...]:
        """Every version that the stack deploys, once each, in order."""
        pins = () if self.served_version is None else (self.served_version,)
        canary = (self.canary.version,) if self.canary else ()
        return tuple(sorted({*pins, *self.warm_versions, *canary}))

    def endpoint_name(self, name: str) -> str:
        """The endpoint's name: its own setting, or the model's `name`."""
        return self.endpoint.name or name

    def experiment_name(self, stack: str, name: str) -> str:
        """The experiment's path: its own setting, or one made of the stack's and the model's `name`."""
        return (self.experiment and self.experiment.name) or naming.experiment(stack, name)

    @property
    def table_schema(self) -> tuple[str, str]:
        """Catalog and schema of the inference table: those that its own settings name, or the model's."""
        table = self.endpoint.gateway.inference_table
        return (table and table.catalog) or self.catalog, (table and table.schema_name) or self.schema_name

    @property
    def table_readers(self) -> tuple[str, ...]:
        """Who may read the tables of that schema."""
        table = self.endpoint.gateway.inference_table
        return table.read if table else ()

    @property
    def has_experiment(self) -> bool:
        """Whether the stack has an experiment for it."""
        return self.create_model if self.create_experiment is None else self.create_experiment

    @property
    def deployed(self) -> tuple[int, ...]:
        """Every version that the stack keeps deployed: none of a model that is retired."""
        return () if self.retired else self.versions

    def registered_name(self, name: str) -> str:
        """The registered model's name: its own setting, or the entry's `name`."""
        return self.model or name

    def full_name(self, name: str) -> str:
        """The name by which Unity Catalog knows the model."""
        return naming.full_name(self.catalog, self.schema_name, self.registered_name(name))


class Settings(Frozen):
    """One stack: where it lives, which models it serves."""

    platform: Platform | None = Field(
        default=None,
        description="a mapping with either `adopt` or `create`; absent on the sandbox",
        examples=[f"{{adopt: {ADOPT}}}"],
    )
    models: Mapping[ModelName, Model] = Field(
        description="a mapping of model names to their settings",
        examples=["{chatbot: {catalog: prod, schema: chatbot}}", "{catalog: prod, schema: chatbot}"],
    )
    secret_scopes: Mapping[ScopeName, SecretScope] = Field(
        default={},
        description="a mapping of secret scopes' names to their settings: {helpdesk: {access: {read: [serving]}}}",
        examples=["{helpdesk: {access: {read: [chatbot-serving]}}}", "{access: {read: [chatbot-serving]}}"],
    )
    defaults: Common | None = Field(
        default=None,
        description="a mapping of what all models have in common: {catalog: prod}",
        examples=["{catalog: prod}"],
    )
    """Laid under each model already."""
    after: StackName | None = Field(default=None, description="a stack's name, as a text", examples=["test"])
    """Which stack is deployed before this one, and has to have succeeded, where a change touches both."""
    protect: TopLevelFlag = Field(default=True, description=YES_NO, examples=["true"])
    tags: Mapping[TagKey, TagValue] = Field(
        default={}, description="a mapping of texts to texts: {team: chatbot}", examples=["{team: chatbot}", "chatbot"]
    )

    vector_search: VectorSearch | None = Field(
        default=None, description="a mapping with the key endpoint", examples=["{endpoint: docs}"]
    )

    @property
    def resource_id(self) -> str | None:
        """The Azure resource id of an adopted workspace."""
        return self.platform.adopt.resource_id if self.platform and self.platform.adopt else None
