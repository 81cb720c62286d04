"""What deploys to the cloud, run with what the plain requirements bring and nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.unit.project.test_plain_half import plain_half

REFUSED = """
from pathlib import Path
import model_ops
here = Path("x.csv")
for call in (
    lambda: model_ops.load_model("models:/a.b.c/1"),
    lambda: model_ops.score("models:/a.b.c/1", here, here),
    lambda: model_ops.score_with_spark("models:/a.b.c/1", here, here),
):
    try:
        call()
    except model_ops.ExtraError as error:
        print(str(error).replace(chr(10), " "))
"""


def run(python: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the checkout, on a machine without a `pulumi`."""
    root = Path(__file__).parents[3]
    environment = {"PATH": "/nowhere", "HOME": "/nowhere"}
    return subprocess.run([python, *words], cwd=root, env=environment, capture_output=True, text=True, check=False)


def test_nothing_that_only_an_extra_brings_is_there(plain_python: Path) -> None:
    words = "import importlib.util; print([n for n in ('mlflow', 'pandas', 'fastapi') if importlib.util.find_spec(n)])"
    assert run(plain_python, "-c", words).stdout == "[]\n"


def test_every_module_of_the_plain_half_can_be_imported(plain_python: Path) -> None:
    names = sorted(name for name in plain_half() if not name.endswith("__main__"))
    done = run(plain_python, "-c", "\n".join(f"import {name}" for name in names))
    assert (done.returncode, done.stderr) == (0, "")


def test_a_stack_in_the_cloud_is_looked_at_and_what_it_lacks_is_listed(plain_python: Path) -> None:
    done = run(plain_python, "-m", "engine", "up", "--stack", "prod")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "the Pulumi CLI 3.244.0 or newer: there is no `pulumi` on the PATH" in done.stderr


def test_the_local_stack_says_which_extra_to_install(plain_python: Path) -> None:
    done = run(plain_python, "-m", "engine", "up", "--stack", "local")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert done.stderr.startswith("Error: The local stack needs the extra `rehearse`, of which this is not installed: ")
    assert f"{plain_python} -m pip install --require-hashes -r requirements-rehearse.txt" in done.stderr


def test_the_command_line_has_all_of_its_commands(plain_python: Path) -> None:
    done = run(plain_python, "-m", "model_ops.cli", "score", "--help")
    assert (done.returncode, "Score every row of a file into another." in done.stdout) == (0, True)


def test_what_loads_a_model_says_which_extra_to_install(plain_python: Path) -> None:
    done = run(plain_python, "-c", REFUSED)
    lines = done.stdout.splitlines()
    assert [line.partition(" needs ")[0] for line in lines] == [
        "Loading a model",
        "Scoring a batch",
        "Scoring on Spark",
    ]
    assert [line.rpartition("-r ")[2] for line in lines] == [
        "requirements-scoring.txt",
        "requirements-scoring.txt",
        "requirements-spark.txt",
    ]
    assert "Traceback" not in done.stderr
