from __future__ import annotations

import json

import pytest

from sandbox.serving.config_update import Deployment, Update
from sandbox.serving.deployment_document import document, from_file, to_file
from sandbox.serving.served_config import Config, Entity, EntityState, Route

NOW = 1_700_000_000_000


def config(*versions: int, **fields) -> Config:
    entities = tuple(
        Entity(
            fields={"name": f"m-v{version}", "entity_name": "a.b.m", "entity_version": str(version), **fields},
            model_dir=f"/models/{version}",
        )
        for version in versions
    )
    routes = tuple(Route(entity.name, 100 if entity is entities[0] else 0) for entity in entities)
    return Config(entities=entities, routes=routes)


def ready(deployment: Deployment) -> Deployment:
    for entity in deployment.pending.entities:
        deployment = deployment.with_status(entity.identity, EntityState.READY)
    return deployment


def serving(*versions: int) -> Deployment:
    return ready(Deployment().begin(config(*versions), now=NOW)).switched()


def test_an_update_leaves_the_active_config_until_it_switches():
    begun = serving(6).begin(config(7), now=NOW)
    assert (begun.update, begun.ready) == (Update.RUNNING, True)
    assert [entity.name for entity in begun.active.entities] == ["m-v6"]
    switched = ready(begun).switched()
    assert ([entity.name for entity in switched.active.entities], switched.pending) == (["m-v7"], None)
    assert (switched.update, switched.active.version) == (Update.NONE, 2)


def test_a_config_equal_to_the_active_one_is_no_update():
    failed = serving(6).begin(config(7), now=NOW).failed()
    again = failed.begin(config(6), now=NOW)
    assert (again.update, again.pending) == (Update.NONE, None)
    assert again.active == failed.active


def test_entities_that_serve_already_are_ready_in_the_pending_config():
    pending = serving(6).begin(config(7, 6), now=NOW).pending
    assert [entity.state for entity in pending.entities] == [EntityState.CREATING, EntityState.READY]


@pytest.mark.parametrize("change", [{"environment_vars": {"A": "1"}}, {"entity_name": "a.b.n"}])
def test_entities_that_differ_in_what_they_run_are_not_the_same(change):
    [entity] = serving(6).begin(config(6, **change), now=NOW).pending.entities
    assert entity.state is EntityState.CREATING


def test_a_change_of_other_fields_alone_is_an_update_that_starts_nothing():
    begun = serving(6).begin(config(6, workload_size="Medium"), now=NOW)
    assert (begun.update, begun.pending.entities[0].state) == (Update.RUNNING, EntityState.READY)


def test_a_failed_update_aborts_what_was_starting_and_touches_nothing_else():
    before = serving(6)
    begun = before.begin(config(7, 8, 6), now=NOW)
    identity = begun.pending.entities[1].identity
    failed = begun.with_status(identity, EntityState.FAILED, "no index").failed()
    assert (failed.active, failed.update, failed.ready) == (before.active, Update.FAILED, True)
    states = [entity.state for entity in failed.pending.entities]
    assert states == [EntityState.ABORTED, EntityState.FAILED, EntityState.READY]


def test_what_becomes_of_the_servers_later_does_not_change_what_is_told_of_a_failure():
    failed = serving(6).begin(config(7, 6), now=NOW).failed()
    later = failed.with_status(failed.active.entities[0].identity, EntityState.RECOVERING)
    assert later.pending == failed.pending
    assert not later.ready


def test_a_restart_finds_what_served_recovering_and_a_running_update_at_its_beginning():
    interrupted = ready(serving(6).begin(config(7, 6), now=NOW)).interrupted()
    assert [entity.state for entity in interrupted.active.entities] == [EntityState.RECOVERING]
    assert [e.state for e in interrupted.pending.entities] == [EntityState.CREATING, EntityState.RECOVERING]
    assert interrupted.update is Update.RUNNING


def test_versions_count_on_after_a_failure():
    failed = serving(6).begin(config(7), now=NOW).failed()
    assert failed.begin(config(8), now=NOW).pending.version == 3


def test_the_document_shows_public_fields_and_no_directory():
    shown = document(serving(6).begin(config(7, workload_size="Small"), now=NOW))
    assert shown["state"] == {"ready": "READY", "config_update": "IN_PROGRESS"}
    [entity] = shown["pending_config"]["served_entities"]
    assert entity["workload_size"] == "Small"
    assert entity["state"] == {"deployment": "DEPLOYMENT_CREATING", "deployment_state_message": ""}
    assert shown["pending_config"]["start_time"] == NOW
    assert "start_time" not in shown["config"]
    assert "/models" not in json.dumps(shown)


def test_an_endpoint_without_a_config_is_not_ready():
    shown = document(Deployment().begin(config(7), now=NOW).failed())
    assert shown["state"] == {"ready": "NOT_READY", "config_update": "UPDATE_FAILED"}
    assert shown["config"] is None


def test_a_file_gives_back_what_was_written():
    for deployment in (Deployment(), serving(6), serving(6).begin(config(7, 6), now=NOW).failed()):
        assert from_file(json.loads(json.dumps(to_file(deployment)))) == deployment
