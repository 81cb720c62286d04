"""The only contract between the two halves of Rollpin: what a stack says about itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from model_ops.served import Canary, Expected

LET_GO = "let go"
"""Of an endpoint that nothing protects any more: the next `up` takes it down, or replaces it."""


@dataclass(frozen=True, kw_only=True)
class TargetModel:
    """One model of a stack: what is pinned, never what is served."""

    name: str
    full_name: str
    endpoint_name: str
    endpoint_url: str | None
    pinned_version: int | None
    warm_versions: tuple[int, ...]
    canary: Canary | None
    run_id: str | None
    experiment_name: str
    replacing: str | None = None
    """How far a change is that needs another endpoint: LET_GO, or `now`; None where none does."""
    retired: str | None = None
    """How far a retired model is: LET_GO, or its endpoint is `down`; None of one that is not retired."""

    @property
    def expected(self) -> Expected | None:
        """What the endpoint must serve; None while nothing is pinned."""
        if self.pinned_version is None:
            return None
        return Expected(
            endpoint=self.endpoint_name,
            model=self.full_name,
            version=self.pinned_version,
            canary=self.canary,
            warm=self.warm_versions,
        )


@dataclass(frozen=True, kw_only=True)
class Target:
    """A stack, its workspace's address and its models by name."""

    stack: str
    workspace_url: str
    models: Mapping[str, TargetModel]
    let_go: tuple[str, ...] = ()
    """What the stack made and is only to use from now on: the next `up` forgets it, and leaves it where it is."""

    @property
    def unfinished(self) -> tuple[str, ...]:
        """What another `up` is needed for, in words."""
        retired = [each.endpoint_name for each in self.models.values() if each.retired == LET_GO]
        taken_down = [f"takes down {', '.join(retired)}"] if retired else []
        replaced = [each.endpoint_name for each in self.models.values() if each.replacing == LET_GO]
        replacing = [f"replaces {', '.join(replaced)}"] if replaced else []
        forgotten = [f"forgets {', '.join(self.let_go)}"] if self.let_go else []
        return (*taken_down, *replacing, *forgotten)

    @classmethod
    def from_outputs(cls, stack: str, outputs: Mapping[str, Any]) -> Target:
        """Read the outputs of `pulumi stack output --json`; raises KeyError where one is missing."""
        models = {name: _model(name, value) for name, value in outputs["models"].items()}
        let_go = tuple(outputs.get("let_go") or ())
        return cls(stack=stack, workspace_url=outputs["workspace_url"], models=models, let_go=let_go)


def _model(name: str, value: Mapping[str, Any]) -> TargetModel:
    canary = value["canary"]
    pinned = value["pinned_version"]
    return TargetModel(
        name=name,
        full_name=value["full_name"],
        endpoint_name=value["endpoint_name"],
        endpoint_url=value["endpoint_url"],
        pinned_version=None if pinned is None else int(pinned),
        warm_versions=tuple(int(version) for version in value["warm_versions"]),
        canary=Canary(version=int(canary["version"]), percent=int(canary["percent"])) if canary else None,
        run_id=value["run_id"],
        experiment_name=value["experiment_name"],
        replacing=value.get("replacing"),
        retired=value.get("retired"),
    )
