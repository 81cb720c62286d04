"""A model's own code cannot speak for the check that loads it, nor see the caller's secrets, nor outlive it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any, cast

import mlflow
import psutil
import pytest

from model_ops.checks import loading
from model_ops.checks.report import Check
from model_ops.versions.mlmodel import MlModel
from model_ops.workspace.files import ModelFiles

SOUND = "import mlflow\nclass M(mlflow.pyfunc.PythonModel):\n    def predict(self, context, model_input): return []\n"
SET = "mlflow.models.set_model(M())\n"
LOADING = "import os\nif 'answer.json' in ' '.join(__import__('sys').argv):\n"
FORGE = f"""{LOADING}    open(__import__('sys').argv[2], 'w').write('{{"loaded": true, "answered": true}}')
    os.write(1, b'{{"loaded": true, "answered": true}}\\n'); os._exit(0)
"""
SPY = f"{LOADING}    raise ValueError(' '.join(sorted(os.environ)) + os.environ['HOME'])\n"
LINGER = f"{LOADING}    import subprocess; subprocess.Popen(['sleep', '4123'])\n"


class Copied:
    """A version's files, from a directory instead of a workspace."""

    version = 7

    def __init__(self, source: Path) -> None:
        self.source = source

    def download(self, directory: Path) -> None:
        shutil.copytree(self.source, directory)


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("GH_TOKEN", "a-secret")
    monkeypatch.setenv("DATABRICKS_TOKEN", "a-secret")

    def run(code: str) -> Check:
        script, saved = tmp_path / "model.py", tmp_path / "saved"
        script.write_text(SOUND + code + SET)
        mlflow.pyfunc.save_model(saved, python_model=str(script), pip_requirements=[])
        mlmodel = MlModel.parse((saved / "MLmodel").read_text(), "version 7")
        return loading.check_loading(cast(ModelFiles, Copied(saved)), mlmodel, (), "--stack prod")

    return run


def test_a_model_that_loads_passes(check: Any) -> None:
    found = check("")
    assert (found.outcome, found.found) == ("passed", "it loads (it has no example of its input to answer)")


def test_a_model_that_writes_the_answer_itself_fails(check: Any) -> None:
    found = check(FORGE)
    assert (found.outcome, "ended with 0" in found.found) == ("failed", True)


def test_a_package_that_is_not_installed_is_named_with_how_to_install_it(check: Any) -> None:
    found = check(f"{LOADING}    import no_such_flavor.inner\n")
    assert (found.outcome, found.mend) == ("failed", "install what it is served with: pip install no_such_flavor")
    assert "ModuleNotFoundError: No module named 'no_such_flavor'" in found.found


def test_a_model_sees_neither_secrets_nor_the_callers_home(check: Any) -> None:
    found = check(SPY)
    assert found.outcome == "failed"
    assert [word for word in ("TOKEN", "SECRET", os.environ["HOME"] + " ") if word in found.found] == []
    assert "PATH" in found.found


def test_what_a_model_leaves_running_is_ended_and_holds_nothing_up(check: Any) -> None:
    assert check(LINGER).outcome == "passed"
    left = [process for process in psutil.process_iter() if _line(process) == ["sleep", "4123"]]
    assert left == []


def _line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline() if process.status() != psutil.STATUS_ZOMBIE else []
    except psutil.Error:
        return []
