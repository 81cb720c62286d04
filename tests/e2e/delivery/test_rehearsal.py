"""A stack's own file on a sandbox that stands for its workspace."""

from __future__ import annotations

import pytest

from tests.e2e.delivery.delivery import Delivery

OTHER = """\
config:
  rollpin:platform:
    adopt:
      host: https://adb-3333333333333333.3.azuredatabricks.net
      resourceId: /subscriptions/{nobody}/resourceGroups/rg-other/providers/Microsoft.Databricks/workspaces/dbw-other
  rollpin:models:
    other: {catalog: other, schema: serving, endpoint: {name: other}}
""".replace("{nobody}", "33333333-3333-3333-3333-333333333333")
pytestmark = pytest.mark.timeout(1200)


def test_every_run_says_what_stands_for_the_workspace_and_what_was_made_for_it(delivery: Delivery) -> None:
    log = delivery.runs[0].ended().log("deploy (test) / up")

    home = delivery.homes["test"].root
    assert f"the sandbox in {home} stands for the workspace of stack test (ROLLPIN_SANDBOX)" in log
    assert "made for the rehearsal, as the stack uses what others have made: test" in log
    assert f"up of stack test on {delivery.homes['test'].url}" in log
    assert "adb-1111111111111111" not in log


def test_the_proof_for_machines_names_the_sandbox_that_stood_for_the_workspace(delivery: Delivery) -> None:
    told = delivery.command("-m", "model_ops.cli", "verify", "--stack", "test", "--json", stack="test")

    assert f'"rehearsed_on": "{delivery.homes["test"].root}"' in told


def test_one_sandbox_may_stand_for_several_stacks_each_with_a_state_of_its_own(delivery: Delivery) -> None:
    clone, stacks = delivery.repository.clone, delivery.homes["prod"].root / "stacks"
    other = clone / "Pulumi.other.yaml"
    other.write_text(OTHER)
    try:
        told = delivery.command("-m", "engine", "preview", "--stack", "other", stack="prod")
    finally:
        other.unlink()

    assert "made for the rehearsal, as the stack uses what others have made: other" in told
    assert "+ create   Schema             other.serving-schema" in told
    assert all((stacks / stack / "state").is_dir() for stack in ("prod", "other"))
