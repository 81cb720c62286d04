"""The local stack on the real engine: what `up` changes, what it leaves alone, and what it must not claim.

The sandbox holds three versions: 1 and 2 serve, 3 is registered and READY but does not load.
"""

import stat
from collections.abc import Iterator

import pytest
from databricks.sdk import WorkspaceClient

from model_ops.pinning import pins
from model_ops.proving.answer import ask, bearer
from tests.e2e.engine.local_stack.deployed_stack import MODEL, Rehearsal

CANARY = "\n      canary: {version: 1, percent: 20}"
WARM = "\n      warmVersions: [1, 2]"


@pytest.fixture
def serving(rehearsal: Rehearsal) -> Iterator[Rehearsal]:
    """The stack as each test finds it: version 2 pinned, deployed and proven, nothing warm, no canary."""
    rehearsal.settle(2)
    text = rehearsal.file.read_text()
    yield rehearsal
    rehearsal.file.write_text(text)


def client(rehearsal: Rehearsal) -> WorkspaceClient:
    return WorkspaceClient(host=rehearsal.home.url, token=rehearsal.home.token, auth_type="pat")


def answering(rehearsal: Rehearsal) -> int | None:
    url = f"{rehearsal.home.url}/serving-endpoints/{rehearsal.endpoint}/invocations"
    return ask(url, bearer(rehearsal.home.token), "What is a pin?").version


def test_an_up_with_nothing_to_do_changes_nothing(serving: Rehearsal) -> None:
    outcome = serving.stack.run("up")
    assert outcome.error is None
    assert set(outcome.changes) == {"same"}
    assert answering(serving) == 2


def test_a_rollback_is_exactly_one_update_and_preview_says_so_beforehand(serving: Rehearsal) -> None:
    pins.pin(serving.file, MODEL, 1)
    planned = serving.stack.run("preview")
    assert answering(serving) == 2
    done = serving.stack.run("up")
    assert {**planned.changes, "same": 0} == {**done.changes, "same": 0} == {"update": 1, "same": 0}
    paths = {change.path for change in planned.recorder.steps[-1].changes}
    assert "config.servedEntities[0].entityVersion" in paths
    assert (serving.verdict().served, answering(serving)) == (True, 1)


def test_a_version_that_does_not_exist_is_refused_before_anything_is_touched(serving: Rehearsal) -> None:
    pins.pin(serving.file, MODEL, 99)
    for operation in ("preview", "up"):
        outcome = serving.stack.run(operation)
        assert outcome.error is not None
        assert "99" in outcome.error
        # It is another sandbox than a checkout's own: its file and its commands are named, and what serves.
        assert (
            f"in {serving.file}, write `2`, which serves now, at rollpin:models.{MODEL}.servedVersion" in outcome.error
        )
        assert f"model-ops history --stack local --project {serving.home.root}" in outcome.error
        assert "Traceback" not in outcome.error
        assert outcome.recorder.steps == []
    assert answering(serving) == 2


def test_a_version_that_does_not_load_fails_every_up_and_the_old_one_goes_on(serving: Rehearsal) -> None:
    pins.pin(serving.file, MODEL, 3)
    for _ in range(2):
        outcome = serving.stack.run("up")
        assert outcome.error is not None
        assert answering(serving) == 2
    assert serving.verdict().serving == "version 2"


def test_drift_made_behind_its_back_is_shown_by_preview_and_mended_by_up(serving: Rehearsal) -> None:
    serving.deploy_by_hand(1)
    assert answering(serving) == 1
    planned = serving.stack.run("preview")
    assert planned.changes["update"] == 1
    assert serving.stack.run("up").error is None
    assert answering(serving) == 2


def test_a_refresh_reads_the_drift_into_the_state_and_changes_nothing_served(serving: Rehearsal) -> None:
    client(serving).serving_endpoints.patch(serving.endpoint, delete_tags=["model_version"])
    outcome = serving.stack.run("refresh")
    assert outcome.error is None
    assert any("model_version" in line for step in outcome.recorder.steps for line in step.lines())
    assert answering(serving) == 2
    assert serving.stack.run("up").changes["update"] == 1


def test_a_canary_takes_its_share_and_verify_wants_exactly_that(serving: Rehearsal) -> None:
    serving.edit("servedVersion: 2", f"servedVersion: 2{CANARY}")
    assert serving.stack.run("up").error is None
    assert serving.verdict().traffic == {1: 20, 2: 80}
    assert serving.verdict().served


def test_going_back_to_a_warm_version_changes_routes_and_starts_no_server(serving: Rehearsal) -> None:
    serving.edit("servedVersion: 2", f"servedVersion: 2{WARM}")
    assert serving.stack.run("up").error is None
    before = serving.model_servers()
    assert len(before) == 2
    pins.pin(serving.file, MODEL, 1)
    flip = serving.stack.run("up")
    assert flip.error is None
    changed = {change.path for step in flip.recorder.steps for change in step.changes if step.operation == "update"}
    assert not any("servedEntities" in path for path in changed)
    assert (answering(serving), serving.model_servers()) == (1, before)


def test_the_token_is_in_no_file_of_the_state(serving: Rehearsal) -> None:
    written = [path for path in (serving.home.root / "state").rglob("*") if path.is_file()]
    assert written
    assert not [path for path in written if serving.home.token.encode() in path.read_bytes()]


def test_all_that_a_used_sandbox_keeps_is_readable_by_its_owner_alone(serving: Rehearsal) -> None:
    """Logs, locks, databases, artifacts, the engine's state and the copy of the project among it."""
    kept = {path: stat.S_IMODE(path.lstat().st_mode) for path in serving.home.root.rglob("*")}

    names = {path.relative_to(serving.home.root).parts[0] for path in kept}
    assert {"lock", "stack.lock", "logs", "artifacts", "mlflow.db", "workspace.db", "state", "project"} <= names
    assert [path for path in kept if path.suffix == ".log" and path.parent.parent.name == "logs"]
    assert {path: oct(mode) for path, mode in kept.items() if mode not in {0o600, 0o700}} == {}
