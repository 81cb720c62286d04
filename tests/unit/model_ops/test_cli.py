"""The command line's exit codes tell the truth, and no traceback reaches its user."""

import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from model_ops.cli import main


def test_help_names_the_commands() -> None:
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    assert "verify" in result.output


def test_a_stack_that_is_not_deployed_ends_with_1_and_the_mend(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").touch()
    result = CliRunner().invoke(main, ["verify", "--stack", "local", "--project", str(tmp_path)])
    assert result.exit_code == 1
    assert "make up STACK=local" in result.output
    assert "Traceback" not in result.output


def test_misuse_ends_with_2() -> None:
    assert CliRunner().invoke(main, ["verify"]).exit_code == 2


def test_help_imports_neither_the_sdk_nor_mlflow_nor_pulumi() -> None:
    words = "import sys, model_ops.cli; print([m for m in ('databricks', 'mlflow', 'pulumi') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
