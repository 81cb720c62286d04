"""Who may do what on a catalog or a schema, which others share: beside what they gave, or left to them altogether."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from infra.access import grants
from infra.access.access_lists import Privileges
from infra.catalog.catalog_plan import CatalogPlan, SchemaPlan
from infra.proof.claims import Claim


def of_everybody(claim: Claim, plan: CatalogPlan | SchemaPlan) -> Privileges:
    """All privileges that are to be on what the stack holds; raises pulumi.RunError where nobody says what is there."""
    others = claim.claims.others
    return others.beside(claim.thing, plan.privileges) if plan.given else others.left(claim.thing)


def single(
    name: str,
    claim: Claim,
    plan: CatalogPlan | SchemaPlan,
    parent: pulumi.Resource,
    after: Sequence[pulumi.Resource],
    **securable: str,
) -> None:
    """Give the plan's privileges one principal at a time, on what the stack only uses or has only used so far.

    What it gave and now leaves to others stays, and the next run forgets it. Raises pulumi.RunError as `of_everybody`.
    """
    if claim.held and not claim.taking:
        return
    others = claim.claims.others
    each = others.one_by_one(claim.thing, plan.privileges) if plan.given else others.left_one_by_one(claim.thing)
    leaving = claim.taking or not plan.given
    grants.shared(name, each, parent, after, given=plan.privileges, leaving=leaving, **securable)
