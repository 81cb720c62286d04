"""What the Pulumi engine runs."""

import os
from pathlib import Path

import pulumi

from infra.interruption import end_quietly
from infra.program import provision
from infra.refusal import said_once
from model_ops.commands import SANDBOX_VARIABLE, Commands

end_quietly()
with said_once():
    if os.environ.get(SANDBOX_VARIABLE, "").strip():
        stack = pulumi.get_stack()
        raise pulumi.RunError(
            f"{SANDBOX_VARIABLE} is set, so that a sandbox is to stand for this stack's workspace; plain `pulumi` "
            f"would reach the workspace itself. No resource was touched.\n"
            f"  mend:    {Commands(stack=stack).up}, which rehearses; or, for the workspace itself: "
            f"unset {SANDBOX_VARIABLE}"
        )
    provision(Path(pulumi.get_root_directory()))
