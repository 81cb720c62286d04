"""databricks:index/mlflowExperiment:MlflowExperiment."""

from __future__ import annotations

from types import MappingProxyType

from engine.stand_in.attributes import Attribute, Values
from engine.stand_in.failures import NotFoundError
from engine.stand_in.projection import body_of
from engine.stand_in.resource_type import Api, Deadline, Live, ResourceType, Update
from engine.stand_in.resources.securable import COUNT, OUTPUT

EXPERIMENTS = "/api/2.0/mlflow/experiments"
TAG = {"key": Attribute(), "value": Attribute()}


def same_place(name: str) -> str:
    """Take a workspace path with and without `/Workspace` before it for one."""
    return name.removeprefix("/Workspace").removesuffix("/")


FACTS = MappingProxyType(
    {
        "name": Attribute(same=same_place),
        "artifactLocation": Attribute(computed=True, replaces=True),
        "description": Attribute(write_only=True),
        # MLflow adds tags of its own, and no update sends any.
        "tags": Attribute(kind="set", fields=TAG, key=lambda tag: tag.get("key"), write_only=True),
        "creationTime": COUNT,
        "experimentId": OUTPUT,
        "lastUpdateTime": COUNT,
        "lifecycleStage": OUTPUT,
    }
)


def _create(api: Api, inputs: Values, _deadline: Deadline) -> str:
    sent = {name: value for name, value in inputs.items() if name != "description"}
    return str(api.call("POST", f"{EXPERIMENTS}/create", body=body_of(FACTS, sent))["experiment_id"])


def _read(api: Api, experiment_id: str, _state: Values) -> Live:
    experiment = api.call("GET", f"{EXPERIMENTS}/get", query={"experiment_id": experiment_id})["experiment"]
    if experiment.get("lifecycle_stage") == "deleted":
        raise NotFoundError(f"experiment {experiment_id} is deleted")
    return Live(experiment)


def _update(api: Api, update: Update) -> None:
    if "name" in update.changed:
        body = {"experiment_id": update.id, "new_name": update.new["name"]}
        api.call("POST", f"{EXPERIMENTS}/update", body=body)


def _delete(api: Api, experiment_id: str, _state: Values) -> None:
    api.call("POST", f"{EXPERIMENTS}/delete", body={"experiment_id": experiment_id})


EXPERIMENT = ResourceType(
    type="databricks:index/mlflowExperiment:MlflowExperiment",
    noun="experiment",
    schema=FACTS,
    create=_create,
    read=_read,
    update=_update,
    delete=_delete,
    unsent=frozenset({"description", "tags"}),
)
