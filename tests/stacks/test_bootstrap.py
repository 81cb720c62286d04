"""What a bootstrap gets ready in a subscription, held against what the program makes there."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from model_ops.bootstrap.gathering import gather
from model_ops.bootstrap.state_steps import OF_THE_STATE
from tests.stacks.recorded import Stack

PROJECTS = Path(__file__).parent / "projects"
SAID = {"subscription": "22222222-2222-2222-2222-222222222222", "repository": "acme/assistants"}
IN_EVERY_SUBSCRIPTION = {"authorization", "resources"}
"""Modules of the provider whose namespaces need no registration."""
CALLED_OTHERWISE = {"monitor": "insights", "privatedns": "network"}
"""Modules of the provider that are not called as Azure's namespace is."""


@pytest.mark.parametrize("stack", ["classic", "serverless"])
def test_each_resource_provider_of_a_platform_is_registered(
    run: Callable[..., Stack], stack: str, tmp_path: Path
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: rollpin\n")
    shutil.copy(PROJECTS / f"Pulumi.{stack}.yaml", tmp_path)
    facts = gather(stack, tmp_path, SAID, serving=False, making=False)
    registered = {each.lower() for each in (*OF_THE_STATE, *facts.providers)}

    types = [each.type for each in run(stack, project=PROJECTS).custom if each.type.startswith("azure-native:")]
    modules = {each.split(":")[1] for each in types} - IN_EVERY_SUBSCRIPTION
    assert {f"microsoft.{CALLED_OTHERWISE.get(each, each)}" for each in modules} <= registered
    assert {"storage", "databricks"} <= modules
