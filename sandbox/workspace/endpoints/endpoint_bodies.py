"""What the serving endpoints' requests take: the fields that Databricks' own clients send."""

from __future__ import annotations

from typing import Any, Literal

from sandbox.workspace.api.bodies import Body


class ServedEntity(Body):
    """A model version to serve."""

    name: str | None = None
    entity_name: str | None = None
    entity_version: str | None = None
    workload_size: str | None = None
    workload_type: str | None = None
    scale_to_zero_enabled: bool | None = None
    environment_vars: dict[str, str] | None = None
    min_provisioned_concurrency: int | None = None
    max_provisioned_concurrency: int | None = None
    min_provisioned_throughput: int | None = None
    max_provisioned_throughput: int | None = None
    provisioned_model_units: int | None = None
    burst_scaling_enabled: bool | None = None
    instance_profile_arn: str | None = None
    external_model: dict[str, Any] | None = None


class ServedModel(Body):
    """A model version to serve, in the field's old form."""

    name: str | None = None
    model_name: str
    model_version: str
    workload_size: str | None = None
    workload_type: str | None = None
    scale_to_zero_enabled: bool | None = None
    environment_vars: dict[str, str] | None = None
    min_provisioned_concurrency: int | None = None
    max_provisioned_concurrency: int | None = None
    min_provisioned_throughput: int | None = None
    max_provisioned_throughput: int | None = None
    provisioned_model_units: int | None = None
    burst_scaling_enabled: bool | None = None
    instance_profile_arn: str | None = None


class Route(Body):
    """The share of the traffic that a served entity gets; both names mean the same."""

    served_model_name: str | None = None
    served_entity_name: str | None = None
    traffic_percentage: int


class TrafficConfig(Body):
    """The routes."""

    routes: list[Route] | None = None


class AutoCapture(Body):
    """The inference table in the form that AI Gateway's replaces."""

    catalog_name: str | None = None
    schema_name: str | None = None
    table_name_prefix: str | None = None
    enabled: bool | None = None


class EndpointConfig(Body):
    """What PUT of a config takes."""

    name: str | None = None
    served_entities: list[ServedEntity] | None = None
    served_models: list[ServedModel] | None = None
    traffic_config: TrafficConfig | None = None
    auto_capture_config: AutoCapture | None = None


class Tag(Body):
    """A tag of an endpoint."""

    key: str
    value: str | None = None


class TagsPatch(Body):
    """What PATCH of the tags takes."""

    add_tags: list[Tag] | None = None
    delete_tags: list[str] | None = None


class InferenceTable(Body):
    """Where requests and answers are to be written."""

    catalog_name: str | None = None
    schema_name: str | None = None
    table_name_prefix: str | None = None
    enabled: bool | None = None


class RateLimit(Body):
    """How much a minute may bring, of whom."""

    calls: int | None = None
    tokens: int | None = None
    key: Literal["endpoint", "user", "user_group", "service_principal"] | None = None
    principal: str | None = None
    renewal_period: Literal["minute"]


class Switch(Body):
    """Something that is on or off."""

    enabled: bool | None = None


class AiGateway(Body):
    """What PUT of the AI Gateway takes."""

    inference_table_config: InferenceTable | None = None
    usage_tracking_config: Switch | None = None
    rate_limits: list[RateLimit] | None = None
    fallback_config: Switch | None = None
    guardrails: dict[str, Any] | None = None


class EmailNotifications(Body):
    """Whom Databricks would write to; the sandbox writes to nobody."""

    on_update_success: list[str] | None = None
    on_update_failure: list[str] | None = None


class NotificationsPatch(Body):
    """What PATCH of the notifications takes."""

    email_notifications: EmailNotifications | None = None


class TelemetryTables(Body):
    """Where telemetry is to be written."""

    annotations_table: str | None = None
    logs_table: str | None = None
    metrics_table: str | None = None
    traces_table: str | None = None


class TelemetryInferenceTable(Body):
    """The share of the requests that telemetry writes down."""

    name: str | None = None
    sampling_fraction: float | None = None


class Telemetry(Body):
    """What Databricks would export of an endpoint; the sandbox keeps the setting and exports nothing."""

    enabled_telemetry_features: list[str] | None = None
    inference_table_config: TelemetryInferenceTable | None = None
    table_names: TelemetryTables | None = None
    telemetry_profile_id: str | None = None


class TelemetryPatch(Body):
    """What PATCH of the telemetry takes; without a config it removes the one that is set."""

    telemetry_config: Telemetry | None = None


class EndpointCreate(Body):
    """What POST takes."""

    name: str
    config: EndpointConfig | None = None
    tags: list[Tag] | None = None
    ai_gateway: AiGateway | None = None
    description: str | None = None
    email_notifications: EmailNotifications | None = None
    budget_policy_id: str | None = None
    usage_policy_id: str | None = None
    route_optimized: bool | None = None
    rate_limits: list[dict[str, Any]] | None = None
    telemetry_config: Telemetry | None = None
    task: str | None = None
