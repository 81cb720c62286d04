"""All checks of a version: every one is made and reported, not just the first that fails."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

from model_ops.checks.access import check_access
from model_ops.checks.artifacts import check_artifacts
from model_ops.checks.environment import check_environment
from model_ops.checks.loading import check_loading, untried
from model_ops.checks.report import Check, CheckReport, failed, passed
from model_ops.checks.resources import check_resources
from model_ops.checks.secrets_check import check_secrets
from model_ops.checks.signature import check_compatible, check_complete
from model_ops.commands import Commands
from model_ops.deployed import DeployedStack
from model_ops.errors import VersionError
from model_ops.served import serving, traffic_of
from model_ops.target import TargetModel
from model_ops.versions.detail import VersionDetail, describe, read_mlmodel
from model_ops.versions.mlmodel import MlModel
from model_ops.versions.version import READY, Version
from model_ops.workspace.files import ModelFiles
from model_ops.workspace.registry import Registry

EXISTS, REGISTERED, FILES = "exists", "ready", "artifacts"


def check_version(stack: DeployedStack, model: TargetModel, number: int, *, loading: bool = True) -> CheckReport:
    """Check whether version `number` may be served; without `loading` it is neither downloaded nor run.

    Raises WorkspaceError where the workspace does not answer.
    """
    try:
        version = Registry(stack.workspace).version(model.full_name, number)
    except VersionError as error:
        return _report(stack, model, number, [failed(EXISTS, error.headline, _instead(stack, model))])
    checks = [
        passed(EXISTS, f"registered by {version.created_by or 'somebody'}"),
        _registered(version, stack.commands_for(model)),
    ]
    try:
        detail = describe(stack, model, version)
    except VersionError as error:
        mend = f"register it again: mlflow.register_model('runs:/{version.run_id}/…', '{model.full_name}')"
        checks += [failed(FILES, error.headline, mend), check_access(stack, model)]
        return _report(stack, model, number, checks)
    return _report(stack, model, number, [*checks, *_of_detail(stack, model, detail, loading=loading)])


def _instead(stack: DeployedStack, model: TargetModel) -> str:
    """Propose what serves, then what was proven to serve: the newest version may not load."""
    found = serving(stack.workspace.endpoint(model.endpoint_name), model.full_name)
    now = f"version {found[0]} serves now; " if found else ""
    return f"{now}name one that was proven to serve: {stack.commands_for(model).model_ops('history')} lists them"


def _of_detail(stack: DeployedStack, model: TargetModel, detail: VersionDetail, *, loading: bool) -> list[Check]:
    mlmodel, number = detail.mlmodel, detail.version.number
    slow: list[Future[Check] | Future[Check | None]] = []
    artifacts = check_artifacts(mlmodel, detail.files)
    with ThreadPoolExecutor(5) as pool:
        if loading:
            files = ModelFiles(stack.workspace, model.full_name, number)
            slow.append(pool.submit(check_loading, files, detail, stack.commands_for(model), artifacts.mend))
        else:
            slow.append(pool.submit(untried, detail))
        paths = [file.path for file in detail.files]
        slow.append(pool.submit(check_environment, detail.requirement_lines, paths, mlmodel.python_version))
        slow.append(pool.submit(check_access, stack, model))
        slow.append(pool.submit(check_secrets, stack, model, number))
        slow.append(pool.submit(check_resources, stack, model, mlmodel.declared))
        served, serving = _serving(stack, model)
        quick = [check_complete(mlmodel), check_compatible(mlmodel, served, serving), artifacts]
    return [*quick, *(check for each in slow if (check := each.result()) is not None)]


def _registered(version: Version, commands: Commands) -> Check:
    if version.status == READY:
        return passed(REGISTERED, "its registration is complete")
    said = f" ({version.status_message})" if version.status_message else ""
    return failed(
        REGISTERED,
        f"it is {version.status}{said}; only a READY version serves",
        f"wait for its registration to end ({commands.model_ops('versions')}), or register it again",
    )


def _serving(stack: DeployedStack, model: TargetModel) -> tuple[MlModel | None, int | None]:
    """The MLmodel file and the number of the version that takes most of the traffic; None where nothing serves."""
    shares = traffic_of(stack.workspace.endpoint(model.endpoint_name) or {}, model.full_name)
    if not any(shares.values()):
        return None, None
    number = max(shares, key=lambda version: shares[version])
    try:
        return read_mlmodel(stack, model, number), number
    except VersionError:
        return None, None  # what serves was deleted from the registry: there is nothing left to compare with


def _report(stack: DeployedStack, model: TargetModel, number: int, checks: list[Check]) -> CheckReport:
    return CheckReport(stack=stack.label, model=model.full_name, number=number, checks=tuple(checks))
