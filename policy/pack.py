"""Hands the rules to Pulumi's library for policies, each as a policy of its own that refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
)
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError

from infra.settings.mistake import SettingsError
from model_ops.urn import Urn
from policy import secret_rules
from policy.circumstances import Circumstances
from policy.finding import refusing
from policy.judgement import of_resource
from policy.resource import Resource
from policy.rule import Rule
from policy.rulebook import RULES
from policy.stack import circumstances

NAME = "rollpin"
BLIND = (secret_rules.no_secret_in_plain_text,)
"""Rules that only give notice here: the engine hands a pack its secrets decrypted, and so like plain text."""


def serve(project: Path) -> None:
    """Serve the pack to the engine that started this process, until that ends; `project` has the stacks' files."""
    known = cache(lambda stack: _known(project, stack))
    PolicyPack(
        name=NAME,
        enforcement_level=EnforcementLevel.MANDATORY,
        policies=[_policy(rule, known) for rule in RULES if not rule.of_removals],
    )


def _policy(rule: Rule, known: Callable[[str], Circumstances | None]) -> ResourceValidationPolicy:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        stack = known(Urn(args.urn).stack)
        if stack is None:
            return
        resource = Resource(type=args.resource_type, name=args.name, inputs=_plain(args.props))
        found = list(of_resource(resource, stack, [rule]))
        for each in refusing(found):
            report(each.message, args.urn)
        if untold := [each for each in found if each.level == "unknown"]:
            raise UnknownValueError(UNKNOWN_STRING_VALUE, [resource.name, untold[0].message])

    level = EnforcementLevel.ADVISORY if rule in BLIND else EnforcementLevel.MANDATORY
    return ResourceValidationPolicy(
        name=rule.name, description=rule.sentence, validate=validate, enforcement_level=level
    )


def _known(project: Path, stack: str) -> Circumstances | None:
    """The stack's circumstances; None where its file has mistakes, for which the program refuses it."""
    try:
        return circumstances(project, stack)
    except SettingsError:
        return None


def _plain(value: Any) -> Any:
    """The inputs without the library's wrapping, which raises where a rule would read what is not known yet."""
    if isinstance(value, Mapping):
        bare: Any = value if isinstance(value, dict) else value["__target"]
        return {key: _plain(each) for key, each in bare.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        wrapper: Any = value
        return [_plain(each) for each in (value if isinstance(value, list) else wrapper["__target"])]
    return value
