"""Before a stack file is written the program is asked whether it takes it, the whole of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from model_ops.errors import PinError
from model_ops.pinning import pins
from model_ops.pinning.program import require_taken

GOOD = """\
config:
  rollpin:platform:
    adopt:
      host: https://adb-1234567890123456.7.azuredatabricks.net
      resourceId: /subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/ml/providers/Microsoft.Databricks/workspaces/ml-prod
  rollpin:models:
    bot:
      catalog: prod
      schema: ml
      servedVersion: 7
      canary: {version: 8, percent: 10}
    fraud: {catalog: prod, schema: ml, servedVersion: 3}
"""  # noqa: E501 -- a resource id is as long as that


def refused(file: Path, text: str, version: int) -> str:
    file.write_text(text)
    with pytest.raises(PinError) as refusal:
        require_taken(pins.plan(file, "bot", version), "prod")
    assert file.read_text() == text
    return str(refusal.value)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "Pulumi.prod.yaml"


@pytest.mark.parametrize("version", [6, 7, 8])
def test_what_the_program_takes_passes(file: Path, version: int) -> None:
    file.write_text(GOOD)
    require_taken(pins.plan(file, "bot", version), "prod")


def test_a_mistake_in_another_model_is_refused_too_with_its_mend(file: Path) -> None:
    said = refused(file, GOOD.replace("servedVersion: 3", "servedVersoin: 3"), 6)
    assert f"{file} would be refused by the program with version 6 of bot pinned. Nothing was changed." in said
    assert "Pulumi.prod.yaml:12  rollpin:models.fraud.servedVersoin" in said
    assert "servedVersion" in said.partition("mend:")[2]


def test_what_the_pin_contradicts_is_refused(file: Path) -> None:
    """More versions than one endpoint may have: the file was sound before."""
    warm = GOOD.replace("      canary: {version: 8, percent: 10}\n", f"      warmVersions: {[*range(7, 22)]}\n")
    file.write_text(warm)
    require_taken(pins.plan(file, "bot", 7), "prod")
    assert "served entities on one endpoint" in refused(file, warm, 6)
