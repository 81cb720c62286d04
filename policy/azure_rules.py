"""What holds of the platform on Azure: access control, and no way in from the internet but by an identity."""

from __future__ import annotations

from policy.circumstances import Circumstances
from policy.kinds import ACCOUNT, CONTAINER, INTERFACE, VAULT, WORKSPACE
from policy.resource import Findings, Resource, Untold, Value
from policy.rule import on

TLS = frozenset({"TLS1_2", "TLS1_3"})


@on(WORKSPACE)
def workspace_is_premium(workspace: Resource, stack: Circumstances) -> Findings:
    """Only a premium workspace has access control, so that others open it to all: give it `sku: premium`."""
    name = workspace.at("sku", "name")
    yield from _unless(name, name.text.lower() == "premium", f"its SKU is `{name.text or 'not said'}`")


@on(WORKSPACE, INTERFACE)
def no_public_address(resource: Resource, stack: Circumstances) -> Findings:
    """A node with a public address can be reached from the internet: set `enableNoPublicIp`, and give it none."""
    if resource.kind == INTERFACE:
        configured = resource.at("ipConfigurations")
        for each in [configured] if configured.is_untold else configured.items:
            address = each.at("publicIPAddress")
            yield from _unless(address, address.raw is None, f"{each.path} has a public address")
    elif resource.at("computeMode").text != "Serverless":
        said = resource.at("parameters", "enableNoPublicIp", "value")
        yield from _unless(said, said.text.lower() == "true", "its nodes have public addresses")


@on(ACCOUNT, CONTAINER)
def no_public_storage(resource: Resource, stack: Circumstances) -> Findings:
    """Whoever has the address would read the models and tables: say `allow_blob_public_access=False`.

    On a container that is `public_access=NONE`.
    """
    if resource.kind == CONTAINER:
        said = resource.at("publicAccess")
        yield from _unless(said, said.text in ("", "None"), f"the container's access is `{said.text}`")
    else:
        said = resource.at("allowBlobPublicAccess")
        yield from _unless(said, said.text.lower() == "false", "public access to its blobs is not switched off")


@on(ACCOUNT)
def storage_speaks_tls_1_2(account: Resource, stack: Circumstances) -> Findings:
    """Older versions can be broken, and plain HTTP be read: say `minimum_tls_version=TLS1_2`, and HTTPS alone."""
    least, secure = account.at("minimumTlsVersion"), account.at("enableHttpsTrafficOnly")
    yield from _unless(least, least.text in TLS, f"it takes TLS from `{least.text or 'not said'}` on")
    yield from _unless(secure, secure.text.lower() in ("", "true"), "it takes plain HTTP")


@on(VAULT)
def vault_cannot_be_purged(vault: Resource, stack: Circumstances) -> Findings:
    """Whoever purges a key takes what it encrypts with it, for good: say `enable_purge_protection=True`."""
    said = vault.at("properties", "enablePurgeProtection")
    yield from _unless(said, said.text.lower() == "true", "it can be purged")


def _unless(value: Value, holds: bool, found: str) -> Findings:
    """Give what was found where it does not hold, or that the value is not told."""
    if value.is_untold:
        yield Untold(value.path)
    elif not holds:
        yield found
