"""The SDK's client comes without its services, and the whole package afterwards to whoever asks for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

SERVICES = "[name for name in sys.modules if name in ('databricks.sdk.service.jobs', 'databricks.sdk.service.catalog')]"
ASKING = """
import sys
from {module} import {name}
try:
    {call}
except Exception as error:
    assert type(error).__name__ in ("WorkspaceError", "UnansweredError"), error
"""
CALLS = {
    "a command": ("model_ops.workspace", "Workspace", 'Workspace("http://127.0.0.1:1", "t").ask("/api/x")'),
    "the program": (
        "infra.proof.workspace_api",
        "WorkspaceApi",
        'WorkspaceApi("http://127.0.0.1:1", None, patience=1).ask("/api/x")',
    ),
}
WHOLE = """
import sys
from model_ops import sdk
import databricks.sdk
assert databricks.sdk.core.Config is sdk.Config
assert databricks.sdk.dbutils.RemoteDbUtils
from databricks.sdk import WorkspaceClient, useragent
from databricks.sdk.service.catalog import CatalogInfo
assert WorkspaceClient.current_user
assert useragent is sdk.useragent is databricks.sdk.useragent
assert not hasattr(databricks.sdk, "nothing")
"""
BEFORE = """
from databricks.sdk import WorkspaceClient
from databricks.sdk.core import Config
from model_ops import sdk
assert sdk.Config is Config
"""
AT_ONCE = """
import threading
from model_ops import sdk
found = []
def ask():
    from databricks.sdk import WorkspaceClient
    found.append(WorkspaceClient)
threads = [threading.Thread(target=ask) for _ in range(8)]
for each in threads: each.start()
for each in threads: each.join()
assert len(found) == 8 and len(set(found)) == 1, found
"""


UNCOLLECTED = "import gc; gc.disable()\n"
"""The whole SDK is imported a fifth faster."""


def run(script: str) -> str:
    environment = {"DATABRICKS_TOKEN": "t", "DATABRICKS_CONFIG_FILE": "/nowhere", "HOME": "/nowhere"}
    done = subprocess.run(
        [sys.executable, "-c", UNCOLLECTED + script], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("who", CALLS)
def test_no_service_is_imported_for_a_question(who: str) -> None:
    module, name, call = CALLS[who]

    assert run(f"{ASKING.format(module=module, name=name, call=call)}\nprint({SERVICES})") == "[]"


@pytest.mark.parametrize("script", [WHOLE, BEFORE, AT_ONCE])
def test_the_package_is_whole_for_whoever_asks_for_it_before_afterwards_or_at_once(script: str) -> None:
    assert run(script) == ""
