"""A `pulumi` that tells the events of a preview which the test gives, as the released CLI does where it is asked to."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

STACK = "urn:pulumi:prod::rollpin::pulumi:pulumi:Stack::rollpin-prod"


def unchanged(urn: str, **inputs: Any) -> dict[str, Any]:
    """The event of a resource that stays as it is."""
    return step("same", urn, old=inputs, new=inputs)


def refusal(message: str) -> dict[str, Any]:
    """The event of an error, in the engine's colours."""
    return {"diagnosticEvent": {"message": f"<{{%reset%}}>{message}<{{%reset%}}>", "color": "raw", "severity": "error"}}


def deleted(urn: str, **inputs: Any) -> dict[str, Any]:
    """The event of a resource that is deleted."""
    return step("delete", urn, old=inputs, new=None)


def cli(
    path: Path, events: Sequence[Mapping[str, Any]], code: int = 0, *, said: str = "", working: str = "true"
) -> None:
    """Write the program: it prints the events where it is asked for them, a line each, and ends with a code.

    Where it is asked for anything else, it prints what it has to say and runs what the shell calls `working`.
    """
    words = path.with_suffix(".said")
    words.write_text(said)
    lines = path.with_suffix(".events")
    lines.write_text("".join(f"{json.dumps({'sequence': 1, 'timestamp': 1, **each})}\n" for each in events))
    script = f"""\
        #!/bin/sh
        echo "$@" >> '{path.with_suffix(".calls")}'
        if [ "$PULUMI_ENABLE_STREAMING_JSON_PREVIEW" ]; then cat '{lines}'; else cat '{words}' >&2; {working}; fi
        exit {code}
        """
    path.write_text(textwrap.dedent(script))
    path.chmod(0o700)


def step(operation: str, urn: str, old: Mapping[str, Any], new: Mapping[str, Any] | None) -> dict[str, Any]:
    """The event of a step of the engine."""
    kind = urn.split("::")[-2]
    states = {
        side: None if inputs is None else {"type": kind, "urn": urn, "inputs": inputs}
        for side, inputs in (("old", old), ("new", new))
    }
    metadata = {"op": operation, "urn": urn, "type": kind, "provider": "p", **states}
    return {"resourcePreEvent": {"metadata": metadata}}
