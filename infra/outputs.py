"""What a stack says of itself when it is deployed; `python -m infra.outputs > docs/outputs.md` writes its page."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import MappingProxyType

OF_STACK: Mapping[str, str] = MappingProxyType(
    {
        "stack": "the stack's name",
        "workspace_url": "the address of its workspace",
        "adopt": "what the file of another stack in that workspace says below `rollpin:platform`: `host` and "
        "`resourceId`; nothing where the environment names the workspace",
        "models": "each entry of the stack's file by its name, with the outputs below",
        "owned": "what this stack made or took over, and so may change and delete",
        "used": "what this stack only uses: it is somebody else's",
        "principals": "everybody whom its file names, who were there: the next `up` looks up new ones alone",
        "given": "the privileges that its access lists gave on what others share, so that it takes back no others",
        "let_go": "what it made and is only to use from now on: the next `up` forgets it, and leaves it where it is",
    }
)
"""The outputs of the whole stack, and what each means."""

OF_MODEL: Mapping[str, str] = MappingProxyType(
    {
        "full_name": "the registered model's name in three parts",
        "endpoint_name": "the serving endpoint's name",
        "endpoint_url": "where the endpoint is asked; nothing while nothing is pinned",
        "pinned_version": "the version that is pinned; nothing while none is",
        "warm_versions": "the versions that are kept deployed and ready",
        "canary": "a second `version`, and the `percent` of the traffic that it takes; nothing where there is none",
        "run_id": "the run that the pinned version was trained in, where the registry knows it",
        "experiment_name": "the path of the experiment of its training",
        "retired": "of a retired model `let go`, until the next `up` takes its endpoint down, and then `down`",
        "replacing": "of an endpoint that a change replaces `let go`, until the next `up` does it, and then `now`",
    }
)
"""The outputs of one model, and what each means."""

HEAD = """\
# Outputs

<!-- Written by `make docs` from infra/outputs.py; a test fails where it is stale. -->

What `pulumi stack output --json` prints of a stack. It says what is *pinned*, never what serves: after an `up` that
failed it may be ahead of the truth, or behind it. What serves is asked of the workspace, by `model-ops verify`.

`model-ops` reads no more of a stack than this; `--target FILE` takes it from a file, where the engine cannot be asked.
"""


def page() -> str:
    """Give the page: every output of a stack, then every one of a model."""
    return f"{HEAD}\n## Of the stack\n\n{_table(OF_STACK)}\n## Of each model\n\n{_table(OF_MODEL)}"


def _table(outputs: Mapping[str, str]) -> str:
    rows = "".join(f"| `{name}` | {meaning} |\n" for name, meaning in outputs.items())
    return f"| output | what it is |\n|---|---|\n{rows}"


if __name__ == "__main__":
    sys.stdout.write(page())
