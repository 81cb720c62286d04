"""All steps of a bootstrap, in order. Pure: it asks nobody."""

from __future__ import annotations

from model_ops.bootstrap.facts import Facts
from model_ops.bootstrap.identity_steps import identity_steps
from model_ops.bootstrap.role_steps import role_steps
from model_ops.bootstrap.state_steps import state_steps
from model_ops.bootstrap.step import AnyStep


def steps(facts: Facts) -> tuple[AnyStep, ...]:
    """Give the steps: the place of the state, then the identities, then what they may do."""
    return (*state_steps(facts), *identity_steps(facts), *role_steps(facts))
