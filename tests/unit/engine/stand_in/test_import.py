"""The provider's process imports the SDK's client and none of its services."""

import subprocess
import sys

ASK = """
import sys
from engine.stand_in.workspace import Workspace
assert "databricks.sdk.core" in sys.modules
print([name for name in sys.modules if name in ("databricks.sdk.service.jobs", "databricks.sdk.service.catalog")])
"""


def test_no_service_is_imported_with_the_client() -> None:
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
