"""Where the provider lets itself be pointed to."""

from types import ModuleType

import pytest

from engine.stand_in.failures import ProviderError


@pytest.fixture(scope="module")
def client() -> ModuleType:
    """The module that imports all of the SDK, which takes seconds."""
    from engine.stand_in import workspace

    return workspace


@pytest.mark.parametrize("host", ["http://127.0.0.1:4321", "localhost:4321", "http://[::1]:4321/"])
def test_an_address_on_this_machine_is_served(client: ModuleType, host: str) -> None:
    assert client.local_address(host) == host


@pytest.mark.parametrize("host", ["https://adb-1.azuredatabricks.net", "http://10.0.0.1", "http://127.0.0.1.evil.net"])
def test_any_other_address_is_refused_with_what_to_install(client: ModuleType, host: str) -> None:
    with pytest.raises(ProviderError, match="install the released plugin: pulumi plugin install resource databricks"):
        client.local_address(host)


@pytest.mark.parametrize(("host", "missing"), [(None, "DATABRICKS_HOST"), ("http://127.0.0.1:1", "DATABRICKS_TOKEN")])
def test_what_is_missing_in_the_environment_is_named(
    client: ModuleType, monkeypatch: pytest.MonkeyPatch, host: str | None, missing: str
) -> None:
    monkeypatch.delenv("DATABRICKS_HOST", raising=False)
    monkeypatch.delenv("DATABRICKS_TOKEN", raising=False)
    with pytest.raises(ProviderError, match=missing):
        client.from_arguments({"host": host}).call("GET", "/")
