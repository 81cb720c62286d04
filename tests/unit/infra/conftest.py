"""A stack file to be spoilt, one thing at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from infra.settings.load import load
from infra.settings.mistake import SettingsError
from infra.settings.schema import Settings

GROUP = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg"
GOOD = f"""\
config:
  rollpin:platform:
    adopt:
      host: https://adb-1111111111111111.1.azuredatabricks.net
      resourceId: {GROUP}/providers/Microsoft.Databricks/workspaces/dbw
  rollpin:protect: true
  rollpin:tags: {{team: chatbot}}
  rollpin:models:
    chatbot:
      catalog: prod
      schema: chatbot
      createSchema: true
      servedVersion: 7
      warmVersions: [6, 7]
      canary: {{version: 8, percent: 10}}
      endpoint: {{name: chatbot, workloadSize: Small, scaleToZero: false, timeoutMinutes: 45}}
      access: {{query: [chatbot-users], manage: [ml-engineers], execute: [chatbot-serving]}}
"""


@pytest.fixture
def good() -> str:
    return GOOD


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], Settings]:
    """Load a text as the file of stack `test`."""

    def read(text: str) -> Settings:
        path = tmp_path / "Pulumi.test.yaml"
        path.write_text(text)
        return load(path, "test")

    return read


@pytest.fixture
def refusal(read: Callable[[str], Settings]) -> Callable[[str], str]:
    """The message that refuses a text."""

    def refusal(text: str) -> str:
        with pytest.raises(SettingsError) as refused:
            read(text)
        return str(refused.value)

    return refusal
