"""Settings of a platform to create that are refused before anything is asked of Azure."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from infra.settings.schema import Settings

Refusal = Callable[[str], str]
Read = Callable[[str], Settings]

ID = "11111111-2222-3333-4444-555555555555"
MODELS = "  rollpin:models:\n    chatbot: {catalog: prod, schema: chatbot}\n"


def stack(*lines: str) -> str:
    """A stack that creates its platform, with these lines more."""
    create = ["location: westeurope", "storageAccount: mlprodlake", f"metastoreId: {ID}", *lines]
    below = "".join(f"      {line}\n" for line in create)
    return f"config:\n  rollpin:platform:\n    create:\n{below}{MODELS}"


def test_a_serverless_platform_needs_the_account_and_nothing_else(read: Read, refusal: Refusal) -> None:
    assert read(stack("compute: serverless", f"accountId: {ID}")).platform.create.private  # type: ignore[union-attr]

    message = refusal(stack("compute: serverless"))

    assert "rollpin:platform.create.compute\n     found:   `serverless` without `accountId`" in message
    assert "add `accountId: 22222222-3333-4444-5555-666666666666`" in message


@pytest.mark.parametrize("line", ["egress: [pypi.org]", f"accountId: {ID}"])
def test_what_is_of_a_closed_network_is_refused_where_the_storage_is_open(refusal: Refusal, line: str) -> None:
    message = refusal(stack(line))

    assert "found:   a classic workspace whose storage is open" in message
    assert f"remove the key `{line.partition(':')[0]}`" in message


@pytest.mark.parametrize(("region", "cloud"), [("chinanorth3", "21Vianet"), ("usgovvirginia", "Azure Government")])
def test_a_region_of_another_cloud_is_refused_with_the_reason(refusal: Refusal, region: str, cloud: str) -> None:
    message = refusal(stack().replace("westeurope", region))

    assert f"found:   `{region}`, a region of Azure" in message
    assert cloud in message
    assert "write another region" in message


@pytest.mark.parametrize(
    ("found", "repaired"), [("https://pypi.org/simple", "pypi.org"), ("*.pypi.org", "pypi.org"), ("10.0.0.1", "")]
)
def test_a_destination_is_the_name_of_a_host(refusal: Refusal, found: str, repaired: str) -> None:
    message = refusal(stack("compute: serverless", f"accountId: {ID}", f'egress: ["{found}"]'))

    assert "allowed: the name of a host" in message
    assert not repaired or f"write `{repaired}` instead" in message


@pytest.mark.parametrize(
    ("line", "allowed"),
    [
        ("compute: spark", "`serverless` or `classic`"),
        ("softDeleteDays: 0", "a whole number from 1 to 365"),
        ("storageAccount: ml-prod", "3 to 24 lower-case letters and digits"),
        ("workspace: db", "3 to 64 letters"),
        ("resourceGroup: rg.", "not ending in `.`"),
        ("logDays: 7", "a whole number from 30 to 730"),
        ("budget: {amount: 0, since: 2026-12, notify: [a@b.c]}", "a whole number from 1"),
        ("budget: {amount: 5, since: 2026-13, notify: [a@b.c]}", "a month, as in `2026-12`"),
        ("budget: {amount: 5, since: 2026-12, notify: []}", "one to fifty mail addresses"),
        ("accountId: prod", "the id of the Databricks account"),
    ],
)
def test_a_value_that_azure_would_refuse_is_refused_with_its_rule(refusal: Refusal, line: str, allowed: str) -> None:
    key = line.partition(":")[0]
    text = stack(*([] if key == "storageAccount" else [line]))
    message = refusal(text.replace("storageAccount: mlprodlake", line) if key == "storageAccount" else text)

    assert f"rollpin:platform.create.{key}" in message
    assert allowed in message


def network(*lines: str, space: str = "10.20.0.0/22") -> str:
    """A stack with a network, and these lines in it."""
    below = (f"  {line}" for line in (f"addressSpace: {space}", *lines))
    return stack(f"accountId: {ID}", "network:", *below)


def test_a_network_is_cut_into_quarters_where_it_says_nothing(read: Read) -> None:
    found = read(network()).platform.create.network.subnets  # type: ignore[union-attr]

    assert found == {
        "hostSubnet": "10.20.0.0/24",
        "containerSubnet": "10.20.1.0/24",
        "endpointSubnet": "10.20.2.0/24",
    }


@pytest.mark.parametrize("space", ["10.20.0.0/25", "10.0.0.0/15"])
def test_a_network_has_the_size_that_databricks_takes(refusal: Refusal, space: str) -> None:
    message = refusal(network(space=space))

    assert f"rollpin:platform.create.network.addressSpace\n     found:   `{space}`" in message
    assert "allowed: a range from /16 to /24" in message


@pytest.mark.parametrize(("subnet", "count"), [("10.20.0.0/28", 16), ("10.20.0.0/27", 32)])
def test_a_subnet_that_is_too_small_for_clusters_is_refused(refusal: Refusal, subnet: str, count: int) -> None:
    message = refusal(network(f"hostSubnet: {subnet}"))

    assert f"network.hostSubnet\n     found:   `{subnet}`, with {count} addresses" in message
    assert "at least /26" in message
    assert "remove the key `hostSubnet`" in message


def test_a_subnet_of_the_smallest_size_is_taken(read: Read) -> None:
    assert read(network("hostSubnet: 10.20.0.0/26", "endpointSubnet: 10.20.3.0/28"))


def test_a_subnet_outside_of_its_network_is_refused(refusal: Refusal) -> None:
    assert "allowed: a part of `addressSpace`, which is 10.20.0.0/22" in refusal(network("hostSubnet: 10.21.0.0/24"))


def test_subnets_that_overlap_are_refused_by_the_names_of_both(refusal: Refusal) -> None:
    message = refusal(network("containerSubnet: 10.20.0.128/25"))

    assert "network.containerSubnet\n" in message
    assert "`10.20.0.128/25`, which overlaps with `hostSubnet`, 10.20.0.0/24" in message


def test_a_network_that_overlaps_with_its_hub_is_refused(refusal: Refusal) -> None:
    vnet = f"/subscriptions/{ID}/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/vnet-hub"
    message = refusal(network(f"hub: {{id: {vnet}, addressSpaces: [10.1.0.0/16, 10.20.0.0/16]}}"))

    assert "`10.20.0.0/22`, which overlaps with 10.20.0.0/16 of `hub.addressSpaces[1]`" in message


@pytest.mark.parametrize(
    ("space", "repaired"), [("10.20.0.7/22", "10.20.0.0/22"), ("10.20.0.0", ""), ("52.1.0.0/22", ""), ("all", "")]
)
def test_a_range_is_a_private_one_from_its_first_address(refusal: Refusal, space: str, repaired: str) -> None:
    message = refusal(network(space=space))

    assert "allowed: a private range of addresses" in message
    assert (f"write `{repaired}`" in message) is bool(repaired)


def test_a_serverless_workspace_is_in_no_network(refusal: Refusal) -> None:
    message = refusal(network().replace("location:", "compute: serverless\n      location:"))

    assert "found:   a network beside `compute: serverless`" in message
    assert "remove the key `network`" in message


@pytest.mark.parametrize(
    ("key", "found", "repaired"),
    [
        ("keyVault", "kv_rollpin", "kv-rollpin"),
        ("keyVault", "kv--own", "kv-own"),
        ("keyVault", "9kv", ""),
        ("databricks", ID.upper().replace("1", "A"), ID.replace("1", "a")),
        ("databricks", "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d", ""),
    ],
)
def test_the_keys_name_a_vault_and_the_object_that_the_directory_knows_databricks_by(
    refusal: Refusal, key: str, found: str, repaired: str
) -> None:
    good = {"keyVault": "kv-own", "databricks": ID, key: found}
    message = refusal(stack("customerManagedKeys:", *(f"  {name}: {value}" for name, value in good.items())))

    assert f"rollpin:platform.create.customerManagedKeys.{key}" in message
    assert f"write `{repaired}` instead" in message if repaired else "instead" not in message
