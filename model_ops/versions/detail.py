"""One version whole: what the registry says, what MLflow logged with it, its files and its run."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property

from model_ops.deployed import DeployedStack
from model_ops.errors import VersionError, WorkspaceError
from model_ops.served import Endpoint
from model_ops.target import TargetModel
from model_ops.versions.listing import Role, roles_of
from model_ops.versions.mlmodel import NAME, MlModel
from model_ops.versions.requirement import NAME as REQUIREMENTS
from model_ops.versions.requirement import RequirementLine, included, of_conda, read_requirements
from model_ops.versions.resources import Resource
from model_ops.versions.served_with import served_with
from model_ops.versions.version import File, Run, Version
from model_ops.workspace.files import ModelFiles
from model_ops.workspace.registry import Registry
from model_ops.workspace.tracking import Tracking

VARIABLES = "environment_variables.txt"
MOST = 10
"""Environment files that are read: some may include others."""


@dataclass(frozen=True, kw_only=True)
class VersionDetail:
    """All that is known of one version."""

    version: Version
    roles: tuple[Role, ...]
    mlmodel: MlModel
    files: tuple[File, ...]
    environments: Mapping[str, str]
    """The text of each environment file by its path: conda, virtualenv, requirements, variables."""
    run: Run | None
    """None where the version names no run, or one that is gone; `run_problem` says which."""
    run_problem: str | None = None
    served_with: Mapping[str, str] = field(default_factory=dict)
    """What the endpoint serves it with, in words; empty where it is not deployed."""
    resources: tuple[Resource, ...] = ()
    """What it declares to use while it answers."""

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(file.size for file in self.files)

    @cached_property
    def requirement_lines(self) -> tuple[RequirementLine, ...]:
        """What it is served with, as pip reads it; of a model without requirements.txt what its conda file says."""
        if REQUIREMENTS in self.environments:
            return read_requirements(self.environments)
        conda = self.environments.get(self.mlmodel.environments.get("conda", ""), "")
        return read_requirements({REQUIREMENTS: of_conda(conda)})

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables that MLflow saw it read when it was logged, with an example of its input."""
        lines = [line.strip() for line in self.environments.get(VARIABLES, "").splitlines()]
        return tuple(line for line in lines if line and not line.startswith("#"))

    @property
    def requirements(self) -> tuple[str, ...]:
        """The Python packages that it is served with, one requirement each."""
        return tuple(line.text for line in self.requirement_lines if not line.constraint)


def describe_version(stack: DeployedStack, model: TargetModel, number: int) -> VersionDetail:
    """Read one version whole; raises VersionError where it or its MLmodel file does not exist, and WorkspaceError."""
    return describe(stack, model, Registry(stack.workspace).version(model.full_name, number))


def describe(stack: DeployedStack, model: TargetModel, version: Version) -> VersionDetail:
    """Read the rest of a version that the registry has told of already; raises VersionError and WorkspaceError."""
    number = version.number
    files = ModelFiles(stack.workspace, model.full_name, number)
    with ThreadPoolExecutor(4) as pool:
        tree = pool.submit(files.tree)
        run = pool.submit(_run, stack, version)
        endpoint = pool.submit(_endpoint, stack, model)
        mlmodel = read_mlmodel(stack, model, number)
    found, problem = run.result()
    return VersionDetail(
        version=version,
        roles=roles_of(model, number),
        mlmodel=mlmodel,
        files=tree.result(),
        environments=_environments(files, mlmodel, tree.result()),
        run=found,
        run_problem=problem,
        served_with=served_with(endpoint.result(), model.full_name, number),
        resources=mlmodel.declared.resources,
    )


def mlmodel_text(stack: DeployedStack, model: TargetModel, number: int) -> str:
    """Give a version's MLmodel file as it is; raises VersionError where there is none, and WorkspaceError."""
    Registry(stack.workspace).version(model.full_name, number)
    return ModelFiles(stack.workspace, model.full_name, number).read(NAME).decode(errors="replace")


def read_mlmodel(stack: DeployedStack, model: TargetModel, number: int) -> MlModel:
    """Read a version's MLmodel file; raises VersionError where there is none or it is no such file."""
    return _mlmodel(stack, model.full_name, number)


def declared(stack: DeployedStack, version: Version) -> tuple[Resource, ...]:
    """What a version declares to use; nothing where its MLmodel file cannot be read."""
    try:
        return _mlmodel(stack, version.model, version.number).declared.resources
    except (VersionError, WorkspaceError):
        return ()


def _mlmodel(stack: DeployedStack, full_name: str, number: int) -> MlModel:
    text = ModelFiles(stack.workspace, full_name, number).read(NAME).decode(errors="replace")
    return MlModel.parse(text, f"version {number} of {full_name}")


def _endpoint(stack: DeployedStack, model: TargetModel) -> Endpoint | None:
    """The endpoint, None where there is none, or none that this identity may see: the version is told without it."""
    try:
        return stack.workspace.endpoint(model.endpoint_name)
    except WorkspaceError:
        return None


def _run(stack: DeployedStack, version: Version) -> tuple[Run | None, str | None]:
    if version.run_id is None:
        return None, "it was registered without a run"
    try:
        return Tracking(stack.workspace).run(version.run_id), None
    except VersionError as error:
        return None, error.headline


def _environments(files: ModelFiles, mlmodel: MlModel, tree: tuple[File, ...]) -> dict[str, str]:
    there = {file.path for file in tree}
    found: dict[str, str] = {}
    wanted = [*mlmodel.environments.values(), REQUIREMENTS, VARIABLES]
    while len(found) < MOST and (new := [path for path in dict.fromkeys(wanted) if path in there - found.keys()]):
        found |= {path: files.read(path).decode(errors="replace") for path in new}
        wanted = [*included(read_requirements(found))]
    return found
