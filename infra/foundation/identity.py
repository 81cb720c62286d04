"""The identities of workflows and the groups of people, in the Databricks account and in one workspace of it."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_databricks as databricks

from infra.settings.identity_schema import Group, Identity


@dataclass(frozen=True, kw_only=True)
class WorkflowIdentityArgs:
    """What an identity is made from."""

    account_id: str
    identity: Identity
    workspace_id: pulumi.Input[str]
    protect: bool


class WorkflowIdentity(pulumi.ComponentResource):
    """A service principal that the account knows, let into the workspace, and trusted for one job.

    It makes none in Entra, and no secret: one that the account knows already is taken as it is, and is left there when
    the stack goes. Its provider is one of the account.
    """

    principal_id: pulumi.Output[str]
    """Its number in the account."""

    def __init__(self, name: str, args: WorkflowIdentityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rollpin:index:WorkflowIdentity", name, None, opts)
        principal = databricks.ServicePrincipal(
            f"{name}-principal",
            application_id=args.identity.application_id,
            display_name=name,
            force=True,
            # Another workspace, or another stack, may let it in too.
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect, retain_on_delete=True),
        )
        _let_in(name, args.workspace_id, principal.id, self, admin=args.identity.admin)
        if args.identity.subject:
            self._trust(name, args, principal)
        self.principal_id = principal.id
        self.register_outputs({"principal_id": self.principal_id})

    def _trust(self, name: str, args: WorkflowIdentityArgs, principal: databricks.ServicePrincipal) -> None:
        databricks.ServicePrincipalFederationPolicy(
            f"{name}-trust",
            service_principal_id=principal.id.apply(int),
            oidc_policy=databricks.ServicePrincipalFederationPolicyOidcPolicyArgs(
                issuer=args.identity.issuer, audiences=[args.account_id], subject=args.identity.subject
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )


@dataclass(frozen=True, kw_only=True)
class PeopleArgs:
    """What a group is made from."""

    group: Group
    workspace_id: pulumi.Input[str]
    protect: bool


class People(pulumi.ComponentResource):
    """A group that the account knows, let into the workspace; who is in it, Entra says.

    One that the account knows already is taken as it is, and is left there when the stack goes. Its provider is one of
    the account.
    """

    def __init__(self, name: str, args: PeopleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rollpin:index:People", name, None, opts)
        group = databricks.Group(
            f"{name}-group",
            display_name=name,
            external_id=args.group.object_id,
            force=True,
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect, retain_on_delete=True),
        )
        _let_in(name, args.workspace_id, group.id, self, admin=args.group.admin)
        self.register_outputs({})


def _let_in(
    name: str, workspace_id: pulumi.Input[str], principal_id: pulumi.Input[str], parent: pulumi.Resource, *, admin: bool
) -> None:
    databricks.MwsPermissionAssignment(
        f"{name}-assignment",
        workspace_id=workspace_id,
        principal_id=principal_id,
        permissions=["ADMIN" if admin else "USER"],
        opts=pulumi.ResourceOptions(parent=parent),
    )
