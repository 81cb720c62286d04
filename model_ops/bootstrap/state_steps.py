"""The steps that make a place for the state, and the key that encrypts the secrets in it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from model_ops.bootstrap.command import Command
from model_ops.bootstrap.facts import MARK, Facts
from model_ops.bootstrap.step import AnyStep, Ban, Holding, Look, Step

OF_THE_STATE = ("Microsoft.Storage", "Microsoft.KeyVault")
DAYS = 30
"""In which a state that was deleted or overwritten can be restored."""
KEYS = "2023-07-01"
"""The version of Azure's API for keys of a vault."""
KEY = {"kty": "RSA", "keySize": 3072, "keyOps": ["encrypt", "decrypt"]}
METADATA = MARK.replace("-", "_")
"""The mark on a container, which has no tags; the names of its metadata take no `-`."""
STATES = ".pulumi/stacks/"
"""Where Pulumi keeps the states in a container."""
FILES = (".json", ".json.bak", ".json.gz", ".json.gz.bak")
"""What a state's name ends in there."""


def state_steps(facts: Facts) -> Iterator[AnyStep]:
    """Give the steps in the order in which each stands on those before it."""
    for namespace in (*OF_THE_STATE, *facts.providers):
        yield _provider(facts, namespace)
    yield _group(facts)
    yield _account(facts)
    yield _retention(facts)
    yield _container(facts)
    yield _deleted_vault(facts)
    yield _vault(facts)
    yield _key(facts)


def _provider(facts: Facts, namespace: str) -> Step:
    return Step(
        label=f"resource provider {namespace}",
        purpose="A subscription that never had such a resource makes none before this is registered.",
        look=Look(command=Command.of("provider show", namespace=namespace, subscription=facts.subscription)),
        do=Command.of("provider register", namespace=namespace, subscription=facts.subscription).flagged("--wait"),
        expected={"registrationState": "Registered"},
        without_undo="it stays: others in the subscription may use it",
    )


def _group(facts: Facts) -> Step:
    named = {"name": facts.group, "subscription": facts.subscription}
    listed = Command.of("resource list", resource_group=facts.group, subscription=facts.subscription)
    return Step(
        label=_label_of_group(facts),
        purpose="What a deployment needs before there is one lives here, apart from what the deployment makes.",
        look=Look(command=Command.of("group show", **named)),
        do=Command.of("group create", **named, location=facts.region, tags=_mark(facts)),
        undo=Command.of("group delete", **named).flagged("--yes"),
        marked=_marked(facts),
        holding=(
            *_states(facts),
            Holding(look=Look(command=listed), own=(facts.storage, facts.key_vault), what="other resources"),
        ),
    )


def _account(facts: Facts) -> Step:
    named = _in_group(facts, name=facts.storage)
    closed = {"min_tls_version": "TLS1_2", "allow_blob_public_access": "false", "allow_shared_key_access": "false"}
    listed = Command.of("storage container-rm list", **_in_group(facts, storage_account=facts.storage))
    return Step(
        label=_label_of_account(facts),
        within=_label_of_group(facts),
        purpose="Holds the state. It has no keys that could leak, and no public blobs: identities alone get in.",
        look=Look(command=Command.of("storage account show", **named)),
        do=Command.of(
            "storage account create", **named, location=facts.region, sku="Standard_ZRS", **closed, tags=_mark(facts)
        ),
        expected={"minimumTlsVersion": "TLS1_2", "allowBlobPublicAccess": False, "allowSharedKeyAccess": False},
        mend=(Command.of("storage account update", **named, **closed),),
        undo=Command.of("storage account delete", **named).flagged("--yes"),
        marked=_marked(facts),
        holding=(*_states(facts), Holding(look=Look(command=listed), own=(facts.states,), what="other containers")),
    )


def _retention(facts: Facts) -> Step:
    command, named = "storage account blob-service-properties", _in_group(facts, account_name=facts.storage)
    return Step(
        label=f"versions and soft delete in {facts.storage}",
        purpose=f"A state that was overwritten or deleted by mistake can be brought back for {DAYS} days.",
        look=Look(command=Command.of(f"{command} show", **named)),
        do=Command.of(
            f"{command} update",
            **named,
            enable_versioning="true",
            enable_delete_retention="true",
            delete_retention_days=str(DAYS),
            enable_container_delete_retention="true",
            container_delete_retention_days=str(DAYS),
        ),
        expected={
            "isVersioningEnabled": True,
            "deleteRetentionPolicy.enabled": True,
            "deleteRetentionPolicy.days": DAYS,
            "containerDeleteRetentionPolicy.enabled": True,
            "containerDeleteRetentionPolicy.days": DAYS,
        },
        without_undo="it goes with the storage account",
    )


def _container(facts: Facts) -> Step:
    named = _in_group(facts, name=facts.states, storage_account=facts.storage)
    return Step(
        label=f"container {facts.states}",
        within=_label_of_account(facts),
        purpose=_whose(facts),
        look=Look(command=Command.of("storage container-rm show", **named)),
        do=Command.of("storage container-rm create", **named, metadata=f"{METADATA}={facts.stack}"),
        undo=Command.of("storage container-rm delete", **named).flagged("--yes"),
        marked={f"metadata.{METADATA}": facts.stack},
        holding=_states(facts),
    )


def _whose(facts: Facts) -> str:
    if not facts.sharing:
        return "One for this stack alone: whoever deploys another stack can neither read nor write its state."
    return (
        f"It is that of {', '.join(facts.sharing)} too: whoever deploys one of them can read and write the others' "
        "states. To part them: --container NAME for each, or no `backend` in Pulumi.yaml."
    )


def _deleted_vault(facts: Facts) -> Ban:
    listed = Command.of("keyvault list-deleted", resource_type="vault", subscription=facts.subscription)
    recover = Command.of("keyvault recover", **_in_group(facts, name=facts.key_vault), location=facts.region)
    return Ban(
        label=f"deleted Key Vault {facts.key_vault}",
        purpose="A vault keeps its name and its keys for 90 days after it was deleted: then it is recovered.",
        look=Look(command=listed, among={"name": facts.key_vault}),
        mend=recover,
        name="name",
        mended=True,
    )


def _vault(facts: Facts) -> Step:
    named = _in_group(facts, name=facts.key_vault)
    held = {"enable_rbac_authorization": "true", "enable_purge_protection": "true"}
    url = f"https://management.azure.com{facts.vault_id}/keys?api-version={KEYS}"
    listed = Look(command=Command.of("rest", method="get", url=url), at="value")
    return Step(
        label=f"Key Vault {facts.key_vault}",
        within=_label_of_group(facts),
        purpose=(
            "Holds the key to the secrets in the state. With purge protection nobody can destroy it for 90 days, "
            "an administrator neither; without the key the state is lost."
        ),
        look=Look(command=Command.of("keyvault show", **named)),
        do=Command.of(
            "keyvault create", **named, location=facts.region, **held, retention_days="90", tags=_mark(facts)
        ),
        expected={"properties.enableRbacAuthorization": True, "properties.enablePurgeProtection": True},
        mend=(Command.of("keyvault update", **named, **held),),
        undo=Command.of("keyvault delete", **named),
        marked=_marked(facts),
        holding=(*_states(facts), Holding(look=listed, own=(facts.key_name,), what="other keys")),
    )


def _key(facts: Facts) -> Step:
    url = f"https://management.azure.com{facts.key_id}?api-version={KEYS}"
    return Step(
        label=f"key {facts.key_name}",
        purpose="Encrypts the secrets in the state. It is made in the vault, and never leaves it.",
        look=Look(command=Command.of("resource show", ids=facts.key_id, api_version=KEYS)),
        do=Command.of("rest", method="put", url=url, body=json.dumps({"properties": KEY})),
        expected={"properties.kty": "RSA", "properties.attributes.enabled": True},
        mend=(_enabled(facts),),
        without_undo="it goes with the Key Vault",
    )


def _states(facts: Facts) -> tuple[Holding, ...]:
    """The states in the container: without them, or without the key, nobody can change what was deployed.

    Those of other stacks are not this one's to give up.
    """
    listed = Command.of(
        "storage blob list",
        container_name=facts.states,
        account_name=facts.storage,
        prefix=STATES,
        num_results="20",
        auth_mode="login",
        subscription=facts.subscription,
    )
    look, own = Look(command=listed), tuple(f"{STATES}{facts.state}{end}" for end in FILES)
    return (
        Holding(look=look, what="states of other stacks", own=own),
        Holding(look=look, what="states", given_up_by=facts.states),
    )


def _enabled(facts: Facts) -> Command:
    return Command.of("keyvault key set-attributes", vault_name=facts.key_vault, name=facts.key_name, enabled="true")


def _label_of_group(facts: Facts) -> str:
    return f"resource group {facts.group}"


def _label_of_account(facts: Facts) -> str:
    return f"storage account {facts.storage}"


def _in_group(facts: Facts, **named: str) -> dict[str, str]:
    return {**named, "resource_group": facts.group, "subscription": facts.subscription}


def _mark(facts: Facts) -> str:
    return f"{MARK}={facts.stack}"


def _marked(facts: Facts) -> dict[str, str]:
    return {f"tags.{MARK}": facts.stack}
