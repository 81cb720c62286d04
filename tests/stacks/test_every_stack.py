"""Each stack of this repository, whatever it is and whatever it pins by now: the program takes it and makes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from infra.settings.load import load
from infra.settings.schema import Model
from model_ops.stack import stack_names
from tests.stacks.recorded import PROJECT, WORKSPACE_URL, Stack, version

Run = Callable[..., Stack]


def versions(models: dict[str, Model]) -> dict[str, list[dict[str, object]]]:
    """Every version up to the last that is deployed, of each model that deploys one."""
    deployed = {
        f"{m.catalog}.{m.schema_name}.{m.model or name}": m.versions for name, m in models.items() if m.versions
    }
    return {name: [version(number) for number in range(1, numbers[-1] + 1)] for name, numbers in deployed.items()}


@pytest.mark.parametrize("stack", stack_names(PROJECT))
def test_a_stack_of_this_repository_makes_an_endpoint_for_each_of_its_pins(run: Run, stack: str) -> None:
    settings = load(PROJECT / f"Pulumi.{stack}.yaml", stack)
    models = dict(settings.models)
    host = "" if settings.platform and settings.platform.adopt else f"https://{WORKSPACE_URL}"

    made = run(stack, versions(models), host=host)

    pinned = [name for name, model in models.items() if model.served_version and not model.retired]
    assert len(made.of("ModelServing")) == len(pinned)
    assert made.outputs["models"].keys() == models.keys()
