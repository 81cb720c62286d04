"""The stack files that come with Rollpin are those that `init` may write over."""

from __future__ import annotations

from model_ops.forge import pipeline_stacks
from model_ops.stack import stack_names
from model_ops.template.record import SHIPPED, digest


def test_init_knows_the_stack_files_that_come_with_rollpin(root):
    files = [*(f"Pulumi.{name}.yaml" for name in stack_names(root)), pipeline_stacks.FILE]
    found = {file: digest((root / file).read_bytes()) for file in files}
    assert dict(SHIPPED) == found, "write the new digests into model_ops/template/record.py"
