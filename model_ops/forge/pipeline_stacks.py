"""The one file of Azure DevOps' pipelines that names the stacks; they can read no other before they begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

FILE = ".azuredevops/stacks.yml"
HEAD = """\
# The stacks, in the order in which they are deployed, each with those before it. Azure Pipelines lays out its stages
# before it can read a file, so this is the one place that repeats what the stack files say; a test holds it to them.
# Written by: model-ops stacks --pipelines
parameters:
  - name: pipeline
    type: string
  - name: stack
    type: string
    default: ""
  - name: stacks
    type: object
    default:
"""
TAIL = """\

stages:
  - template: ${{ parameters.pipeline }}
    parameters:
      stacks: ${{ parameters.stacks }}
      ${{ if ne(parameters.stack, '') }}:
        stack: ${{ parameters.stack }}
"""


def text(order: Sequence[str], after: Mapping[str, str | None]) -> str:
    """The text of the file for stacks in the order of deployment; `after` is the stack that each names."""
    behind: dict[str, list[str]] = {}
    for name in order:
        before = after.get(name)
        behind[name] = [*behind[before], before] if before is not None and before in behind else []
    lines = [f'      - {{name: "{name}", behind: [{_listed(those)}]}}\n' for name, those in behind.items()]
    return HEAD + "".join(lines) + TAIL


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
