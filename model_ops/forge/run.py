"""The run of a workflow or pipeline that a command is a step of: its summary, its outputs, its address."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

ESCAPES = {"%": "%AZP25", "\r": "%0D", "\n": "%0A", ";": "%3B", "]": "%5D"}
"""How Azure Pipelines reads what would end one of its commands."""

MATRIX = 256
"""Jobs that GitHub makes of a matrix in one run; of more it makes none."""


@dataclass(frozen=True)
class Run:
    """What CI says of itself in the environment; on a laptop nothing of it is there, and nothing is done."""

    environment: Mapping[str, str]

    @property
    def in_pipeline(self) -> bool:
        """Whether this is a step of Azure Pipelines."""
        return self.environment.get("TF_BUILD", "").lower() == "true"

    @property
    def in_workflow(self) -> bool:
        """Whether this is a step of GitHub Actions."""
        return self.environment.get("GITHUB_ACTIONS", "").lower() == "true"

    @property
    def is_unattended(self) -> bool:
        """Whether this is a step of any CI, where nobody answers a question."""
        return self.in_pipeline or self.in_workflow or self.environment.get("CI", "").lower() in ("true", "1")

    @property
    def url(self) -> str | None:
        """The page of the run."""
        said = self.environment
        if repository := said.get("GITHUB_RUN_ID") and said.get("GITHUB_REPOSITORY"):
            return f"{said.get('GITHUB_SERVER_URL')}/{repository}/actions/runs/{said['GITHUB_RUN_ID']}"
        if self.in_pipeline and said.get("BUILD_BUILDID"):
            place = f"{said.get('SYSTEM_COLLECTIONURI', '')}{quote(said.get('SYSTEM_TEAMPROJECT', ''))}"
            return f"{place}/_build/results?buildId={said['BUILD_BUILDID']}"
        return None

    def hand_on(self, name: str, value: str, tell: Callable[[str], None]) -> None:
        """Make a value an output of the step, for the jobs after it; `tell` prints a line on standard output."""
        if file := self.environment.get("GITHUB_OUTPUT"):
            end = uuid.uuid4().hex
            with Path(file).open("a", encoding="utf-8") as outputs:
                outputs.write(f"{name}<<{end}\n{value}\n{end}\n")
        if self.in_pipeline:
            tell(f"##vso[task.setvariable variable={_escaped(name)};isOutput=true]{_escaped(value)}")

    def put_on_path(self, directory: Path, tell: Callable[[str], None]) -> bool:
        """Let the steps after this one find the programs in a directory; says whether there are such steps."""
        if file := self.environment.get("GITHUB_PATH"):
            with Path(file).open("a", encoding="utf-8") as path:
                path.write(f"{directory}\n")
        if self.in_pipeline:
            tell(f"##vso[task.prependpath]{_escaped(str(directory))}")
        return bool(file) or self.in_pipeline

    def summarize(self, text: str, tell: Callable[[str], None]) -> bool:
        """Add Markdown to the summary of the run; says whether there is one."""
        if file := self.environment.get("GITHUB_STEP_SUMMARY"):
            with Path(file).open("a", encoding="utf-8") as summary:
                summary.write(f"{text}\n")
            return True
        if self.in_pipeline:
            directory = self.environment.get("AGENT_TEMPDIRECTORY") or None
            with tempfile.NamedTemporaryFile(
                "w", suffix=".md", prefix="summary-", dir=directory, delete=False, encoding="utf-8"
            ) as page:
                page.write(text)
            tell(f"##vso[task.uploadsummary]{_escaped(page.name)}")
            return True
        return False


def _escaped(text: str) -> str:
    return "".join(ESCAPES.get(each, each) for each in text)
