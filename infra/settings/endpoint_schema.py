"""The schema of `endpoint`: how a model is served, what its containers are given, and what watches its traffic.

A setting that is None was left out: what is there stays as it is. docs/serving-endpoint.md has every input of the
provider's, with the setting that it comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from infra.settings.frozen import YES_NO, Frozen
from infra.settings.value_rules import (
    BudgetPolicyId,
    CatalogName,
    Email,
    EndpointName,
    EnvironmentName,
    EnvironmentValue,
    EveryFour,
    Principal,
    SchemaName,
    TablePrefix,
    TagKey,
    TagValue,
    Text,
    VersionKey,
)

Environment = Mapping[EnvironmentName, EnvironmentValue]

WorkloadType = Literal[
    "CPU",
    "CPU_MEDIUM",
    "CPU_LARGE",
    "GPU_SMALL",
    "GPU_LARGE",
    "GPU_XLARGE",
    "GPU_XLARGE_8",
]
"""The REST API's words, without those that AWS alone has; which of them a region has is Databricks' to say."""

ENVIRONMENT = "{INDEX: prod.serving.docs, TOKEN: '{{secrets/chatbot/token}}'}"
LIMIT = "{per: user, calls: 60}"
COUNT = "a whole number from 1"


class Concurrency(Frozen):
    """How many requests at once a version can answer, in place of a workload size."""

    min: EveryFour = Field(description="a multiple of four, from 0 to 1024", examples=[4])
    """Requests at once that it is always ready for."""
    max: EveryFour = Field(description="a multiple of four, from 4 to 1024", examples=[16])
    """Requests at once that it may grow to."""


class Throughput(Frozen):
    """How many tokens a second a language model can read and write, in place of a workload size."""

    min: Annotated[int, Field(ge=0)] = Field(description="a whole number from 0", examples=[0])
    """Tokens a second that it is always ready for."""
    max: Annotated[int, Field(ge=1)] = Field(description=COUNT, examples=[9500])
    """Tokens a second that it may grow to."""


class Notifications(Frozen):
    """Who is told by mail how an update of the endpoint has ended."""

    on_success: tuple[Email, ...] = Field(
        default=(), description="a list of mail addresses", examples=["[ml@example.com]", "ml@example.com"]
    )
    """Who is told of an update that ended well."""
    on_failure: tuple[Email, ...] = Field(
        default=(), description="a list of mail addresses", examples=["[ml@example.com]", "ml@example.com"]
    )
    """Who is told of an update that failed."""


class RateLimit(Frozen):
    """How many requests or tokens a minute are let through, for all together or for each who asks."""

    per: Literal["endpoint", "user", "group", "principal"] = Field(
        description="endpoint, user, group or principal", examples=["user"]
    )
    """For whom it counts: all together, each user, or the one who is named."""
    name: Principal | None = Field(
        default=None, description="the group, service principal or user that it is for", examples=["ml-engineers"]
    )
    """The one user, group or service principal that it is for. Left out: each of its kind."""
    calls: Annotated[int, Field(ge=1)] | None = Field(default=None, description=COUNT, examples=[60])
    """Requests a minute. Left out: `tokens` says how many."""
    tokens: Annotated[int, Field(ge=1)] | None = Field(default=None, description=COUNT, examples=[10000])
    """Tokens a minute. Left out: `calls` says how many."""


class InferenceTable(Frozen):
    """Where requests and answers are recorded; what is left out comes from the model and the endpoint."""

    catalog: CatalogName | None = Field(default=None, description="a Unity Catalog name, as a text", examples=["prod"])
    """The catalog of the table. Left out: the model's."""
    schema_name: SchemaName | None = Field(
        default=None, alias="schema", description="a Unity Catalog name, as a text", examples=["logs"]
    )
    """The schema of the table. Left out: the model's."""
    prefix: TablePrefix | None = Field(
        default=None, description="how the table's name begins, as a text", examples=["chatbot"]
    )
    """How the table's name begins. Left out: the endpoint's name."""
    read: tuple[Principal, ...] = Field(
        default=(), description="a list of principals: [auditors]", examples=["[auditors]", "auditors"]
    )
    """Who may read all tables of its schema: the table itself is not there before the first request."""


class Gateway(Frozen):
    """What the AI Gateway does with the endpoint's traffic."""

    usage_tracking: bool | None = Field(default=None, description=YES_NO, examples=["true"])
    """Whether requests are counted in `system.serving`. Left out: as it is."""
    rate_limits: tuple[RateLimit, ...] | None = Field(
        default=None, description=f"a list of limits: [{LIMIT}]", examples=[f"[{LIMIT}]", LIMIT]
    )
    """How many requests or tokens a minute are let through; `[]` takes all limits away. Left out: as they are."""
    inference_table: InferenceTable | None = Field(
        default=None, description="a mapping, as in {schema: logs}", examples=["{schema: logs}"]
    )
    """Where requests and answers are kept, which switches the table on. Left out: beside the model, where
    `inferenceTable` is on.
    """


class Endpoint(Frozen):
    """How a model is served.

    A size that is None is left as it is; a new endpoint is small and does not sleep.
    """

    name: EndpointName | None = Field(
        default=None, description="a serving endpoint's name, as a text", examples=["chatbot"]
    )
    """The endpoint's name. Left out: the entry's name."""
    workload_type: WorkloadType | None = Field(
        default=None,
        description="CPU, CPU_MEDIUM, CPU_LARGE, GPU_SMALL, GPU_LARGE, GPU_XLARGE or GPU_XLARGE_8; Azure has no other",
        examples=["CPU"],
    )
    """The hardware. Left out: as it is; a new one is `CPU`."""
    workload_size: Literal["Small", "Medium", "Large"] | None = Field(
        default=None, description="Small, Medium or Large", examples=["Small"]
    )
    """How many requests at once: `Small` 4, `Medium` 8 to 16, `Large` 16 to 64. Left out: as it is; a new one is
    `Small`.
    """
    concurrency: Concurrency | None = Field(
        default=None, description="a mapping: {min: 4, max: 16}", examples=["{min: 4, max: 16}"]
    )
    """The same in numbers, instead of `workloadSize`. Left out: as it is."""
    throughput: Throughput | None = Field(
        default=None, description="a mapping: {min: 0, max: 9500}", examples=["{min: 0, max: 9500}"]
    )
    """Tokens a second, for language models that Databricks can so serve, instead of `workloadSize`. Left out: as it
    is.
    """
    scale_to_zero: bool | None = Field(default=None, description=YES_NO, examples=["false"])
    """Whether it may sleep when nobody asks. Left out: as it is; a new one does not."""
    burst_scaling: bool | None = Field(default=None, description=YES_NO, examples=["false"])
    """Whether it may grow beyond its size for a short while. Left out: as it is."""
    environment: Environment | None = Field(
        default=None,
        description=f"a mapping of texts to texts: {ENVIRONMENT}",
        examples=[ENVIRONMENT, '"{{secrets/chatbot/token}}"'],
    )
    """The variables of its containers: texts, or references to secrets. See [serving-endpoint.md](serving-endpoint.md).
    `{}` takes all away. Left out: as they are.
    """
    environment_of: Mapping[VersionKey, Environment] = Field(
        default={},
        description="a mapping of versions to what is added for them: {7: {RERANK: '1'}}",
        examples=["{7: {RERANK: '1'}}", "{RERANK: '1'}"],
    )
    """What is added to the variables for one version, so that a rollback brings its own back."""
    description: Text | None = Field(default=None, description="a text", examples=["answers about the handbook"])
    """A text, of an endpoint that is made. Left out: as it is."""
    budget_policy: BudgetPolicyId | None = Field(
        default=None,
        description="the id of a budget policy, as a text",
        examples=["11111111-2222-3333-4444-555555555555"],
    )
    """What it is paid by, of an endpoint that is made. Left out: as it is."""
    notifications: Notifications | None = Field(
        default=None,
        description="a mapping with the keys onSuccess and onFailure",
        examples=["{onFailure: [ml@example.com]}"],
    )
    """Who is told by mail how an update has ended, of an endpoint that is made. Left out: as they are."""
    route_optimized: bool | None = Field(default=None, description=YES_NO, examples=["true"])
    """Whether it has an address of its own for short ways. A change is another endpoint. Left out: as it is."""
    replace: bool = Field(default=False, description=YES_NO, examples=["true"])
    """Whether the endpoint may be deleted and made anew where a change needs that: it is an outage."""
    inference_table: bool | None = Field(default=None, description=YES_NO, examples=["true"])
    """Whether questions and answers are kept in a table. Once it was `true`, write `false` to end it; do not remove
    the line. Left out: no table.
    """
    gateway: Gateway = Field(
        default=Gateway(),
        description="a mapping with the keys usageTracking, rateLimits and inferenceTable",
        examples=["{usageTracking: true}"],
    )
    """Limits, usage tracking, and where the inference table is."""
    timeout_minutes: Annotated[int, Field(ge=1, le=720)] = Field(
        default=45, description="a whole number of minutes from 1 to 720", examples=[45]
    )
    """How long a deployment, and the proof after it, may take."""
    adopt: bool = Field(default=False, description=YES_NO, examples=["true"])
    """Whether an endpoint that is there already is taken over."""
    tags: Mapping[TagKey, TagValue] = Field(
        default={},
        description="a mapping of texts to texts: {team: chatbot}",
        examples=["{team: chatbot}", "chatbot"],
    )
    """Put on the endpoint, beside those of the stack."""

    def environment_for(self, version: int) -> dict[str, str] | None:
        """The variables of a version's container; None where the stack says nothing of them."""
        added = self.environment_of.get(str(version))
        if self.environment is None and added is None:
            return None
        return {**(self.environment or {}), **(added or {})}

    @property
    def records(self) -> bool | None:
        """Whether there is to be an inference table; None where the stack says nothing of one."""
        return True if self.gateway.inference_table and self.inference_table is None else self.inference_table
