"""Logs of who did what: in the workspace, and with the files of the storage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import monitor, operationalinsights

from infra.foundation.azure_group import AzureGroup

OF_WORKSPACE = (
    "accounts",
    "clusters",
    "jobs",
    "mlflowExperiment",
    "modelRegistry",
    "secrets",
    "serverlessRealTimeInference",
    "unityCatalog",
    "workspace",
)
"""The categories that tell of sign-ins, rights, models and endpoints; serverlessRealTimeInference is of the latter."""
OF_STORAGE = ("StorageRead", "StorageWrite", "StorageDelete")


@dataclass(frozen=True, kw_only=True)
class ActivityLogsArgs:
    """What the logs are made from; they are kept for so many `days`."""

    group: AzureGroup
    log_analytics: str
    days: int
    workspace_id: pulumi.Input[str]
    storage_id: pulumi.Output[str]


class ActivityLogs(pulumi.ComponentResource):
    """A workspace of Log Analytics, and what Databricks and the storage send to it.

    It sets off no alarm: what is worth one, the team says in a query of its own.
    """

    log_analytics_id: pulumi.Output[str]

    def __init__(self, name: str, args: ActivityLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rollpin:index:ActivityLogs", name, None, opts)
        analytics = operationalinsights.Workspace(
            f"{name}-analytics",
            resource_group_name=args.group.name,
            workspace_name=args.log_analytics,
            location=args.group.location,
            retention_in_days=args.days,
            sku=operationalinsights.WorkspaceSkuArgs(name=operationalinsights.WorkspaceSkuNameEnum.PER_GB2018),
            features=operationalinsights.WorkspaceFeaturesArgs(disable_local_auth=True),
            tags=args.group.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.log_analytics_id = analytics.id
        self._sent(f"{name}-workspace", args.workspace_id, OF_WORKSPACE)
        self._sent(f"{name}-storage", args.storage_id.apply(lambda id: f"{id}/blobServices/default"), OF_STORAGE)
        self.register_outputs({"log_analytics_id": self.log_analytics_id})

    def _sent(self, name: str, resource: pulumi.Input[str], categories: Sequence[str]) -> None:
        monitor.DiagnosticSetting(
            name,
            name="rollpin",
            resource_uri=resource,
            workspace_id=self.log_analytics_id,
            # Left out, all lands in one table that Databricks' own is not among.
            log_analytics_destination_type="Dedicated",
            logs=[monitor.DiagnosticsLogSettingsArgs(category=category, enabled=True) for category in categories],
            opts=pulumi.ResourceOptions(parent=self),
        )
