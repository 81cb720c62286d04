"""What holds of a production stack beyond all others: it answers at once, it can be looked into, it stands alone."""

from __future__ import annotations

from policy.circumstances import Circumstances
from policy.endpoint_rules import entities, is_model, label, name_of
from policy.kinds import ENDPOINT
from policy.resource import Findings, Resource, Untold
from policy.rule import on


@on(ENDPOINT)
def production_never_sleeps(endpoint: Resource, stack: Circumstances) -> Findings:
    """The first request after a pause would wait for a machine: write `scaleToZero: false`."""
    for entity in entities(endpoint) if stack.production else ():
        sleeps = entity.at("scaleToZeroEnabled")
        if sleeps.is_untold:
            yield Untold(sleeps.path)
        elif is_model(entity) and sleeps.text.lower() != "false":
            yield f"served entity {label(entity)} scales to zero"


@on(ENDPOINT)
def production_keeps_requests(endpoint: Resource, stack: Circumstances) -> Findings:
    """Without the table nobody can say afterwards what was asked and answered: write `inferenceTable: true`."""
    if not stack.production:
        return
    table = endpoint.at("aiGateway", "inferenceTableConfig", "enabled")
    former = endpoint.at("config", "autoCaptureConfig", "enabled")
    if "true" in (table.text.lower(), former.text.lower()):
        return
    if untold := next((each for each in (table, former) if each.is_untold), None):
        yield Untold(untold.path)
    else:
        yield "it has no inference table"


@on(ENDPOINT)
def production_serves_its_own_catalog(endpoint: Resource, stack: Circumstances) -> Findings:
    """Whoever trains in the other environment could change what serves here: name a catalog of this stack's own.

    `model-ops promote` brings the version there.
    """
    for entity in entities(endpoint) if stack.production else ():
        name = name_of(entity)
        if name.is_untold:
            yield Untold(name.path)
        elif other := stack.elsewhere.get(name.text.partition(".")[0]):
            yield f"served entity {label(entity)} is {name.text}, in the catalog of stack {other}"
