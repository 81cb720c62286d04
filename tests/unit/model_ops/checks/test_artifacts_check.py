"""What a model server lacks is known from the MLmodel file and the list of files, without loading anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from model_ops.checks.artifacts import AGAIN, AS_PYFUNC, ON_POSIX, check_artifacts
from model_ops.checks.report import Check
from model_ops.versions.mlmodel import MlModel
from model_ops.versions.version import File

# MLflow describes its own response types when mlflow.pyfunc is imported.
pytestmark = pytest.mark.filterwarnings("ignore:.*Any type hint is inferred as AnyType:UserWarning")

PYFUNC = {"loader_module": "mlflow.pyfunc.model", "env": {"conda": "conda.yaml"}}
MODEL = """
import mlflow
class Model(mlflow.pyfunc.PythonModel):
    def load_context(self, context):
        self.words = open(context.artifacts["vocab"]).read().split()
    def predict(self, context, model_input: list[str]):
        return self.words
mlflow.models.set_model(Model())
"""


def check(flavors: dict[str, Any], *files: str) -> Check:
    there = [File(path=path, size=1) for path in ("MLmodel", "conda.yaml", *files)]
    return check_artifacts(MlModel(content={"flavors": flavors}), there)


def check_saved(directory: Path) -> Check:
    files = [path for path in directory.rglob("*") if path.is_file()]
    there = [File(path=path.relative_to(directory).as_posix(), size=path.stat().st_size) for path in files]
    return check_artifacts(MlModel.parse((directory / "MLmodel").read_text(), "version 7"), there)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A model with an artifact, as MLflow saves it here."""
    import mlflow

    vocab, code, directory = tmp_path / "vocab.txt", tmp_path / "model.py", tmp_path / "saved"
    vocab.write_text("one two")
    code.write_text(MODEL)
    mlflow.pyfunc.save_model(directory, python_model=code, artifacts={"vocab": str(vocab)}, pip_requirements=[])
    return directory


def as_on_windows(directory: Path) -> None:
    """Write the artifact's path as MLflow wrote it on Windows."""
    file = directory / "MLmodel"
    content = yaml.safe_load(file.read_text())
    content["flavors"]["python_function"]["artifacts"]["vocab"]["path"] = "artifacts\\vocab.txt"
    file.write_text(yaml.safe_dump(content))


def test_a_model_that_mlflow_saves_here_has_all_that_its_flavors_name(saved: Path) -> None:
    found = check_saved(saved)
    assert (found.outcome, "all that its flavors name are there" in found.found) == ("passed", True)


def test_a_path_from_windows_is_not_found_and_logging_again_here_mends_it(saved: Path) -> None:
    import mlflow

    as_on_windows(saved)
    found = check_saved(saved)

    assert (found.outcome, found.mend) == ("failed", ON_POSIX)
    assert r"artifacts\vocab.txt (python_function.artifacts.vocab)" in found.found
    with pytest.raises(FileNotFoundError):
        mlflow.pyfunc.load_model(str(saved))


def test_an_artifact_that_is_gone_is_named_with_its_key_and_mended_by_having_it_again(saved: Path) -> None:
    vocab = saved / "artifacts" / "vocab.txt"
    text = vocab.read_text()
    vocab.unlink()
    found = check_saved(saved)

    assert (found.outcome, found.mend) == ("failed", AGAIN)
    assert "names artifacts/vocab.txt (python_function.artifacts.vocab), which is not there" in found.found
    vocab.write_text(text)
    assert check_saved(saved).outcome == "passed"


def test_a_version_of_another_flavor_alone_lacks_its_file_and_what_is_served() -> None:
    found = check({"crate": {"version": "0.1.0", "model": "crate.bin"}})

    assert found.outcome == "failed"
    assert "it has no flavor python_function, which is the one that is served; it has: crate" in found.found
    assert "crate.bin (crate.model), which is not there" in found.found
    assert found.mend == f"{AS_PYFUNC}; {AGAIN}"


def test_a_version_that_cannot_be_served_is_told_though_its_files_are_there() -> None:
    found = check({"spark": {"model_data": "sparkml"}}, "sparkml/metadata/part-0")

    assert (found.outcome, found.mend) == ("failed", AS_PYFUNC)
    assert "spark" in found.found


def test_a_python_function_without_a_loader_cannot_be_served() -> None:
    found = check({"python_function": {"env": {"conda": "conda.yaml"}}})
    assert (found.outcome, "names no loader_module" in found.found) == ("failed", True)


def test_every_flavor_is_looked_at_beside_python_function() -> None:
    flavors = {
        "python_function": PYFUNC | {"data": "model.xgb"},
        "xgboost": {"data": "model.ubj", "xgb_version": "3.0"},
    }

    assert check(flavors, "model.xgb", "model.ubj").outcome == "passed"
    found = check(flavors, "model.xgb")
    assert (found.outcome, "model.ubj (xgboost.data)" in found.found, "model.xgb" in found.found) == (
        "failed",
        True,
        False,
    )


def test_a_directory_counts_as_there_where_something_is_in_it() -> None:
    flavors = {"python_function": PYFUNC | {"data": "model", "code": "code"}}

    assert check(flavors, "model/steps.yaml", "code/mine/__init__.py").outcome == "passed"
    assert "names code (python_function.code), which is not there" in check(flavors, "model/steps.yaml").found


def test_what_a_flavor_of_somebody_elses_may_lack_is_said_and_refuses_nothing() -> None:
    flavors = {"python_function": PYFUNC, "mine": {"weights": "w.bin", "version": "1.0"}}
    found = check(flavors)

    assert (found.outcome, found.mend) == ("unknown", None)
    assert "w.bin (mine.weights)" in found.found
    assert check(flavors, "w.bin").outcome == "passed"
