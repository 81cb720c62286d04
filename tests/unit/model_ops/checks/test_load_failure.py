"""What an error of loading is judged by, and which mend it gets; that each mend helps, tests/e2e shows by loading."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from model_ops.checks.load_failure import LoadedVersion, LoadFailure, judged
from model_ops.checks.load_model import failure
from model_ops.checks.report import Check

# MLflow describes its own response types when mlflow.pyfunc is imported.
pytestmark = pytest.mark.filterwarnings("ignore:.*Any type hint is inferred as AnyType:UserWarning")


def judge(lacks: str | None = None, hidden: tuple[str, ...] = (), **found: str) -> Check:
    version = LoadedVersion(
        download="model-ops artifacts 7 --download DIR --stack prod",
        requirements=("scikit-learn==1.6.1", "my-lib==2"),
        hidden=hidden,
        lacks=lacks,
    )
    return judged(LoadFailure(**{"problem": "ValueError: no", **found}), version)


def told(act: Callable[[], Any]) -> dict[str, Any]:
    """What is told of the error that `act` raises."""
    with pytest.raises((ImportError, KeyError, OSError, RuntimeError, ValueError)) as raised:
        act()
    return {name: each for name, each in failure(raised.value).items() if each and name != "problem"}


def wrap() -> None:
    try:
        os.environ["NO_SUCH_VARIABLE"]
    except KeyError as error:
        raise RuntimeError("no client") from error


def import_absent() -> None:
    import no_such_module.inner  # type: ignore[import-not-found] # noqa: F401 - it is there for nobody


def test_an_error_tells_what_was_missing() -> None:
    assert told(lambda: os.environ["NO_SUCH_VARIABLE"]) == {"variable": "NO_SUCH_VARIABLE"}
    assert told(lambda: {}["NO_SUCH_VARIABLE"]) == {}
    assert told(wrap) == {"variable": "NO_SUCH_VARIABLE"}
    assert told(lambda: Path("no/such.file").read_text()) == {"file": "no/such.file"}
    assert told(import_absent) == {"module": "no_such_module"}


@pytest.mark.parametrize("address", ["models:/X/Production", "models:/a.b.X@champion", "runs:/abc/model"])
def test_an_error_of_mlflow_tells_the_address_that_was_loaded(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import mlflow.pyfunc

    def refuse(*_: Any, **__: Any) -> None:
        raise ValueError("no registry")

    monkeypatch.setattr("mlflow.pyfunc._download_artifact_from_uri", refuse)
    assert told(lambda: mlflow.pyfunc.load_model(address)) == {"address": address}


def test_a_variable_is_hidden_and_the_version_is_not_to_blame() -> None:
    found = judge(variable="SCORING_API_KEY", hidden=("SCORING_API_KEY", "OTHER"))

    assert found.outcome == "unknown"
    assert "its code may need SCORING_API_KEY, OTHER, which is hidden from it here" in found.found
    assert found.mend is not None
    assert found.mend.endswith("export SCORING_API_KEY=… OTHER=… MODEL_OPS_LOAD_ENV=SCORING_API_KEY,OTHER")


def test_a_variable_that_the_version_names_may_be_why_unless_something_else_is_plainly() -> None:
    assert judge(hidden=("KEY",)).outcome == "unknown"
    assert judge(hidden=("KEY",), file="a.txt").outcome == "failed"
    assert judge(hidden=("KEY",), module="my_lib").outcome == "failed"
    assert judge("log it again", hidden=("KEY",)).mend == "log it again"


@pytest.mark.parametrize(
    ("address", "outcome", "copy"),
    [
        ("models:/X/Production", "failed", "models:/CATALOG.SCHEMA.X/NUMBER"),
        ("models:/prod.rag.X/Staging", "failed", "models:/CATALOG.SCHEMA.X/NUMBER"),
        ("models:/X/latest", "failed", "models:/CATALOG.SCHEMA.X/NUMBER"),
        ("models:/prod.rag.X/3", "unknown", "models:/prod.rag.X/3"),
        ("models:/prod.rag.X@champion", "unknown", "models:/prod.rag.X@champion"),
        ("runs:/abc/model", "unknown", "runs:/abc/model"),
    ],
)
def test_a_stage_fails_and_another_address_cannot_be_told(address: str, outcome: str, copy: str) -> None:
    found = judge(address=address)

    assert (found.outcome, address in found.found) == (outcome, True)
    assert f"log it again with artifacts={{'inner': '{copy}'}}" in str(found.mend)


@pytest.mark.parametrize("path", [r"C:\\Users\\me\\vocab.txt", r"data\\vocab.txt", "/home/me/vocab.txt", "vocab.txt"])
def test_a_file_is_to_be_logged_with_the_model_by_its_name(path: str) -> None:
    assert "artifacts={'file': 'vocab.txt'}" in str(judge(file=path).mend)
    assert judge("mend its paths", file=path).mend == "mend its paths"


def test_a_module_is_brought_by_its_package_or_by_all_of_them() -> None:
    assert judge(module="my_lib.inner").mend == "install what it is served with: pip install my-lib==2"
    mend = str(judge(module="sklearn.svm").mend)
    assert "model-ops artifacts 7 --download DIR --stack prod, then pip install -r DIR/requirements.txt" in mend
    assert "pip install sklearn" not in mend
