"""The stack files that come with Rollpin are those that `init` may write over."""

from __future__ import annotations

from model_ops.stack import stack_names
from model_ops.template.record import SHIPPED, digest


def test_init_knows_the_stack_files_that_come_with_rollpin(root):
    found = {f"Pulumi.{name}.yaml": digest((root / f"Pulumi.{name}.yaml").read_bytes()) for name in stack_names(root)}
    assert dict(SHIPPED) == found, "write the new digests into model_ops/template/record.py"
