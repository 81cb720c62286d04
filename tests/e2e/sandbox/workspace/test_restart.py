from __future__ import annotations

import base64
import os
import signal
import subprocess
import time

import httpx
import mlflow
from databricks.sdk import WorkspaceClient

from sandbox.home import Home


def processes(home: Home) -> list[int]:
    """The ids of the sandbox's API processes."""
    listed = subprocess.run(["ps", "-axww", "-o", "pid=,command="], check=True, capture_output=True, text=True).stdout
    rows = (line.split(None, 1) for line in listed.splitlines())
    return [int(pid) for pid, words in rows if "sandbox.workspace" in words and str(home.root) in words]


def wait_for_another(home: Home, old: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if (found := processes(home)) and old not in found:
            return
        time.sleep(0.05)
    raise TimeoutError


def test_all_that_was_acknowledged_is_there_after_the_process_is_killed(
    client: WorkspaceClient, tracking: mlflow.MlflowClient, home: Home, catalog: str
) -> None:
    group = client.groups.create(display_name=f"g-{catalog}")
    name = str(client.registered_models.create(catalog_name=catalog, schema_name="default", name="bot").full_name)
    before = client.serving_endpoints.create(f"e-{catalog}").response
    client.secrets.create_scope(f"s-{catalog}")
    client.secrets.put_secret(f"s-{catalog}", "token", string_value="hidden")
    (old,) = processes(home)
    os.kill(old, signal.SIGKILL)
    wait_for_another(home, old)
    assert client.groups.get(str(group.id)).display_name == group.display_name
    assert client.registered_models.get(name).created_at
    assert tracking.get_registered_model(name).name == name
    assert client.serving_endpoints.get(f"e-{catalog}").id == before.id
    assert base64.b64decode(client.secrets.get_secret(f"s-{catalog}", "token").value or "") == b"hidden"
    client.serving_endpoints.delete(f"e-{catalog}")
    client.secrets.delete_scope(f"s-{catalog}")


def test_what_only_the_owner_may_read_is_readable_by_the_owner_alone(curl: httpx.Client, home: Home) -> None:
    assert curl.get("/health").status_code == 200
    for file in (home.workspace_database, home.mlflow_database):
        assert file.stat().st_mode & 0o077 == 0
