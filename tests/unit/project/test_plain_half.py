"""What deploys to the cloud imports nothing that only an extra brings: read from the code."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Iterator, Mapping

from packaging.utils import canonicalize_name

from tests.requirement_files import pinned
from tests.unit.project.imports import at_start, imports

ENTRANCES = ("engine.__main__", "engine.cloud_stack", "infra", "model_ops")
"""What a deploying job runs; of a package, each of its modules."""
LOADING = {
    "model_ops.checks.load_model",
    "model_ops.pinning.promotion",
    "model_ops.report",
    "model_ops.scoring",
    "model_ops.workspace.mlflow_errors",
}
"""Where MLflow, pandas, Arrow, Spark, Jinja and Matplotlib are used, inside functions and behind `extras.require`."""


def plain_half() -> set[str]:
    """The modules that are imported with the entrances, as soon as those are."""
    todo = [name for name in imports() if name.startswith(tuple(f"{each}." for each in ENTRANCES)) or name in ENTRANCES]
    found: set[str] = set()
    while todo:
        if (name := todo.pop()) not in found:
            found.add(name)
            todo += [other for other in at_start()[name] if other in imports()]
    return found


def foreign(modules: Mapping[str, frozenset[str]], names: set[str]) -> Iterator[tuple[str, str]]:
    """Each import of something that the plain requirements do not bring, with who imports it."""
    plain, homes = pinned("requirements.txt"), importlib.metadata.packages_distributions()
    for name in names:
        for other in modules[name] - imports().keys():
            top = other.partition(".")[0]
            brought = {canonicalize_name(home) for home in homes.get(top, [])}
            if top not in sys.stdlib_module_names and not brought & plain.keys():
                yield name, top


def test_the_plain_half_imports_nothing_that_only_an_extra_brings() -> None:
    half = plain_half()

    assert {"infra.program", "model_ops.cli.proving", "model_ops.scoring.score", "engine.pulumi_cli"} <= half
    assert sorted(foreign(at_start(), half)) == []


def test_the_plain_half_imports_nothing_of_the_sandbox_or_the_local_stack() -> None:
    engine = {"engine", "engine.__main__", "engine.cloud_stack", "engine.go_module", "engine.pulumi_cli"}
    beyond = {name for name in plain_half() if name.partition(".")[0] not in {"infra", "model_ops", "policy"}}

    of_previews = {"engine.cloud_preview", "engine.policies", "engine.preview_document", "engine.steps"}
    around = {"engine.azure_task", "engine.interruption", "engine.protection", "engine.released_plugin"}
    assert beyond - engine == {*around, *of_previews}


def test_what_loads_a_model_is_imported_in_the_rooms_that_ask_for_it_first() -> None:
    half = {name for name in imports() if name.startswith(("infra", "model_ops"))}
    rooms = {next((room for room in LOADING if name.startswith(room)), name) for name, _ in foreign(imports(), half)}

    assert rooms == LOADING


def test_a_local_stack_needs_more_than_the_plain_requirements() -> None:
    assert ("sandbox.lifecycle", "psutil") in set(foreign(at_start(), {"sandbox.lifecycle"}))
    assert ("sandbox.workspace.app", "fastapi") in set(foreign(at_start(), {"sandbox.workspace.app"}))
