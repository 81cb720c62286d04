"""A stack in Azure, as whoever types at it has it: by `make`, `model-ops`, `pulumi` and `az`, and their credentials."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from infra.settings.create_schema import Create
from infra.settings.load import load
from infra.settings.schema import Settings

SOURCE = Path(__file__).parents[2]
PENDING = "[?properties.privateLinkServiceConnectionState.status=='Pending'].id"
PROBE = SOURCE / "tests/live/register_probe.py"
ON_DATABRICKS = "/Workspace/Shared/rollpin-live-register.py"
LONGEST_JOB = 45 * 60


@dataclass(frozen=True)
class LiveStack:
    """The stack `name` of this checkout."""

    name: str

    @property
    def file(self) -> Path:
        """Its file."""
        return SOURCE / f"Pulumi.{self.name}.yaml"

    @cached_property
    def settings(self) -> Settings:
        """What its file says; raises SettingsError."""
        return load(self.file, self.name)

    @property
    def create(self) -> Create:
        """The platform that it makes."""
        assert self.settings.platform
        assert self.settings.platform.create
        return self.settings.platform.create

    @property
    def model(self) -> str:
        """The full name of its one model."""
        ((name, model),) = self.settings.models.items()
        return model.full_name(name)

    def unfit(self) -> str:
        """Why it must not be made and taken down by a test; empty where it may be."""
        settings = self.settings
        if not (settings.platform and settings.platform.create):
            return "it adopts a workspace, and this makes one"
        if settings.protect:
            return "it is protected: `rollpin:protect: false` says that it may go"
        if len(settings.models) != 1 or any(model.deployed for model in settings.models.values()):
            return "it must have one model, without a pin"
        return ""

    def make(self, target: str, **variables: str) -> str:
        """Type `make TARGET STACK=…`; gives what it said, and fails the test where it failed."""
        return self.run("make", target, f"STACK={self.name}", *(f"{key}={value}" for key, value in variables.items()))

    def model_ops(self, *words: str) -> str:
        """Type a command of `model-ops` for it."""
        return self.run(sys.executable, "-m", "model_ops.cli", *words, "--stack", self.name)

    def run(self, *words: str, **environment: str) -> str:
        """Type a command; gives what it wrote to stdout, and fails the test with all that it wrote where it failed."""
        known = {**os.environ, "CI": "true", **environment}  # nobody is there to say yes
        done = subprocess.run(words, cwd=SOURCE, env=known, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}{done.stderr}"
        return done.stdout

    def outputs(self) -> Mapping[str, Any]:
        """What the stack says of itself."""
        found: dict[str, Any] = json.loads(self.run("pulumi", "stack", "output", "--json", "--stack", self.name))
        return found

    def planned(self) -> Mapping[str, int]:
        """How many resources a preview would do what to, but for those that stay the same."""
        document = SOURCE / f"build/live-{self.name}.json"
        document.parent.mkdir(exist_ok=True)
        self.make("preview", JSON=str(document))
        counted = json.loads(document.read_text())["changeSummary"]
        return {operation: count for operation, count in counted.items() if operation != "same" and count}

    def admit_serverless(self) -> int:
        """Approve what the storage's owner approves by hand, as docs/platform.md says; gives how many there were."""
        group = self.create.resource_group or f"rg-rollpin-{self.name}"
        of = ("--resource-group", group, "--name", self.create.storage_account)
        kind = ("--type", "Microsoft.Storage/storageAccounts")
        listed = self.run(
            "az", "network", "private-endpoint-connection", "list", *of, *kind, "--query", PENDING, "--output", "json"
        )
        pending = json.loads(listed)
        for each in pending:
            self.run(
                "az", "network", "private-endpoint-connection", "approve", "--id", each, "--description", self.name
            )
        return len(pending)

    def register(self) -> None:
        """Register versions 1 and 2: from here, or, where the storage is closed to this machine, by a job."""
        if self.create.private:
            self._register_by_job()
            return
        uris = {"MLFLOW_TRACKING_URI": "databricks", "MLFLOW_REGISTRY_URI": "databricks-uc"}
        self.run(sys.executable, str(PROBE), self.model, DATABRICKS_HOST=self.outputs()["workspace_url"], **uris)

    def _register_by_job(self) -> None:
        from databricks.sdk import WorkspaceClient
        from databricks.sdk.service.compute import Environment
        from databricks.sdk.service.jobs import JobEnvironment, SparkPythonTask, SubmitTask
        from databricks.sdk.service.workspace import ImportFormat

        client = WorkspaceClient(host=self.outputs()["workspace_url"])
        with PROBE.open("rb") as script:
            client.workspace.upload(ON_DATABRICKS, script, format=ImportFormat.AUTO, overwrite=True)
        task = SubmitTask(
            "register",
            environment_key="default",
            spark_python_task=SparkPythonTask(ON_DATABRICKS, parameters=[self.model]),
            timeout_seconds=LONGEST_JOB,
        )
        spec = Environment(environment_version="3", dependencies=["mlflow"])
        environments = [JobEnvironment("default", spec)]
        client.jobs.submit_and_wait(run_name="rollpin live", tasks=[task], environments=environments)
