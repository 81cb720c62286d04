"""Writes docs/model-ops.md from the commands' own help: `python -m model_ops.cli.reference > docs/model-ops.md`."""

from __future__ import annotations

from collections.abc import Iterator

import click

from model_ops.cli import main
from model_ops.cli.output import echo

WIDTH = 100
HEAD = """\
# model-ops

<!-- Written by `make docs` from the commands' own help; a test fails where it is stale. -->

`model-ops` does around a served model what people did by clicking. It asks a stack's engine what is pinned, and the
stack's workspace what serves; of the repository it writes `Pulumi.<stack>.yaml` only: the pin, and with `adopt` an
entry. It finds a stack by `--stack`, or by `--target FILE` with what `pulumi stack output --json` printed. Credentials
come from the environment, or from the profile for the workspace's address in `~/.databrickscfg`; for the stack `local`,
the sandbox's token is found by itself.

Data goes to stdout and words to stderr. Exit code 0 means done, 1 refused or failed, 2 misuse. What changes something
shows its plan first, and acts with `--yes`.

A shell completes commands, options, stacks, models and versions after one line in its start-up file. For bash that is
`~/.bashrc`, for zsh `~/.zshrc` (behind `compinit`), for fish `~/.config/fish/completions/model-ops.fish`:

```sh
eval "$(_MODEL_OPS_COMPLETE=bash_source .venv/bin/model-ops)"
eval "$(_MODEL_OPS_COMPLETE=zsh_source .venv/bin/model-ops)"
_MODEL_OPS_COMPLETE=fish_source .venv/bin/model-ops | source
```

Where the shell starts elsewhere than in the checkout, write the path of `model-ops` in full. What is completed comes
from the stacks' files alone: no engine and no workspace is asked.

What the commands print, as it came: [model-ops at work](model-ops-at-work.md). How to go back at night:
[rollback](rollback.md). All of it is a library too: `from model_ops import …`, whose names are in
`model_ops/__init__.py`.
"""


def reference() -> str:
    """Give the page: every command with its help, in the order of the list."""
    return "\n".join([HEAD, *_sections(main, click.Context(main, info_name="model-ops", **main.context_settings))])


def _sections(group: click.Group, context: click.Context) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None:
            continue
        inner = click.Context(command, info_name=name, parent=context, terminal_width=WIDTH)
        yield f"## {inner.command_path}\n\n```\n{command.get_help(inner)}\n```\n"
        if isinstance(command, click.Group):
            yield from _sections(command, inner)


if __name__ == "__main__":
    echo(reference(), nl=False)
