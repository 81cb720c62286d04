"""Stands in for `az`: it takes the options that Azure CLI 2.91.0 takes, keeps its things in a file, and answers alike.

AZ_WORLD names the file. `signed_in`, `refused` and `broken` in it say what goes wrong: nobody is signed in, commands
for which a role is lacking, and commands that fail once. `active_tenant` is where the CLI is, if elsewhere than the
subscription. `calls` is what was asked.
"""

from __future__ import annotations

import json
import os
import re
import sys

from az_line import FAILED, NOT_FOUND, absent, asked, end, parsed, tags

TYPE_CHECKING = False  # it begins hundreds of times in a test run: what is not imported is not waited for
if TYPE_CHECKING:
    from typing import Any


class World:
    """All things there are, by kind and name."""

    def __init__(self, path: str) -> None:
        with open(path) as file:  # noqa: PTH123
            self.path, self.all = path, json.load(file)

    def of(self, kind: str) -> dict[str, Any]:
        return self.all.setdefault(kind, {})

    def keep(self) -> None:
        with open(self.path, "w") as file:  # noqa: PTH123
            json.dump(self.all, file)

    def run(self, command: str, given: dict[str, str]) -> Any:
        if command in self.all.get("broken", []):
            self.all["broken"].remove(command)
            end(FAILED, "Connection reset by peer")
        if command in self.all.get("refused", []):
            end(FAILED, "(AuthorizationFailed) The client 'ann@example.com' does not have authorization to do this.")
        return getattr(self, re.sub("[ -]", "_", command))(given)

    def account_show(self, given: dict[str, str]) -> Any:
        wanted = given.get("subscription", self.all["subscription"])
        if wanted != self.all["subscription"]:
            end(FAILED, f"The subscription of '{wanted}' doesn't exist in cloud 'AzureCloud'.")
        user = {"name": "ann@example.com", "type": "user"}
        tenant = self.all["tenant"] if "subscription" in given else self.all.get("active_tenant", self.all["tenant"])
        name = self.all.get("subscription_name", "Pay as you go")
        return {"id": wanted, "name": name, "tenantId": tenant, "user": user}

    def provider_show(self, given: dict[str, str]) -> Any:
        name = given["namespace"]
        return {"namespace": name, "registrationState": self.of("providers").get(name, "NotRegistered")}

    def provider_register(self, given: dict[str, str]) -> Any:
        self.of("providers")[given["namespace"]] = "Registered"
        return None

    def group_show(self, given: dict[str, str]) -> Any:
        return self.of("groups").get(given["name"]) or end(
            NOT_FOUND, f"(ResourceGroupNotFound) Resource group '{given['name']}' could not be found."
        )

    def group_create(self, given: dict[str, str]) -> Any:
        made = {"name": given["name"], "location": given["location"], "tags": tags(given)}
        return self.of("groups").setdefault(given["name"], made)

    def group_delete(self, given: dict[str, str]) -> Any:
        self.of("groups").pop(given["name"], None) or self.group_show(given)

    def resource_list(self, given: dict[str, str]) -> Any:
        every = [*self.of("accounts").values(), *self.of("vaults").values()]
        return [{"name": each["name"]} for each in every if each["resourceGroup"] == given["resource-group"]]

    def storage_account_show(self, given: dict[str, str]) -> Any:
        return self._in_group("accounts", given) or absent(given["name"])

    def _in_group(self, kind: str, given: dict[str, str]) -> Any:
        found = self.of(kind).get(given["name"])
        return found if found and given.get("resource-group") in (None, found["resourceGroup"]) else None

    def storage_account_create(self, given: dict[str, str]) -> Any:
        self.group_show({"name": given["resource-group"]})
        if given["name"] in self.of("accounts"):
            end(FAILED, f"(StorageAccountAlreadyTaken) The storage account named {given['name']} is already taken.")
        made = {"name": given["name"], "resourceGroup": given["resource-group"], "tags": tags(given), "containers": {}}
        made["blobs"] = {"isVersioningEnabled": None, "deleteRetentionPolicy": {"enabled": False, "days": None}}
        self.of("accounts")[given["name"]] = made
        return self.storage_account_update(given)

    def storage_account_update(self, given: dict[str, str]) -> Any:
        account = self.storage_account_show(given)
        account |= {
            "minimumTlsVersion": given["min-tls-version"],
            "allowBlobPublicAccess": given["allow-blob-public-access"] == "true",
            "allowSharedKeyAccess": given["allow-shared-key-access"] == "true",
        }
        return account

    def storage_account_delete(self, given: dict[str, str]) -> Any:
        self.of("accounts").pop(given["name"], None) or absent(given["name"])

    def storage_account_blob_service_properties_show(self, given: dict[str, str]) -> Any:
        return self.storage_account_show({"name": given["account-name"]})["blobs"]

    def storage_account_blob_service_properties_update(self, given: dict[str, str]) -> Any:
        blobs = self.storage_account_blob_service_properties_show(given)
        blobs["isVersioningEnabled"] = given["enable-versioning"] == "true"
        for kind, option in (("deleteRetentionPolicy", ""), ("containerDeleteRetentionPolicy", "container-")):
            enabled = given[f"enable-{option}delete-retention"] == "true"
            blobs[kind] = {"enabled": enabled, "days": int(given[f"{option}delete-retention-days"])}
        return blobs

    def storage_container_rm_show(self, given: dict[str, str]) -> Any:
        account = self.storage_account_show({"name": given["storage-account"]})
        return account["containers"].get(given["name"]) or absent(given["name"])

    def storage_container_rm_list(self, given: dict[str, str]) -> Any:
        return list(self.storage_account_show({"name": given["storage-account"]})["containers"].values())

    def storage_container_rm_create(self, given: dict[str, str]) -> Any:
        account = self.storage_account_show({"name": given["storage-account"]})
        made = {"name": given["name"], "metadata": tags({"tags": given["metadata"]}), "states": []}
        return account["containers"].setdefault(given["name"], made)

    def storage_container_rm_delete(self, given: dict[str, str]) -> Any:
        self.storage_container_rm_show(given)
        del self.of("accounts")[given["storage-account"]]["containers"][given["name"]]

    def storage_blob_list(self, given: dict[str, str]) -> Any:
        named = {"name": given["container-name"], "storage-account": given["account-name"]}
        states = self.storage_container_rm_show(named)["states"]
        return [{"name": name} for name in states if name.startswith(given["prefix"])]

    def keyvault_show(self, given: dict[str, str]) -> Any:
        return self._in_group("vaults", given) or absent(given["name"])

    def keyvault_create(self, given: dict[str, str]) -> Any:
        self.group_show({"name": given["resource-group"]})
        if given["name"] in self.of("vaults"):
            end(FAILED, f"(VaultAlreadyExists) The vault name '{given['name']}' is already in use.")
        if given["name"] in self.of("deleted_vaults"):
            end(FAILED, f"(ConflictError) A vault with the same name already exists in deleted state: {given['name']}.")
        made = {"name": given["name"], "resourceGroup": given["resource-group"], "tags": tags(given), "keys": {}}
        self.of("vaults")[given["name"]] = made
        return self.keyvault_update(given)

    def keyvault_update(self, given: dict[str, str]) -> Any:
        vault = self.keyvault_show(given)
        vault["properties"] = {
            "enableRbacAuthorization": given["enable-rbac-authorization"] == "true",
            "enablePurgeProtection": given["enable-purge-protection"] == "true",
        }
        return vault

    def keyvault_delete(self, given: dict[str, str]) -> Any:
        self.of("deleted_vaults")[given["name"]] = self.keyvault_show(given)
        del self.of("vaults")[given["name"]]

    def keyvault_list_deleted(self, given: dict[str, str]) -> Any:
        return [{"name": name, "type": "Microsoft.KeyVault/deletedVaults"} for name in self.of("deleted_vaults")]

    def keyvault_recover(self, given: dict[str, str]) -> Any:
        self.of("vaults")[given["name"]] = self.of("deleted_vaults").pop(given["name"])
        return self.of("vaults")[given["name"]]

    def keyvault_key_set_attributes(self, given: dict[str, str]) -> Any:
        key = self.of("vaults")[given["vault-name"]]["keys"][given["name"]]
        key["properties"]["attributes"]["enabled"] = given["enabled"] == "true"
        return key

    def resource_show(self, given: dict[str, str]) -> Any:
        _, _, vault, _, key = given["ids"].rsplit("/", 4)
        return self.keyvault_show({"name": vault})["keys"].get(key) or absent(key)

    def rest(self, given: dict[str, str]) -> Any:
        path = given["url"].partition("?")[0]
        if "/vaults/" in path:
            return self._keys(path, given)
        if path.startswith("https://graph.microsoft.com/"):
            return self._applications(given)
        return self._devops(path, given)

    def _keys(self, path: str, given: dict[str, str]) -> Any:
        _, _, inside = path.partition("/vaults/")
        vault, _, key = inside.partition("/keys")
        keys = self.keyvault_show({"name": vault})["keys"]
        if given["method"] == "get":
            return {"value": list(keys.values())}
        properties = {**json.loads(given["body"])["properties"], "attributes": {"enabled": True}}
        return keys.setdefault(key.strip("/"), {"name": key.strip("/"), "properties": properties})

    def _devops(self, path: str, given: dict[str, str]) -> Any:
        if "/_apis/projects/" in path:
            return self.of("projects").get(path.rpartition("/")[2]) or end(FAILED, "Not Found({})")
        connections = self.of("connections")
        if given["method"] == "get":
            _, _, name = given["url"].partition("endpointNames=")
            found = [each for each in connections.values() if each["name"] == name.partition("&")[0]]
            return {"count": len(found), "value": found}
        if given["method"] == "delete":
            return connections.pop(path.rpartition("/")[2], None)
        made = json.loads(given["body"]) | {"id": new_id()}
        of_the_federation = {"Issuer": f"https://login.microsoftonline.com/{self.all['tenant']}/v2.0"}
        of_the_federation["Subject"] = f"/eid1/c/pub/t/abc/a/def/sc/org/{made['id']}"
        said = {f"workloadIdentityFederation{name}": value for name, value in of_the_federation.items()}
        made["authorization"]["parameters"] |= said
        connections[made["id"]] = made
        return made

    def ad_app_list(self, given: dict[str, str]) -> Any:
        name = re.fullmatch(r"displayName eq '(.+)'", given["filter"])[1]
        return [app for app in self.of("apps").values() if app["displayName"] == name]

    def _applications(self, given: dict[str, str]) -> Any:
        made = {"appId": new_id(), "id": new_id(), "passwords": [], "trusts": {}, **json.loads(given["body"])}
        self.of("apps")[made["appId"]] = made
        return made

    def ad_app_update(self, given: dict[str, str]) -> Any:
        name, _, value = given.get("set", "").partition("=")
        changed = {name: value} if name else {"signInAudience": given["sign-in-audience"]}
        self.of("apps")[given["id"]] |= changed

    def ad_app_delete(self, given: dict[str, str]) -> Any:
        self.of("apps").pop(given["id"], None) or absent(given["id"])
        self.of("principals").pop(given["id"], None)

    def ad_app_credential_list(self, given: dict[str, str]) -> Any:
        return [] if "cert" in given else self.of("apps")[given["id"]]["passwords"]

    def ad_sp_list(self, given: dict[str, str]) -> Any:
        wanted = re.fullmatch(r"appId eq '(.+)'", given["filter"])[1]
        return [each for name, each in self.of("principals").items() if name == wanted]

    def ad_sp_create(self, given: dict[str, str]) -> Any:
        made = {"appId": given["id"], "id": new_id(), "accountEnabled": True}
        return self.of("principals").setdefault(given["id"], made)

    def ad_app_federated_credential_list(self, given: dict[str, str]) -> Any:
        return list(self.of("apps")[given["id"]]["trusts"].values())

    def ad_app_federated_credential_create(self, given: dict[str, str]) -> Any:
        said = json.loads(given["parameters"])
        self.of("apps")[given["id"]]["trusts"][said["name"]] = said
        return said

    ad_app_federated_credential_update = ad_app_federated_credential_create

    def extension_add(self, given: dict[str, str]) -> Any:
        return self.of("extensions").setdefault(given["name"], given["name"])

    def pipelines_variable_group_create(self, given: dict[str, str]) -> Any:
        return self.of("variable_groups").setdefault(given["name"], given["variables"])

    def role_assignment_list(self, given: dict[str, str]) -> Any:
        return [each for each in self.of("roles").values() if each["principalId"] == given["assignee-object-id"]]

    def role_assignment_create(self, given: dict[str, str]) -> Any:
        scope, name = given["scope"], new_id()
        made = {
            "id": f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}",
            "principalId": given["assignee-object-id"],
            "roleDefinitionName": given["role"],
            "scope": scope,
            "condition": given.get("condition"),
        }
        self.of("roles")[made["id"]] = made
        return made

    def role_assignment_delete(self, given: dict[str, str]) -> Any:
        self.of("roles").pop(given["ids"], None)


def new_id() -> str:
    return re.sub("(.{8})(.{4})(.{4})(.{4})", r"\1-\2-\3-\4-", os.urandom(16).hex(), count=1)


def main() -> None:
    world = World(os.environ["AZ_WORLD"])
    command, given = parsed(sys.argv[1:])
    world.all.setdefault("calls", []).append([command, given])
    world.keep()
    if not world.all["signed_in"]:
        end(FAILED, "Please run 'az login' to setup account.")
    try:
        answer = world.run(command, given)
    finally:
        world.keep()
    if "query" in given:
        part = asked(answer, given["query"])
        sys.stdout.write(f"{json.dumps(part) if given['output'] == 'json' else part}\n")
    elif answer is not None:
        sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
