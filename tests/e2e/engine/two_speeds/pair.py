"""A platform stack and a stack that serves from it, on one sandbox with a border before it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from databricks.sdk import WorkspaceClient

from engine.local_stack import LocalStack
from model_ops.pinning import pins
from sandbox.home import Home
from tests.e2e.engine.two_speeds.border import Border

FILES = Path(__file__).parents[3] / "stacks" / "projects"
PLATFORM, SERVING = "prod-platform", "prod-serving"
MODEL = "chatbot"
FULL_NAME = f"prod.chatbot.{MODEL}"


@dataclass(frozen=True)
class Behind(Home):
    """A sandbox's home, whose workspace is asked at the border."""

    address: str = ""

    @property
    def url(self) -> str:
        return self.address


@dataclass(frozen=True)
class Pair:
    """Both stacks, the project that holds their files, and a client that goes past the border."""

    project: Path
    platform: LocalStack
    serving: LocalStack
    border: Border
    client: WorkspaceClient

    def edit(self, old: str, new: str) -> None:
        """Change the platform stack's file."""
        file = self.project / f"Pulumi.{PLATFORM}.yaml"
        text = file.read_text()
        assert text.count(old) == 1
        file.write_text(text.replace(old, new))

    def pin(self, version: int) -> None:
        pins.pin(self.project / f"Pulumi.{SERVING}.yaml", MODEL, version)
