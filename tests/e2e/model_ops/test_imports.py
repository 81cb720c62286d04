"""The start-up rule, at run time: a command pays for MLflow and pandas only where it loads, copies or scores."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.model_ops.workplace import Workplace

HEAVY = ("mlflow", "pandas", "pyarrow", "pyspark", "pulumi")
LIGHT = (
    "status",
    "versions --stack local",
    "show 2 --stack local",
    "signature 2 --stack local",
    "mlmodel 2 --stack local",
    "artifacts 2 --stack local",
    "lineage 2 --stack local",
    "compare 1 2 --stack local",
    "check --no-load --stack local",
    "verify --stack local",
    "ask hello --stack local",
    "pin 1 --no-load --stack local",
    "rollback --no-load --stack local",
    "history --stack local",
    "alias list --stack local",
)
RUN = """
import json, sys
from model_ops.cli import main
found = {}
for line in json.loads(sys.argv[1]):
    try:
        main([*line.split(), "--project", sys.argv[2]])
    except SystemExit as ended:
        assert not ended.code, (line, ended.code)
    already = {name for names in found.values() for name in names}
    found[line] = [name for name in json.loads(sys.argv[3]) if name in sys.modules and name not in already]
print(json.dumps(found))
"""


def imported(place: Workplace, *lines: str, python: str | Path = sys.executable) -> dict[str, list[str]]:
    """What of the heavy packages each command is the first to import, all of them run in one process."""
    command = [python, "-c", RUN, json.dumps(lines), str(place.directory), json.dumps(HEAVY)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_no_command_that_only_asks_imports_mlflow_pandas_or_pulumi(place: Workplace) -> None:
    assert imported(place, *LIGHT) == {line: [] for line in LIGHT}


def test_what_loads_no_model_needs_the_plain_requirements_alone(place: Workplace, plain_python: Path) -> None:
    assert imported(place, *LIGHT, python=plain_python) == {line: [] for line in LIGHT}


def test_the_loading_part_of_check_imports_mlflow_in_a_process_of_its_own(place: Workplace) -> None:
    line = "check --stack local"
    assert imported(place, line) == {line: []}


@pytest.mark.parametrize("words", [["--help"], ["score", "--help"], ["promote", "--help"]])
def test_help_imports_nothing_but_click(words: list[str]) -> None:
    script = f"import sys\nfrom model_ops.cli import main\ntry:\n main({words!r})\nexcept SystemExit: pass\n"
    heavy = ("databricks", "httpx", "rich", "yaml", "ruamel", "packaging", *HEAVY)
    script += f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
