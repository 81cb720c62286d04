"""What every stack runs on is known, so that a change of it is previewed in all of them."""

from __future__ import annotations

import pytest

from model_ops.review.changed import program_changed
from tests.unit.project.imports import imports, own


@pytest.mark.parametrize("file", ["infra/program.py", "policy/azure_rules.py", "requirements.txt", "Pulumi.yaml"])
def test_what_every_stack_runs_on_is_the_program(file: str) -> None:
    assert program_changed([file]) == (file,)


@pytest.mark.parametrize("file", ["docs/policy.md", "Pulumi.prod.yaml", "requirements-dev.txt", "tests/infra/x.py"])
def test_all_else_is_none_of_it(file: str) -> None:
    assert program_changed([file]) == ()


def test_all_that_the_program_takes_from_model_ops_is_known() -> None:
    taken = {other for name in imports() if name.startswith("infra.") for other in own(name)}
    files = [f"{name.replace('.', '/')}.py" for name in taken if name.startswith("model_ops.")]
    assert files
    assert sorted(program_changed(files)) == sorted(files)
