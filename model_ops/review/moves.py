"""What a change of pins does, in the field's words: roll forward, rollback, canary, standby."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from model_ops.review.review import Move, Pinned


def moves(before: Pinned | None, after: Pinned | None, served: Collection[int] = ()) -> tuple[Move, ...]:
    """Say what becomes of a model, the weightiest first; `served` are the versions that served before.

    Going to an older version is a rollback. Going back to a newer one that served before is none, as `rollback` has it:
    whoever goes back twice must not end where it began.
    """
    return tuple(_moves(before, after, frozenset(served)))


def _moves(before: Pinned | None, after: Pinned | None, served: frozenset[int]) -> Iterator[Move]:
    if after is None:
        if before is not None:
            yield Move(kind="entry removed", sentence="the entry goes from the file", before=_pin(before))
        return
    if before is None and after.version is None:
        yield Move(kind="entry added", sentence="the entry is new, and pins no version yet")
        return
    if after.retired and not (before and before.retired):
        yield Move(kind="retired", sentence="its endpoint is taken down; model and versions stay", before=_pin(before))
        return
    if before and before.retired and not after.retired:
        yield Move(kind="revived", sentence=f"it is served again, by version {after.version}", after=_pin(after))
    yield from _pin_moves(before, after, served)
    yield from _canary_moves(before, after)
    yield from _standby_moves(before, after)


def _pin_moves(before: Pinned | None, after: Pinned, served: frozenset[int]) -> Iterator[Move]:
    old, new = before.version if before else None, after.version
    if old == new:
        return
    ends = {"before": _pin(before), "after": _pin(after)}
    if new is None:
        yield Move(kind="unpinned", sentence=f"version {old} is no longer pinned, and nothing else is", **ends)
    elif old is None:
        yield Move(kind="first deployment", sentence=f"version {new} is the first that is pinned", **ends)
    elif before and before.canary == new:
        share = f"{before.percent} %" if before.percent else "its share"
        yield Move(kind="canary promoted", sentence=f"version {new} had {share} of the traffic and gets all", **ends)
    elif new < old:
        why = "it served before" if new in served else "it is older"
        yield Move(kind="rollback", sentence=f"from version {old} back to version {new}: {why}", **ends)
    else:
        how = f"forward again to version {new}: it served before" if new in served else f"to the newer version {new}"
        yield Move(kind="roll forward", sentence=f"from version {old} {how}", **ends)


def _canary_moves(before: Pinned | None, after: Pinned) -> Iterator[Move]:
    old, new = (_canary(before), _canary(after))
    if old == new:
        return
    ends = {"before": old, "after": new}
    if not old:
        yield Move(kind="canary started", sentence=f"version {after.canary} gets {after.percent} % of it", **ends)
    elif not new:
        if before and before.canary != after.version:
            yield Move(kind="canary ended", sentence=f"version {before.canary} gets none of it any more", **ends)
    else:
        yield Move(kind="canary moved", sentence=f"from {old} to {new}", **ends)


def _standby_moves(before: Pinned | None, after: Pinned) -> Iterator[Move]:
    old, new = set(before.warm if before else ()), set(after.warm)
    for version in sorted(new - old):
        yield Move(kind="standby added", sentence=f"version {version} is kept ready", after=str(version))
    for version in sorted(old - new):
        yield Move(kind="standby removed", sentence=f"version {version} is no longer kept ready", before=str(version))


def _pin(side: Pinned | None) -> str:
    return str(side.version) if side and side.version is not None else ""


def _canary(side: Pinned | None) -> str:
    return f"version {side.canary} at {side.percent} %" if side and side.canary else ""
