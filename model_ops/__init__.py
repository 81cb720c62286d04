"""What people did by clicking, around the models that a stack serves.

Names are imported when they are first used: `infra` and `model-ops --help` need no more than the standard library here.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model_ops.checks.check import check_version
    from model_ops.checks.report import Check, CheckReport
    from model_ops.deployed import DeployedStack
    from model_ops.drift.difference import Difference, Drift
    from model_ops.drift.drift import find_drift
    from model_ops.errors import (
        AbsentError,
        AzureError,
        BootstrapError,
        CheckError,
        EventError,
        ExtraError,
        ForbiddenError,
        ForgeError,
        GitError,
        HistoryError,
        ModelError,
        ModelOpsError,
        PinError,
        PlanError,
        ReadOnlyError,
        RequestError,
        RowsError,
        SignatureError,
        SparkError,
        StackError,
        TemplateError,
        UnsignedError,
        UnsureError,
        VersionError,
        WorkspaceError,
    )
    from model_ops.history.intervals import Served
    from model_ops.history.timeline import Entry, entry_at, read_timeline
    from model_ops.pinning.in_force import Setting, read_settings
    from model_ops.pinning.plan import PinPlan, apply_pin, commit_pin, plan_pin
    from model_ops.pinning.promotion import Promotion, copy_version, plan_promoted_pin, plan_promotion
    from model_ops.pinning.rollback import plan_rollback
    from model_ops.pinning.warming import WarmPlan, WarmVersion, list_warm, plan_warm
    from model_ops.proving.answer import Answer
    from model_ops.proving.asking import Input, ask_endpoint, make_request, read_input
    from model_ops.proving.probe import Probe
    from model_ops.proving.status import StackStatus, drift_between, stack_statuses
    from model_ops.proving.verify import Proof, verify_deployed, verify_stack
    from model_ops.report.page import report_page
    from model_ops.report.picture import Picture
    from model_ops.report.survey import survey_stacks
    from model_ops.scoring.loaded_model import LoadedModel, load_model
    from model_ops.scoring.score import Scored, score
    from model_ops.scoring.spark_score import score_with_spark
    from model_ops.served import Canary, Expected, Verdict, judge
    from model_ops.signatures.compatibility import Compatibility, compare
    from model_ops.signatures.signature import Signature
    from model_ops.target import Target, TargetModel
    from model_ops.versions.aliases import delete_alias, list_aliases, move_after_rollout, set_alias
    from model_ops.versions.comparison import Comparison, compare_versions
    from model_ops.versions.detail import VersionDetail, describe_version, mlmodel_text, read_mlmodel
    from model_ops.versions.lineage import Lineage, trace_lineage, versions_of_run
    from model_ops.versions.listing import ListedVersion, list_versions
    from model_ops.versions.version import Dataset, Experiment, File, Run, Version
    from model_ops.workspace.client import Workspace
    from model_ops.workspace.mlflow_session import signed_in

__all__ = [
    "AbsentError",
    "Answer",
    "AzureError",
    "BootstrapError",
    "Canary",
    "Check",
    "CheckError",
    "CheckReport",
    "Comparison",
    "Compatibility",
    "Dataset",
    "DeployedStack",
    "Difference",
    "Drift",
    "Entry",
    "EventError",
    "Expected",
    "Experiment",
    "ExtraError",
    "File",
    "ForbiddenError",
    "ForgeError",
    "GitError",
    "HistoryError",
    "Input",
    "Lineage",
    "ListedVersion",
    "LoadedModel",
    "ModelError",
    "ModelOpsError",
    "Picture",
    "PinError",
    "PinPlan",
    "PlanError",
    "Probe",
    "Promotion",
    "Proof",
    "ReadOnlyError",
    "RequestError",
    "RowsError",
    "Run",
    "Scored",
    "Served",
    "Setting",
    "Signature",
    "SignatureError",
    "SparkError",
    "StackError",
    "StackStatus",
    "Target",
    "TargetModel",
    "TemplateError",
    "UnsignedError",
    "UnsureError",
    "Verdict",
    "Version",
    "VersionDetail",
    "VersionError",
    "WarmPlan",
    "WarmVersion",
    "Workspace",
    "WorkspaceError",
    "apply_pin",
    "ask_endpoint",
    "check_version",
    "commit_pin",
    "compare",
    "compare_versions",
    "copy_version",
    "delete_alias",
    "describe_version",
    "drift_between",
    "entry_at",
    "find_drift",
    "judge",
    "list_aliases",
    "list_versions",
    "list_warm",
    "load_model",
    "make_request",
    "mlmodel_text",
    "move_after_rollout",
    "plan_pin",
    "plan_promoted_pin",
    "plan_promotion",
    "plan_rollback",
    "plan_warm",
    "read_input",
    "read_mlmodel",
    "read_settings",
    "read_timeline",
    "report_page",
    "score",
    "score_with_spark",
    "set_alias",
    "signed_in",
    "stack_statuses",
    "survey_stacks",
    "trace_lineage",
    "verify_deployed",
    "verify_stack",
    "versions_of_run",
]

_HOMES = {
    "versions.aliases": "delete_alias list_aliases move_after_rollout set_alias",
    "proving.answer": "Answer",
    "checks.check": "check_version",
    "checks.report": "Check CheckReport",
    "versions.comparison": "Comparison compare_versions",
    "signatures.compatibility": "Compatibility compare",
    "deployed": "DeployedStack",
    "drift.difference": "Difference Drift",
    "drift.drift": "find_drift",
    "errors": "AbsentError AzureError BootstrapError CheckError EventError ExtraError ForbiddenError ForgeError"
    " GitError HistoryError ModelError ModelOpsError PinError PlanError ReadOnlyError RequestError RowsError"
    " SignatureError SparkError StackError TemplateError UnsignedError UnsureError VersionError WorkspaceError",
    "history.intervals": "Served",
    "versions.lineage": "Lineage trace_lineage versions_of_run",
    "scoring.loaded_model": "LoadedModel load_model",
    "workspace.mlflow_session": "signed_in",
    "pinning.in_force": "Setting read_settings",
    "pinning.plan": "PinPlan apply_pin commit_pin plan_pin",
    "proving.asking": "Input ask_endpoint make_request read_input",
    "proving.probe": "Probe",
    "pinning.promotion": "Promotion copy_version plan_promoted_pin plan_promotion",
    "pinning.rollback": "plan_rollback",
    "pinning.warming": "WarmPlan WarmVersion list_warm plan_warm",
    "report.page": "report_page",
    "report.picture": "Picture",
    "report.survey": "survey_stacks",
    "scoring.score": "Scored score",
    "served": "Canary Expected Verdict judge",
    "signatures.signature": "Signature",
    "scoring.spark_score": "score_with_spark",
    "proving.status": "StackStatus drift_between stack_statuses",
    "target": "Target TargetModel",
    "history.timeline": "Entry entry_at read_timeline",
    "proving.verify": "Proof verify_deployed verify_stack",
    "versions.version": "Dataset Experiment File Run Version",
    "versions.detail": "VersionDetail describe_version mlmodel_text read_mlmodel",
    "versions.listing": "ListedVersion list_versions",
    "workspace.client": "Workspace",
}
"""The names of each module; a test holds that they are those above."""
_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """Import a public name from its module; raises AttributeError for any other."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return list(__all__)
