"""Which credentials go to which workspace: a token never reaches a host that it was not made for."""

from pathlib import Path

import pytest

from model_ops.errors import WorkspaceError
from model_ops.workspace.credentials import profile, same_host

TEST, PROD = "https://adb-1.azuredatabricks.net", "https://adb-2.azuredatabricks.net"


@pytest.fixture
def profiles(tmp_path: Path) -> str:
    file = tmp_path / "databrickscfg"
    file.write_text(
        f"[test]\nhost = {TEST}/\ntoken = t\n[again]\nhost = {TEST}\n[prod]\nhost = adb-2.azuredatabricks.net\n"
    )
    return str(file)


@pytest.mark.parametrize(
    ("environment", "url", "wanted"),
    [
        ({}, TEST, "test"),
        ({}, PROD, "prod"),
        ({"DATABRICKS_CONFIG_PROFILE": "again"}, TEST, "again"),
        ({"DATABRICKS_CONFIG_PROFILE": "prod"}, TEST, "test"),
        ({"DATABRICKS_HOST": TEST, "DATABRICKS_TOKEN": "t"}, TEST, None),
        ({"DATABRICKS_HOST": f"{TEST}/"}, TEST, None),
        ({"DATABRICKS_HOST": TEST, "DATABRICKS_TOKEN": "t"}, PROD, "prod"),
        ({"DATABRICKS_TOKEN": "t"}, "https://adb-3.azuredatabricks.net", None),
        ({"DATABRICKS_HOST": TEST, "ARM_CLIENT_ID": "a"}, "https://adb-3.azuredatabricks.net", None),
    ],
)
def test_the_profile_for_the_host_is_taken_unless_the_environment_is_for_it(
    profiles: str, environment: dict[str, str], url: str, wanted: str | None
) -> None:
    assert profile(url, {"DATABRICKS_CONFIG_FILE": profiles, **environment}) == wanted


def test_a_token_for_another_host_is_refused_with_what_to_do_and_is_not_in_the_message(tmp_path: Path) -> None:
    environment = {
        "DATABRICKS_HOST": TEST,
        "DATABRICKS_TOKEN": "dapi-secret",
        "DATABRICKS_CONFIG_FILE": str(tmp_path / "none"),
    }
    with pytest.raises(WorkspaceError, match="databricks configure --host https://adb-2") as refused:
        profile(PROD, environment)
    assert "dapi-secret" not in str(refused.value)


def test_a_config_file_that_cannot_be_read_has_no_profile(tmp_path: Path) -> None:
    file = tmp_path / "broken"
    file.write_bytes(b"\xff\xfe[")
    assert profile(TEST, {"DATABRICKS_CONFIG_FILE": str(file)}) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (TEST, f"{TEST}/", True),
        ("adb-1.azuredatabricks.net", TEST.upper(), True),
        (TEST, PROD, False),
        ("", TEST, False),
    ],
)
def test_two_addresses_name_one_workspace_or_two(one: str, other: str, same: bool) -> None:
    assert same_host(one, other) is same
