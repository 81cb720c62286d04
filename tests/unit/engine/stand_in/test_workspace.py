"""Where the provider lets itself be pointed to."""

import pytest

from engine.stand_in.failures import ProviderError
from engine.stand_in.workspace import from_arguments, local_address


@pytest.mark.parametrize("host", ["http://127.0.0.1:4321", "localhost:4321", "http://[::1]:4321/"])
def test_an_address_on_this_machine_is_served(host: str) -> None:
    assert local_address(host) == host


@pytest.mark.parametrize("host", ["https://adb-1.azuredatabricks.net", "http://10.0.0.1", "http://127.0.0.1.evil.net"])
def test_any_other_address_is_refused_with_what_to_install(host: str) -> None:
    with pytest.raises(ProviderError, match="install the released plugin: pulumi plugin install resource databricks"):
        local_address(host)


@pytest.mark.parametrize(("host", "missing"), [(None, "DATABRICKS_HOST"), ("http://127.0.0.1:1", "DATABRICKS_TOKEN")])
def test_what_is_missing_in_the_environment_is_named(
    monkeypatch: pytest.MonkeyPatch, host: str | None, missing: str
) -> None:
    monkeypatch.delenv("DATABRICKS_HOST", raising=False)
    monkeypatch.delenv("DATABRICKS_TOKEN", raising=False)
    with pytest.raises(ProviderError, match=missing):
        from_arguments({"host": host}).call("GET", "/")
