"""The whole program under Pulumi's mocks: what it registers, asks and exports."""

from __future__ import annotations

import asyncio
import json
import runpy
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pulumi
from pulumi.runtime import mocks, rpc, set_all_config, set_mocks
from pulumi.runtime.settings import SETTINGS, get_root_resource, set_root_resource
from ruamel.yaml import YAML

from infra.proof.last_run import READ
from infra.proof.workspace_api import AbsentError
from infra.refusal import SAID
from model_ops.urn import Urn

PROJECT = Path(__file__).parents[2]
PROJECTS = Path(__file__).with_name("projects")
"""Stacks that the tests run, whatever those of the repository say by now."""
VAULT_URI = "https://vault.vault.azure.net/"
SUBSCRIPTION = "66666666-6666-4666-8666-666666666666"
PRINCIPAL = "7001"
"""The number of a service principal in the account."""
WORKSPACE_URL = "adb-3333333333333333.3.azuredatabricks.net"

Versions = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Registered:
    """One resource that the program registered."""

    type: str
    name: str
    inputs: Mapping[str, Any]
    protect: bool
    retained: bool
    with_it: str
    """The name of what it goes with: deleted together, it is not taken back by itself."""
    parent: str
    within: str
    """The type of what it is in; several components may have one name."""
    provider: str
    after: tuple[str, ...]
    hooks: Mapping[str, list[str]]
    imported: str
    """The id of what it takes over; empty where it is created."""
    timeouts: tuple[str, str]
    ignored: tuple[str, ...]
    """The properties that stay as they are in the cloud."""


@dataclass
class Stack:
    """What one run of the program did."""

    resources: list[Registered] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """Addresses that the program asked before and while it registered resources."""
    outputs: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    roles: Sequence[Mapping[str, Any]] | Exception = ({"actions": ("*",)},)
    """What whoever runs it may do in Azure, or why Azure does not say."""
    places: Mapping[str, Any] = field(default_factory=dict)
    """What Azure says of where Databricks is."""

    def of(self, kind: str) -> list[Registered]:
        """The resources, but for the components, whose type ends in `kind`."""
        resources = [each for each in self.resources if not each.type.startswith("rollpin:")]
        return [each for each in resources if each.type.rsplit(":", 1)[-1] == kind]

    def one(self, kind: str) -> Registered:
        (found,) = self.of(kind)
        return found

    @property
    def custom(self) -> list[Registered]:
        """All but the stack, the components and the providers: what exists in a cloud."""
        inner = ("rollpin:", "pulumi:")
        return [each for each in self.resources if not each.type.startswith(inner)]


class Workspace(mocks.Mocks):
    """Answers as an Azure subscription and a workspace would, with the versions that the test gave.

    What else is there, an endpoint that somebody made by hand for one, is in `there` by its path.
    """

    def __init__(
        self,
        versions: Versions,
        stack: Stack,
        there: Mapping[str, Any] = MappingProxyType({}),
        last: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self.versions, self.stack, self.there, self.last = versions, stack, there, last

    def call(self, args: mocks.MockCallArgs) -> Any:
        """Give what the stack said of itself after its last run, which is all that the program invokes."""
        if args.token.startswith("azure-native:authorization:getClient"):
            return {"subscriptionId": SUBSCRIPTION, "token": "aad-secret"}
        assert args.token == READ, f"the program invokes {args.token}"
        return {"name": args.args["name"], "outputs": dict(self.last)}

    def ask(self, address: str, path: str) -> Mapping[str, Any]:
        """Answer as `WorkspaceApi.ask` does."""
        about_access = path.startswith("/api/2.1/unity-catalog/permissions/")
        assert self.there or about_access or not self.stack.resources
        if about_access and path not in self.there:
            raise AbsentError("there is nothing yet")
        self.stack.asked.append(f"{address}{path}")
        if path in self.there:
            found: Mapping[str, Any] | Exception = self.there[path]
            if isinstance(found, Exception):
                raise found
            return found
        name, _, number = path.removeprefix("/api/2.1/unity-catalog/models/").partition("/versions")
        if name not in self.versions:
            raise AbsentError(f"Routine or Model '{name}' does not exist.")
        if number:
            raise AbsentError(f"Model Version '{number}' of model '{name}' does not exist.")
        return {"model_versions": self.versions[name]}

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        computed = {
            "azure-native:resources:ResourceGroup": {"name": args.inputs.get("resourceGroupName")},
            "azure-native:storage:StorageAccount": {"name": args.inputs.get("accountName"), **_identities(args.inputs)},
            "azure-native:network:VirtualNetwork": {"name": args.inputs.get("virtualNetworkName")},
            "azure-native:network:Subnet": {"name": args.inputs.get("subnetName")},
            "azure-native:privatedns:PrivateZone": {"name": args.inputs.get("privateZoneName")},
            "azure-native:network:PrivateEndpoint": {"name": args.inputs.get("privateEndpointName")},
            "azure-native:databricks:Workspace": {
                "workspaceUrl": WORKSPACE_URL,
                "workspaceId": "3333333333333333",
                "managedDiskIdentity": {"principalId": "disks", "tenantId": "tenant", "type": "SystemAssigned"},
            },
            "azure-native:databricks:AccessConnector": {
                "identity": {"principalId": "principal", "tenantId": "tenant", "type": "x"}
            },
            "azure-native:managedidentity:UserAssignedIdentity": {"principalId": "storage", "tenantId": "tenant"},
            "azure-native:keyvault:Vault": {
                "name": args.inputs.get("vaultName"),
                "properties": {**args.inputs.get("properties", {}), "vaultUri": VAULT_URI},
            },
            "azure-native:keyvault:Key": {"keyUriWithVersion": f"{VAULT_URI}keys/rollpin/0123456789abcdef"},
            "databricks:index/modelServing:ModelServing": {"servingEndpointId": "serving-endpoint-id"},
        }
        if args.typ == "databricks:index/servicePrincipal:ServicePrincipal":
            return PRINCIPAL, args.inputs
        azure = f"/subscriptions/s/resourceGroups/g/{args.name}"
        identifier = azure if args.typ.startswith("azure-native:") else f"{args.name}-id"
        return identifier, {**args.inputs, **computed.get(args.typ, {})}


def _identities(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Azure takes the ids of identities as a list, and gives back what it knows of each."""
    assigned = inputs.get("identity", {}).get("userAssignedIdentities", ())
    if not assigned:
        return {}
    known = {identity: {"principalId": "storage"} for identity in assigned}
    return {"identity": {**inputs["identity"], "userAssignedIdentities": known}}


class Monitor(mocks.MockMonitor):
    """Records the options of each resource, which the mocks themselves never see."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.recorded = workspace.stack.resources

    def Invoke(self, request: Any) -> Any:
        with _loop_closed():
            return super().Invoke(request)

    def RegisterResource(self, request: Any) -> Any:
        if request.type != "pulumi:pulumi:Stack":
            self.recorded.append(_registered(request))
        with _loop_closed():
            return super().RegisterResource(request)


@contextmanager
def _loop_closed() -> Iterator[None]:
    """Close the event loop that the mocks set up in each thread that calls them, and leave behind."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        yield
    finally:
        asyncio.set_event_loop(None)
        loop.close()


def _registered(request: Any) -> Registered:
    hooks = {
        kind: list(getattr(request.hooks, kind))
        for kind in ("after_create", "after_update", "before_create", "on_error")
    }
    return Registered(
        type=request.type,
        name=request.name,
        inputs=rpc.deserialize_properties(request.object),
        protect=request.protect,
        retained=request.retainOnDelete,
        with_it=request.deletedWith.rsplit("::", 1)[-1],
        parent=request.parent.rsplit("::", 1)[-1],
        within=Urn(request.parent).type if request.parent else "",
        provider=request.provider or "".join(request.providers.values()),
        after=tuple(sorted(urn.rsplit("::", 1)[-1] for urn in request.dependencies)),
        hooks=hooks,
        imported=request.importId,
        timeouts=(request.customTimeouts.create, request.customTimeouts.update),
        ignored=tuple(request.ignoreChanges),
    )


def run_program(workspace: Workspace, stack: str, project: Path, config: Mapping[str, str]) -> None:
    """Run infra/ as the engine does, and fill the workspace's `stack`; raises what the program raises."""
    set_root_resource(None)
    set_all_config(dict(config))
    set_mocks(workspace, project="rollpin", stack=stack, preview=False, monitor=Monitor(workspace))
    SETTINGS.root_directory = str(project)

    @pulumi.runtime.test
    def program() -> pulumi.Output[None]:
        with _refusing():
            runpy.run_path(str(PROJECT / "infra"), run_name="__main__")
        root = get_root_resource()
        return pulumi.Output.from_input(dict(root.outputs)).apply(workspace.stack.outputs.update)

    program()


@contextmanager
def _refusing() -> Iterator[None]:
    """Raise why the program refuses: it has told that, and ended as Pulumi's language host knows it."""
    try:
        yield
    except SystemExit as ended:
        if ended.code != SAID or not isinstance(ended.__cause__, pulumi.RunError):
            raise
        raise ended.__cause__ from None


def engine_config(project: Path, stack: str) -> dict[str, str]:
    """The file's config as the engine hands it on: mappings as JSON, all else as text."""
    config = YAML(typ="safe").load(project / f"Pulumi.{stack}.yaml")["config"]
    return {
        key: json.dumps(value) if isinstance(value, dict | list) else str(value).lower()
        for key, value in config.items()
    }


def version(number: int, status: str = "READY", run_id: str | None = None) -> dict[str, Any]:
    """One version as the workspace shows it."""
    return {"version": number, "status": status, "run_id": run_id or f"run-{number}"}
