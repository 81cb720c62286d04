"""The facts of databricks:index/modelServing:ModelServing: the properties of a serving endpoint."""

from __future__ import annotations

from types import MappingProxyType

from engine.stand_in.attributes import Attribute, Values

FLAG = Attribute(kind="bool")
COUNT = Attribute(kind="int")


def routed_to(route: Values) -> object:
    """Name the served entity of a route; the API gives it back under both names."""
    return route.get("servedEntityName") or route.get("servedModelName")


SERVED_ENTITY = {
    "name": Attribute(computed=True),
    "entityName": Attribute(),
    "entityVersion": Attribute(),
    "burstScalingEnabled": Attribute(kind="bool", computed=True),
    "environmentVars": Attribute(kind="map"),
    "instanceProfileArn": Attribute(),
    "maxProvisionedConcurrency": Attribute(kind="int", computed=True),
    "maxProvisionedThroughput": COUNT,
    "minProvisionedConcurrency": Attribute(kind="int", computed=True),
    "minProvisionedThroughput": COUNT,
    "provisionedModelUnits": COUNT,
    "scaleToZeroEnabled": FLAG,
    "workloadSize": Attribute(computed=True),
    "workloadType": Attribute(computed=True),
}
ROUTE = {
    "servedEntityName": Attribute(computed=True),
    "servedModelName": Attribute(computed=True),
    "trafficPercentage": Attribute(kind="int", required=True),
}
TRAFFIC = {"routes": Attribute(kind="list", fields=ROUTE, key=routed_to)}
CONFIG = {
    "servedEntities": Attribute(kind="list", fields=SERVED_ENTITY, key=lambda entity: entity.get("name")),
    "trafficConfig": Attribute(kind="object", fields=TRAFFIC, computed=True),
}
INFERENCE_TABLE = {
    "catalogName": Attribute(),
    "enabled": FLAG,
    "schemaName": Attribute(),
    "tableNamePrefix": Attribute(),
}
GATEWAY_LIMIT = {
    "calls": COUNT,
    "key": Attribute(),
    "principal": Attribute(),
    "renewalPeriod": Attribute(required=True),
    "tokens": COUNT,
}
GATEWAY = {
    "fallbackConfig": Attribute(kind="object", fields={"enabled": Attribute(kind="bool", required=True)}),
    "inferenceTableConfig": Attribute(kind="object", fields=INFERENCE_TABLE),
    "rateLimits": Attribute(kind="list", fields=GATEWAY_LIMIT),
    "usageTrackingConfig": Attribute(kind="object", fields={"enabled": FLAG}),
}
NOTIFICATIONS = {
    "onUpdateFailures": Attribute(kind="list", api="on_update_failure"),
    "onUpdateSuccesses": Attribute(kind="list", api="on_update_success"),
}
TELEMETRY_TABLE = {"name": Attribute(), "samplingFraction": Attribute(kind="number")}
TELEMETRY = {
    "enabledTelemetryFeatures": Attribute(kind="list"),
    "inferenceTableConfig": Attribute(kind="object", fields=TELEMETRY_TABLE),
    "tableNames": Attribute(
        kind="object",
        fields={f"{kind}Table": Attribute() for kind in ("annotations", "logs", "metrics", "traces")},
    ),
    "telemetryProfileId": Attribute(),
}
TAG = {"key": Attribute(required=True), "value": Attribute()}

FACTS = MappingProxyType(
    {
        "name": Attribute(replaces=True),
        "aiGateway": Attribute(kind="object", fields=GATEWAY),
        "budgetPolicyId": Attribute(),
        # Removing `config` from a program leaves the endpoint as it is, in the released provider too.
        "config": Attribute(kind="object", fields=CONFIG, computed=True),
        "description": Attribute(),
        "emailNotifications": Attribute(kind="object", fields=NOTIFICATIONS),
        "routeOptimized": Attribute(kind="bool", replaces=True),
        "tags": Attribute(kind="set", fields=TAG, key=lambda tag: tag.get("key")),
        "telemetryConfig": Attribute(kind="object", fields=TELEMETRY),
        "endpointUrl": Attribute(read_only=True),
        "servingEndpointId": Attribute(read_only=True, api="id"),
    }
)
UNSENT = frozenset({"budgetPolicyId", "description", "emailNotifications", "telemetryConfig"})
"""What the released provider takes in an update and never sends."""
