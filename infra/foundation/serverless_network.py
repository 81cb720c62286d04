"""The network of serverless compute, which serves all models: its way to the storage, and how far it gets beyond."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_databricks as databricks

SERVICES = ("dfs", "blob")
"""The two addresses of the storage: files are at one, and some clients ask the other."""


@dataclass(frozen=True, kw_only=True)
class ServerlessNetworkArgs:
    """What the network is made from; `egress` names hosts in the internet."""

    account_id: str
    connectivity: str
    policy: str
    location: str
    egress: Sequence[str]
    workspace_id: pulumi.Input[str]
    storage_id: pulumi.Input[str]


class ServerlessNetwork(pulumi.ComponentResource):
    """A network connectivity configuration with private endpoints to the storage, and a policy on what else is reached.

    It does not approve the endpoints: whoever owns the storage does, once. Its provider is one of the account.
    """

    def __init__(self, name: str, args: ServerlessNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rollpin:index:ServerlessNetwork", name, None, opts)
        self._connectivity(name, args)
        self._policy(name, args)
        self.register_outputs({})

    def _connectivity(self, name: str, args: ServerlessNetworkArgs) -> None:
        connectivity = databricks.MwsNetworkConnectivityConfig(
            f"{name}-connectivity",
            name=args.connectivity,
            region=args.location,
            opts=pulumi.ResourceOptions(parent=self),
        )
        for service in SERVICES:
            databricks.MwsNccPrivateEndpointRule(
                f"{name}-{service}",
                network_connectivity_config_id=connectivity.network_connectivity_config_id,
                resource_id=args.storage_id,
                group_id=service,
                opts=pulumi.ResourceOptions(parent=self),
            )
        databricks.MwsNccBinding(
            f"{name}-binding",
            network_connectivity_config_id=connectivity.network_connectivity_config_id,
            workspace_id=args.workspace_id,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _policy(self, name: str, args: ServerlessNetworkArgs) -> None:
        policy = databricks.AccountNetworkPolicy(
            f"{name}-policy",
            account_id=args.account_id,
            network_policy_id=args.policy,
            egress=databricks.AccountNetworkPolicyEgressArgs(network_access=_access(args.egress)),
            opts=pulumi.ResourceOptions(parent=self),
        )
        databricks.WorkspaceNetworkOption(
            f"{name}-option",
            network_policy_id=policy.network_policy_id.apply(str),
            workspace_id=args.workspace_id,
            opts=pulumi.ResourceOptions(parent=self),
        )


def _access(egress: Sequence[str]) -> databricks.AccountNetworkPolicyEgressNetworkAccessArgs:
    """Nothing in the internet but these hosts; what Unity Catalog governs is reached anyway."""
    return databricks.AccountNetworkPolicyEgressNetworkAccessArgs(
        restriction_mode="RESTRICTED_ACCESS",
        allowed_internet_destinations=[
            databricks.AccountNetworkPolicyEgressNetworkAccessAllowedInternetDestinationArgs(
                destination=host, internet_destination_type="DNS_NAME"
            )
            for host in egress
        ],
        policy_enforcement=databricks.AccountNetworkPolicyEgressNetworkAccessPolicyEnforcementArgs(
            enforcement_mode="ENFORCED"
        ),
    )
