"""The MLflow experiment that a model's training runs are recorded in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_databricks as databricks

from infra.access import permissions
from infra.access.access_lists import Level
from infra.proof.claims import Claim
from infra.retention import after, kept


@dataclass(frozen=True, kw_only=True)
class ExperimentArgs:
    """What an experiment is made from."""

    path: str
    claim: Claim
    levels: Mapping[str, Level]
    protect: bool
    leaving: bool = False


class Experiment(pulumi.ComponentResource):
    """An experiment and who may manage it; the folder it is in must exist."""

    experiment_id: pulumi.Output[str]
    experiment_name: pulumi.Output[str]

    def __init__(self, name: str, args: ExperimentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("rollpin:index:Experiment", name, None, opts)
        leaving = args.leaving or args.claim.leaving
        experiment = databricks.MlflowExperiment(
            f"{name}-experiment",
            name=args.path,
            opts=args.claim.onto(kept(self, protect=args.protect, leaving=leaving)),
        )
        args.claim.made(experiment)
        args.claim.replaces({who: (level,) for who, level in args.levels.items()})
        opts_after = args.claim.access_onto(after(self, experiment, leaving=leaving))
        permissions.own(f"{name}-experiment", args.levels, opts_after, experiment_id=experiment.id)
        self.experiment_id = experiment.id
        self.experiment_name = pulumi.Output.from_input(args.path)
        self.register_outputs({"experiment_id": self.experiment_id, "experiment_name": self.experiment_name})
