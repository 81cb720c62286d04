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
from model_ops.checks.artifacts import ON_POSIX, check_artifacts
from model_ops.checks.report import Check
from model_ops.commands import Commands
from model_ops.versions.detail import VersionDetail
from model_ops.versions.mlmodel import MlModel
from model_ops.versions.version import File, Version
from model_ops.workspace.files import ModelFiles

SOUND = "import mlflow\nclass M(mlflow.pyfunc.PythonModel):\n    def predict(self, context, model_input): return []\n"
SET = "mlflow.models.set_model(M())\n"
LOADING = "import os\nif 'answer.json' in ' '.join(__import__('sys').argv):\n"
FORGE = f"""{LOADING}    open(__import__('sys').argv[2], 'w').write('{{"loaded": true, "answered": true}}')
    os.write(1, b'{{"loaded": true, "answered": true}}\\n'); os._exit(0)
"""
SPY = f"{LOADING}    raise ValueError(' '.join(sorted(os.environ)) + os.environ['HOME'])\n"
KEY = "import os\nkey = os.environ['SCORING_API_KEY']\nif key == 'wrong': raise ValueError(f'bad key {key}')\n"
CLASS = "class M(mlflow.pyfunc.PythonModel):\n    def predict(self, context, model_input): return []\n"
READS = CLASS + "    def load_context(self, context): open({path})\n"
OUTER = CLASS + "    def load_context(self, context): mlflow.pyfunc.load_model({address})\n"
LINGER = f"{LOADING}    import subprocess; subprocess.Popen(['sleep', '4123'])\n"


class Copied:
    """A version's files, from a directory instead of a workspace."""

    def __init__(self, source: Path) -> None:
        self.source = source

    def download(self, directory: Path) -> None:
        shutil.copytree(self.source, directory)


def checked(saved: Path) -> Check:
    """Check what MLflow saved, as `model-ops check --stack prod` checks a version."""
    files = {path.relative_to(saved).as_posix(): path for path in saved.rglob("*") if path.is_file()}
    detail = VersionDetail(
        version=Version(model="prod.rag.chatbot", number=7, status="READY"),
        roles=(),
        mlmodel=MlModel.parse((saved / "MLmodel").read_text(), "version 7"),
        files=tuple(File(path=name, size=path.stat().st_size) for name, path in files.items()),
        environments={
            name: path.read_text() for name, path in files.items() if name.endswith(".txt") and "/" not in name
        },
        run=None,
    )
    lacks = check_artifacts(detail.mlmodel, detail.files).mend
    return loading.check_loading(cast(ModelFiles, Copied(saved)), detail, Commands(stack="prod"), lacks)


@pytest.fixture
def save(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("GH_TOKEN", "a-secret")
    monkeypatch.setenv("DATABRICKS_TOKEN", "a-secret")

    def run(code: str, **options: Any) -> Path:
        script, saved = tmp_path / "model.py", tmp_path / f"saved-{len(list(tmp_path.iterdir()))}"
        script.write_text(SOUND + code + SET)
        mlflow.pyfunc.save_model(saved, python_model=str(script), **{"pip_requirements": []} | options)
        return saved

    return run


@pytest.fixture
def check(save: Any) -> Any:
    return lambda code: checked(save(code))


def test_a_model_that_loads_passes(check: Any) -> None:
    found = check("")
    assert (found.outcome, found.found) == ("passed", "it loads (it has no example of its input to answer)")


def test_a_model_that_writes_the_answer_itself_fails(check: Any) -> None:
    found = check(FORGE)
    assert (found.outcome, "ended with 0" in found.found) == ("failed", True)


def test_a_package_that_is_not_installed_is_named_with_how_to_install_it(save: Any) -> None:
    found = checked(save(f"{LOADING}    import no_such_flavor.inner\n", pip_requirements=["no-such-flavor==1.0"]))
    assert (found.outcome, found.mend) == ("failed", "install what it is served with: pip install no-such-flavor==1.0")
    assert "ModuleNotFoundError: No module named 'no_such_flavor'" in found.found


def test_a_module_that_is_called_as_no_package_comes_with_all_of_them(check: Any) -> None:
    found = check(f"{LOADING}    import no_such_module.inner\n")
    assert found.mend is not None
    assert "model-ops artifacts 7 --download DIR --stack prod, then pip install -r DIR/requirements.txt" in found.mend
    assert "pip install no_such_module" not in found.mend


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


def names_the_key(saved: Path) -> Path:
    """Write what MLflow writes of a model that reads a key while it answers its example."""
    (saved / "environment_variables.txt").write_text("# This file records names.\nSCORING_API_KEY\n")
    return saved


def let_see(patch: pytest.MonkeyPatch, mend: str | None, value: str) -> None:
    """Do what the mend says: export the variables, each with a value in the place of the dots."""
    words = str(mend).partition(": export ")[2].split()
    assert [word.partition("=")[0] for word in words] == ["SCORING_API_KEY", "MODEL_OPS_LOAD_ENV"]
    for word in words:
        name, _, found = word.partition("=")
        patch.setenv(name, value if found == "…" else found)


def test_a_variable_that_the_code_reads_is_let_through_by_the_mend_and_not_repeated(
    save: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCORING_API_KEY", "sound")
    saved = names_the_key(save(KEY))
    found = checked(saved)
    assert (found.outcome, "KeyError: 'SCORING_API_KEY'" in found.found) == ("unknown", True)

    let_see(monkeypatch, found.mend, "sound")
    assert checked(saved).outcome == "passed"
    let_see(monkeypatch, found.mend, "wrong")
    assert checked(saved).found == "ValueError: bad key ***"


def test_a_path_from_windows_in_its_files_is_mended_by_logging_it_where_paths_have_slashes(
    save: Any, tmp_path: Path
) -> None:
    (tmp_path / "vocab.txt").write_text("one")
    saved = save(READS.format(path="context.artifacts['vocab']"), artifacts={"vocab": str(tmp_path / "vocab.txt")})
    assert checked(saved).outcome == "passed"  # what the mend asks for
    file = saved / "MLmodel"
    file.write_text(file.read_text().replace("artifacts/vocab.txt", "artifacts\\vocab.txt"))

    found = checked(saved)
    assert (found.outcome, found.mend) == ("failed", ON_POSIX)


def test_a_file_that_the_code_opens_is_mended_by_logging_it_with_the_model(save: Any, tmp_path: Path) -> None:
    found = checked(save(READS.format(path=repr(r"C:\Users\me\vocab.txt"))))
    assert found.outcome == "failed"
    assert "log it again with artifacts={'file': 'vocab.txt'}" in str(found.mend)
    assert "let its code open context.artifacts['file']" in str(found.mend)

    (tmp_path / "vocab.txt").write_text("one")
    mended = save(READS.format(path="context.artifacts['file']"), artifacts={"file": str(tmp_path / "vocab.txt")})
    assert checked(mended).outcome == "passed"


def test_another_models_stage_is_mended_by_a_copy_of_it_in_the_model(save: Any) -> None:
    found = checked(save("mlflow.set_registry_uri('databricks-uc')\n" + OUTER.format(address="'models:/X/Production'")))
    assert found.outcome == "failed"
    assert "its code loads models:/X/Production, and Unity Catalog has no stage Production" in found.found
    assert "artifacts={'inner': 'models:/CATALOG.SCHEMA.X/NUMBER'}" in str(found.mend)
    assert "let its code load context.artifacts['inner']" in str(found.mend)

    inner = save("")
    mended = save(OUTER.format(address="context.artifacts['inner']"), artifacts={"inner": str(inner)})
    assert checked(mended).outcome == "passed"


def test_what_has_no_python_function_is_not_even_downloaded(save: Any) -> None:
    saved = save("")
    file = saved / "MLmodel"
    file.write_text(file.read_text().replace("python_function", "crate"))
    found = checked(saved)

    assert (found.outcome, found.found) == ("unknown", "it was not tried, for it has no flavor python_function")
