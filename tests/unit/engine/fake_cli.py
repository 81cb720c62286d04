"""A `pulumi` that leaves the record of a preview which the test gives, as the released CLI does."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

STACK = "urn:pulumi:prod::rollpin::pulumi:pulumi:Stack::rollpin-prod"


def unchanged(urn: str, **inputs: Any) -> dict[str, Any]:
    """The event of a resource that stays as it is."""
    return _event("same", urn, old=inputs, new=inputs)


def deleted(urn: str, **inputs: Any) -> dict[str, Any]:
    """The event of a resource that is deleted."""
    return _event("delete", urn, old=inputs, new=None)


def cli(path: Path, then: str, events: Sequence[Mapping[str, Any]] = ()) -> None:
    """Write the program: it copies the record to where `--event-log` says, and then does what else is said."""
    record = path.with_suffix(".events")
    record.write_text("".join(f"{json.dumps(each)}\n" for each in events))
    script = f"""\
        #!/bin/sh
        echo "$@" >> '{path.with_suffix(".calls")}'
        previous=
        for word in "$@"; do
            [ "$previous" = --event-log ] && [ -s '{record}' ] && cp '{record}' "$word"
            previous=$word
        done
        """
    path.write_text(f"{textwrap.dedent(script)}{then}\n")
    path.chmod(0o700)


def _event(operation: str, urn: str, old: Mapping[str, Any], new: Mapping[str, Any] | None) -> dict[str, Any]:
    kind = urn.split("::")[-2]
    states = {
        side: None if inputs is None else {"type": kind, "urn": urn, "inputs": inputs}
        for side, inputs in (("old", old), ("new", new))
    }
    step = {"op": operation, "urn": urn, "type": kind, "provider": "p", **states}
    return {"sequence": 1, "timestamp": 1, "resourcePreEvent": {"metadata": step}}
