"""An experiment keeps its artifacts in the workspace's own store: MLflow would write wherever a request says."""

from pathlib import Path

import httpx
import pytest

from sandbox.home import Home


def create(home: Home, name: str, location: str) -> httpx.Response:
    body = {"name": name, "artifact_location": location}
    headers = {"Authorization": f"Bearer {home.token}"}
    return httpx.post(f"{home.url}/api/2.0/mlflow/experiments/create", json=body, headers=headers, trust_env=False)


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc",
        "/etc",
        "s3://bucket/x",
        "mlflow-artifacts://host/x",
        "mlflow-artifacts:/../x",
        "mlflow-artifacts:",
    ],
)
def test_a_location_outside_of_the_store_is_refused(home: Home, location: str) -> None:
    answer = create(home, f"/Shared/{location}", location)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    assert "artifact_location" in answer.json()["message"]
    assert not Path("/etc/meta.yaml").exists()


def test_a_location_inside_of_the_store_is_taken(home: Home) -> None:
    assert create(home, "/Shared/inside", "mlflow-artifacts:/inside").status_code == 200
