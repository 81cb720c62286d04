"""Whose keys a stack file may hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from infra.settings.schema import Settings


@pytest.mark.parametrize(
    "key",
    [
        "databricks:token",
        "databricks:host",
        "databricks:clientSecret",
        "databricks:azureClientSecret",
        "databricks:profile",
        "databricks:azureWorkspaceResourceId",
        "azure-native:clientSecret",
        "azure-native:oidcToken",
        "azure-native:clientCertificatePassword",
    ],
)
def test_credentials_are_refused_and_not_repeated(good: str, refusal: Callable[[str], str], key: str) -> None:
    message = refusal(good.replace("config:\n", f"config:\n  {key}: dapi-very-secret\n"))

    assert f"Pulumi.test.yaml:2  {key}\n" in message
    assert f"mend:    pulumi config rm {key} --stack test" in message
    assert "dapi-very-secret" not in message


@pytest.mark.parametrize(
    "line",
    [
        "azure-native:location: westeurope",
        "azure-native:subscriptionId: 11111111-1111-1111-1111-111111111111",
        "databricks:authType: github-oidc",
        "databricks:httpTimeoutSeconds: 60",
        "pulumi:disable-default-providers: [aws]",
    ],
)
def test_the_engines_and_the_providers_own_keys_are_left_to_them(
    good: str, read: Callable[[str], Settings], line: str
) -> None:
    assert read(good.replace("config:\n", f"config:\n  {line}\n")).models


@pytest.mark.parametrize(
    ("line", "mend"),
    [
        ("rolpin:protect: true", "write `rollpin:protect:` instead of `rolpin:protect:`"),
        ("databrick:rateLimit: 5", "write `databricks:rateLimit:` instead"),
        ("rollpin:config:protect: true", "write `rollpin:protect:` instead"),
        ("aws:region: eu-west-1", "remove the key `aws:region` and its value, at line 2"),
    ],
)
def test_a_namespace_that_nobody_reads_is_refused(
    good: str, refusal: Callable[[str], str], line: str, mend: str
) -> None:
    unprotected = good.replace("  rollpin:protect: true\n", "")
    message = refusal(unprotected.replace("config:\n", f"config:\n  {line}\n"))

    assert "Pulumi.test.yaml:2" in message
    assert mend in message


def test_a_key_beside_config_is_refused(good: str, refusal: Callable[[str], str]) -> None:
    message = refusal(good.replace("  rollpin:protect: true\n", "") + "encryptionsolt: v1:x\nrollpin:protect: false\n")

    assert "write `encryptionsalt:` instead of `encryptionsolt:`" in message
    assert "indent the key `rollpin:protect` and its value, at line 18, below `config:`" in message


@pytest.mark.parametrize("text", ["config:\n", "config: 7\n", "encryptionsalt: v1:x\n"])
def test_a_file_without_settings_says_where_they_go(refusal: Callable[[str], str], text: str) -> None:
    assert "and below it, indented, `rollpin:models:`" in refusal(text)
