"""Reads what the rules must know of a stack from the files of its project."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from infra.settings.load import load
from infra.settings.mistake import SettingsError
from infra.settings.schema import Settings
from model_ops.stack import LOCAL
from policy.circumstances import Circumstances, Exemption


def circumstances(project: Path, stack: str, today: date | None = None) -> Circumstances:
    """Give the circumstances of `stack`; without a day those of today, in UTC.

    Raises SettingsError where the stack's file has mistakes; another stack's file that has some is passed over, for its
    own preview says so.
    """
    settings = load(project / f"Pulumi.{stack}.yaml", stack)
    production = settings.policy.is_production(stack)
    return Circumstances(
        stack=stack,
        today=today or datetime.now(UTC).date(),
        production=production,
        protected=settings.protect,
        required_tags=settings.policy.required_tags,
        elsewhere=_elsewhere(project, stack) if production else {},
        replaceable=frozenset(
            model.endpoint_name(name) for name, model in settings.models.items() if model.endpoint.replace
        ),
        owners=frozenset(str(model.owner) for model in settings.models.values() if model.owner),
        exemptions={
            rule: Exemption(until=date.fromisoformat(each.until), because=each.because, resources=each.resources)
            for rule, each in settings.policy.exemptions.items()
        },
    )


def _elsewhere(project: Path, stack: str) -> Mapping[str, str]:
    """The catalogs of other environments and of their models: another production stack may share those of this one.

    That of the local stack is in its sandbox.
    """
    found: dict[str, str] = {}
    for file in sorted(project.glob("Pulumi.*.yaml")):
        other = file.name.removeprefix("Pulumi.").removesuffix(".yaml")
        settings = _readable(file, other) if other not in (stack, LOCAL) else None
        if settings and not settings.policy.is_production(other):
            found |= {model.catalog: other for model in settings.models.values()}
            found |= dict.fromkeys(settings.catalogs, other)
    return found


def _readable(file: Path, stack: str) -> Settings | None:
    try:
        return load(file, stack)
    except SettingsError:
        return None
