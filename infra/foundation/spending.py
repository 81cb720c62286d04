"""The budget of a platform: who is told when it costs more than it should."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

import pulumi
from pulumi_azure_native import consumption

from infra.settings.budget_schema import Budget

ALERTS: Mapping[str, tuple[int, Literal["Actual", "Forecasted"]]] = MappingProxyType(
    {"most": (80, "Actual"), "all": (100, "Actual"), "expected": (100, "Forecasted")}
)
"""What is told, by the part of the sum in percent, and whether that is spent or only expected."""


def budget(
    name: str,
    budget_name: str,
    settings: Budget,
    subscription: pulumi.Input[str],
    groups: Sequence[str],
    parent: pulumi.Resource,
) -> consumption.Budget:
    """Make a budget of the `subscription`, by its id, that counts what the resource `groups` cost.

    The machines of clusters are in a group that Databricks makes, so a budget of the stack's own would miss them.
    """
    return consumption.Budget(
        f"{name}-budget",
        scope=subscription,
        budget_name=budget_name,
        amount=settings.amount,
        category=consumption.CategoryType.COST,
        time_grain=consumption.TimeGrainType.MONTHLY,
        time_period=consumption.BudgetTimePeriodArgs(start_date=f"{settings.since}-01T00:00:00Z"),
        filter=consumption.BudgetFilterArgs(
            dimensions=consumption.BudgetComparisonExpressionArgs(
                name="ResourceGroupName", operator=consumption.BudgetOperatorType.IN_, values=list(groups)
            )
        ),
        notifications={
            alert: consumption.NotificationArgs(
                enabled=True,
                operator=consumption.OperatorType.GREATER_THAN_OR_EQUAL_TO,
                threshold=percent,
                threshold_type=kind,
                contact_emails=list(settings.notify),
            )
            for alert, (percent, kind) in ALERTS.items()
        },
        opts=pulumi.ResourceOptions(parent=parent),
    )
