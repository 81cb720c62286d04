"""The schema of a stack file: a frozen model of every setting, with its kind, its bounds and what it is when left out.

A new setting begins here, or in `endpoint_schema`. What the words and numbers in it may be is in `value_rules`; what
it may not be together with another, in `contradictions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from infra import naming
from infra.settings.catalog_schema import SCHEMAS, Catalog
from infra.settings.endpoint_schema import Endpoint
from infra.settings.frozen import YES_NO, Frozen
from infra.settings.platform_schema import ADOPT, Platform
from infra.settings.policy_schema import Policy
from infra.settings.search_schema import VectorSearch
from infra.settings.secret_scope import SecretScope
from infra.settings.value_rules import (
    CatalogName,
    Comment,
    ExperimentPath,
    ModelName,
    Principal,
    RegisteredModelName,
    SchemaName,
    ScopeName,
    StackName,
    TagKey,
    TagValue,
    TopLevelFlag,
    Version,
)

# A field's examples are written as in the file: the first is the value, the second one thing in it.


class Canary(Frozen):
    """A second version that takes some of the traffic."""

    version: Version = Field(description="a whole number from 1", examples=[8])
    """The version that takes some of the traffic beside the pin."""
    percent: Annotated[int, Field(ge=1, le=99)] = Field(
        description="a whole number from 1 to 99: what the pin leaves to the canary", examples=[10]
    )
    """The part of the traffic that it takes; the pin has the rest."""


class Experiment(Frozen):
    """Where the model's training runs are recorded."""

    name: ExperimentPath | None = Field(
        default=None, description="the path of an experiment, as a text", examples=["/Shared/chatbot"]
    )
    """The experiment that training runs are logged to. Left out: `/Shared/rollpin-<stack>-<entry>`."""
    adopt: bool = Field(default=False, description=YES_NO, examples=["true"])
    """Whether an experiment that is there already is taken over."""


class Access(Frozen):
    """Who may do what with one model: groups, service principals' application ids, users."""

    view: tuple[Principal, ...] = Field(
        default=(), description="a list of principals: [auditors]", examples=["[auditors]", "auditors"]
    )
    """Who may see the endpoint and the experiment, and no more."""
    query: tuple[Principal, ...] = Field(
        default=(), description="a list of principals: [chatbot-users]", examples=["[chatbot-users]", "chatbot-users"]
    )
    """Who may ask the endpoint."""
    manage: tuple[Principal, ...] = Field(
        default=(), description="a list of principals: [ml-engineers]", examples=["[ml-engineers]", "ml-engineers"]
    )
    """Who may register versions, and change the endpoint, the experiment and the model."""
    execute: tuple[Principal, ...] = Field(
        default=(),
        description="a list of principals: [chatbot-serving]",
        examples=["[chatbot-serving]", "chatbot-serving"],
    )
    """Who may load the model, as jobs, notebooks and the endpoint itself do."""
    resources: bool = Field(default=False, description=YES_NO, examples=["true"])
    """Whether those who `execute` it get what its deployed versions declare to use: indexes, tables, functions and so
    on. See [resources.md](resources.md).
    """

    reach: bool = Field(default=True, description=YES_NO, examples=["false"])
    """Whether this stack gives those who `manage` and `execute` it the way there too, on a catalog and a schema that
    it only uses. `false` where a platform stack gives it: then nothing of these two is read or changed. See
    [two-speeds.md](two-speeds.md).
    """

    @property
    def lists(self) -> Mapping[str, tuple[str, ...]]:
        """Each list of principals by its key."""
        return {key: value for key, value in self if isinstance(value, tuple)}


class Common(Frozen):
    """What `rollpin:defaults` may say for all models of a stack, and each model for itself.

    A setting that one model alone can have is in Model, with the reason in `defaults.NOT_COMMON`.
    """

    catalog: CatalogName | None = Field(default=None, description="a Unity Catalog name, as a text", examples=["prod"])
    """The catalog that the model is registered in. Left out: `rollpin:defaults` says it."""
    schema_name: SchemaName | None = Field(
        default=None, alias="schema", description="a Unity Catalog name, as a text", examples=["chatbot"]
    )
    """The schema that the model is registered in: `prod.chatbot.churn` is in the schema `chatbot`.
    Left out: `rollpin:defaults` says it.
    """
    create_catalog: bool = Field(default=False, description=YES_NO, examples=["false"])
    """Whether this stack creates the catalog, or only uses it."""
    create_schema: bool = Field(default=True, description=YES_NO, examples=["true"])
    """Whether this stack creates the schema, or only uses it."""
    create_model: bool = Field(default=True, description=YES_NO, examples=["true"])
    """Whether this stack creates the registered model, or only serves one that somebody else owns."""
    create_experiment: bool | None = Field(default=None, description=YES_NO, examples=["true"])
    """Whether this stack has an experiment for the training. Left out: as `createModel`, for a model that is only used
    is trained elsewhere.
    """
    comment: Comment | None = Field(default=None, description="a text", examples=["answers questions"])
    """The text that the registered model is described by. Left out: as it is."""
    owner: Principal | None = Field(default=None, description="one principal, as a text", examples=["ml-engineers"])
    """The principal that owns the registered model. Left out: as it is."""
    endpoint: Endpoint = Field(
        default=Endpoint(), description="a mapping, as in {name: chatbot}", examples=["{name: chatbot}"]
    )
    """How it is served: the keys [below](#rollpinmodelsentryendpoint)."""
    access: Access = Field(
        default=Access(),
        description="a mapping with the keys view, query, manage, execute, resources and reach",
        examples=["{query: [chatbot-users]}"],
    )
    """Who may do what with it: the keys [below](#rollpinmodelsentryaccess). Those who are named must exist. [What the
    lists take away](adopt-and-retire.md#what-access-lists-take-away).
    """
    tags: Mapping[TagKey, TagValue] = Field(
        default={}, description="a mapping of texts to texts: {team: chatbot}", examples=["{team: chatbot}", "chatbot"]
    )
    """Put on what of the model can be tagged, beside those of the stack."""


class Model(Common):
    """One entry of a stack: a registered model, and the version of it that is served.

    `adopt` takes over whatever of it is there already; one that is `retired` loses its endpoint and keeps the rest.
    """

    catalog: CatalogName = Field(description="a Unity Catalog name, as a text", examples=["prod"])
    schema_name: SchemaName = Field(alias="schema", description="a Unity Catalog name, as a text", examples=["chatbot"])
    model: RegisteredModelName | None = Field(
        default=None, description="a registered model's name, as a text", examples=["chatbot"]
    )
    """The registered model's name, where it is another than the entry's: one that is longer, or that two entries
    serve. Left out: the entry's name.
    """
    adopt: bool = Field(default=False, description=YES_NO, examples=["true"])
    """Whether what of it is there already is taken over. Without it, what is there and is not the stack's is never
    touched: the run ends. See [adopt-and-retire.md](adopt-and-retire.md).
    """
    retired: bool = Field(default=False, description=YES_NO, examples=["true"])
    """Whether its endpoint is taken down. Model, versions and experiment stay, and then the entry can go."""
    served_version: Version | None = Field(
        default=None,
        description="a whole number from 1, in plain digits: no alias, no `latest`, no float, no quotes",
        examples=[7],
    )
    """**The pin**: the version that serves. No `latest`, no alias. Left out: no endpoint yet."""
    warm_versions: tuple[Version, ...] = Field(
        default=(), description="a list of whole numbers from 1: [6, 7]", examples=["[6, 7]", "6"]
    )
    """Versions that stay deployed and ready, the pin among them or not. Going back to one of them is the same one
    line, and a change of traffic instead of a deployment.
    """
    canary: Canary | None = Field(
        default=None, description="a mapping: {version: 8, percent: 10}", examples=["{version: 8, percent: 10}"]
    )
    """A second version that takes some of the traffic. Left out: none."""
    experiment: Experiment | None = Field(
        default=None, description="a mapping: {name: /Shared/chatbot}", examples=["{name: /Shared/chatbot}"]
    )
    """Where its training is recorded. Left out: an experiment named by the stack and the entry."""

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
    """Where the stack lives: exactly one of `adopt`, a workspace that exists, and `create`, a whole platform, from the
    resource group on. Left out: the workspace that `DATABRICKS_HOST` names.
    """
    models: Mapping[ModelName, Model] = Field(
        description="a mapping of model names to their settings",
        examples=["{chatbot: {catalog: prod, schema: chatbot}}", "{catalog: prod, schema: chatbot}"],
    )
    """The entries of this stack by name. A name has at most 55 characters."""
    catalogs: Mapping[CatalogName, Catalog] = Field(
        default={},
        description="a mapping of catalogs' names to their settings: {prod: {schemas: {serving: {}}}}",
        examples=[f"{{prod: {{schemas: {SCHEMAS}}}}}", f"{{schemas: {SCHEMAS}}}"],
    )
    """The catalogs that a platform stack makes for others to serve from, by name; its own `models` is then `{}`. See
    [two-speeds.md](two-speeds.md).
    """
    secret_scopes: Mapping[ScopeName, SecretScope] = Field(
        default={},
        description="a mapping of secret scopes' names to their settings: {helpdesk: {access: {read: [serving]}}}",
        examples=["{helpdesk: {access: {read: [chatbot-serving]}}}", "{access: {read: [chatbot-serving]}}"],
    )
    """The secret scopes that models' variables refer to, by name. No value is ever among them: see
    [secrets.md](secrets.md).
    """
    defaults: Common | None = Field(
        default=None,
        description="a mapping of what all models have in common: {catalog: prod}",
        examples=["{catalog: prod}"],
    )
    """What the models have in common: any key of an entry but those that one model alone can have.
    It is laid under each entry ([above](#what-models-have-in-common)). Left out: nothing.
    """
    after: StackName | None = Field(default=None, description="a stack's name, as a text", examples=["test"])
    """The stack that is deployed before this one, and has to have succeeded, where a change touches both. On a line of
    its own. Left out: no order.
    """
    protect: TopLevelFlag = Field(default=True, description=YES_NO, examples=["true"])
    """Whether the engine refuses to delete what holds data or identity."""
    tags: Mapping[TagKey, TagValue] = Field(
        default={}, description="a mapping of texts to texts: {team: chatbot}", examples=["{team: chatbot}", "chatbot"]
    )
    """Put on all that can be tagged."""

    policy: Policy = Field(
        default=Policy(),
        description="a mapping with the keys production, requiredTags and exemptions",
        examples=["{production: true}"],
    )
    """What the policy pack must know of the stack, and what it is exempt from: see [policy.md](policy.md)."""

    vector_search: VectorSearch | None = Field(
        default=None, description="a mapping with the key endpoint", examples=["{endpoint: docs}"]
    )
    """What chains read their passages from: an endpoint of vector search, with indexes and volumes. See
    [resources.md](resources.md). Left out: none.
    """

    @property
    def resource_id(self) -> str | None:
        """The Azure resource id of an adopted workspace."""
        return self.platform.adopt.resource_id if self.platform and self.platform.adopt else None
