"""Writes docs/policy.md from the rules: `python -m policy.reference > docs/policy.md`."""

from __future__ import annotations

import sys
from collections.abc import Collection

from policy.rule import Rule
from policy.rulebook import RULES

HEAD = """\
# What no stack may do

<!-- Written by `make docs` from policy/; a test fails where it is stale. -->

`make preview` and `make up` hold what they would change against these rules, and so does every other door to them: the
workflows, the local stack, the demo. A rule that is broken ends the run with exit code 1 before anything is changed.
[The review](review.md) of a pull request says the same at its top.

## The rules

"""
TAIL = """\

A rule that cannot know says so, and refuses nothing: a value may be known only after something was made, or be kept
encrypted. The rules for production hold where `rollpin:policy` says `production: true`, or where the stack is called so
([settings](settings.md#rollpinpolicy)). What is deleted or replaced is judged by the preview's steps, all else by what
the program wants: also what stays as it is. An `up` whose stack file changes after that, as while it waits for its
answer, ends before anything is changed.

## An exemption

It is a line in the stack's file, with the rule's name, the last day on which it holds, and the reason:

<!-- settings -->
```yaml
config:
  rollpin:policy:
    exemptions:
      production-never-sleeps: {until: "2027-03-31", because: the pilot sleeps at night until its budget is approved}
  rollpin:models:
    chatbot: {catalog: prod, schema: chatbot, servedVersion: 7, endpoint: {scaleToZero: true, inferenceTable: true}}
```

`resources: [chatbot-endpoint]` in it keeps it to some. Preview and review tell it each time. From the day after, the
rule refuses again. A line that nothing needs is told too, and one with a name that is no rule's refuses.

## By Pulumi itself

The folder `policy/` is a policy pack as well. With the released CLI, plain `pulumi` holds a program against the same
functions while it runs, when all values are known:

<!-- needs: the released Pulumi CLI -->
```
make policy-pack
pulumi preview --policy-pack policy
```

The pack has an environment of its own, `.venv/policy`, for Pulumi's library for policies asks for another version of
protobuf than the rest. It sees what the program wants and not what a run takes away, so `nothing-kept-is-lost` is not
in it: that one needs the preview's steps. `no-secret-in-plain-text` only gives notice there, for the engine hands a
pack the encrypted values in plain text. It reads the stacks' files from this checkout, and so is not one to publish.

## A rule of your own

Write a function in one of the modules `policy/*_rules.py`, and a line in `policy/rulebook.py`. Its name is the rule's
name. Its docstring is the sentence that people read: why, and what to type. It gives a text for each thing that
speaks against a resource, and `Untold` where it cannot know:

<!-- code -->
```python
from policy.circumstances import Circumstances
from policy.kinds import ENDPOINT
from policy.resource import Findings, Resource
from policy.rule import on


@on(ENDPOINT)
def names_are_short(endpoint: Resource, stack: Circumstances) -> Findings:
    \"\"\"A long name does not fit into the dashboard: write a shorter `endpoint.name`.\"\"\"
    if len(endpoint.at("name").text) > 20:
        yield "its name has more than 20 characters"
```

`tests/unit/policy/test_rules.py` wants one case that passes and one that is refused. Then: `make docs`.
"""


def reference() -> str:
    """Give the page: every rule with what it is about and the sentence that people read."""
    rows = "\n".join(f"| `{rule.name}` | {_about(rule)} | {_cell(rule.sentence)} |" for rule in RULES)
    return f"{HEAD}| rule | about | why, and what to type |\n|---|---|---|\n{rows}\n{TAIL}"


def _about(rule: Rule) -> str:
    kinds = ", ".join(sorted(_short(kind, rule.kinds) for kind in rule.kinds)) or "every resource"
    return f"what goes: {kinds}" if rule.of_removals else kinds


def _short(kind: str, among: Collection[str]) -> str:
    """The last word of a type; with its module, where another one has the same."""
    last = kind.rsplit(":", 1)[-1]
    alone = sum(other.rsplit(":", 1)[-1] == last for other in among) == 1
    return last if alone else f"{kind.split(':')[1]}.{last}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(reference())
