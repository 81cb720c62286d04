"""The settings of what no stack may do: whether it is for production, which tags it needs, what it is exempt from."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import Field

from infra.settings.frozen import YES_NO, Frozen
from infra.settings.value_rules import Comment, Day, PolicyName, ResourceName, TagKey

PRODUCTION = re.compile(r"(?i)(?<!pre[-_.])(?<!non[-_.])(?<![a-z0-9])prod(?:uction)?(?![a-z0-9])")
"""How production is called where a stack's file says nothing: `prod`, `Prod-EU`, `team_production`, not `pre-prod`."""


class Leave(Frozen):
    """Something that a stack may do until a day, and for a reason."""

    until: Day = Field(description="a day, as a text in quotes", examples=['"2027-03-31"'])
    """The last day on which it holds. From the day after, the rule refuses again."""
    because: Comment = Field(description="a text", examples=["the pilot sleeps at night until its budget is approved"])
    """Why, for whoever reviews it. The review and the preview show it."""


class Exemption(Leave):
    """One rule of the policy pack that a stack need not follow, until a day and for a reason."""

    resources: tuple[ResourceName, ...] = Field(
        default=(), description="a list of resources' names: [chatbot-endpoint]", examples=["[chatbot-endpoint]"]
    )
    """The resources that it is for, by the names that a preview shows. Left out: all of the stack."""


class Policy(Frozen):
    """What the policy pack must know of the stack. Its rules are in [policy.md](policy.md)."""

    production: bool | None = Field(default=None, description=YES_NO, examples=["true"])
    """Whether others rely on what it serves: then the rules for production hold too. Left out: `true` where `prod` or
    `production` is the stack's name or a word in it, as in `prod-eu`; `pre-prod` and `non-prod` are none.
    """
    required_tags: tuple[TagKey, ...] = Field(
        default=("environment",),
        description="a list of tags' names: [environment, team]",
        examples=["[environment, team]", "environment"],
    )
    """The tags that all that can be tagged must have. They are asked for only where `rollpin:protect` holds.
    Left out: `[environment]`.
    """
    exemptions: Mapping[PolicyName, Exemption] = Field(
        default={},
        description='a mapping of rules to exemptions: {no-public-storage: {until: "2027-03-31", because: pilot}}',
        examples=[
            '{no-public-storage: {until: "2027-03-31", because: pilot}}',
            '{until: "2027-03-31", because: pilot}',
        ],
    )
    """What the stack is exempt from, by the rule's name: one line each."""
    person_creates: Leave | None = Field(
        default=None,
        description="a mapping with the keys until and because",
        examples=['{until: "2027-03-31", because: the pilot has no service principal yet}'],
    )
    """Until when, and why, a person may create an endpoint of the stack, whose identity it keeps for ever. It is asked
    for only where `rollpin:protect` holds. Left out: a service principal alone may, as the workflows sign in.
    """

    def is_production(self, stack: str) -> bool:
        """Whether the rules for production hold for `stack`."""
        return bool(PRODUCTION.search(stack)) if self.production is None else self.production
