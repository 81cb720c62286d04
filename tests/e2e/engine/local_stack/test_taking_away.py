"""What `destroy` leaves of the local stack: the last file of the directory, for it takes the versions with it."""

from databricks.sdk import WorkspaceClient

from tests.e2e.engine.local_stack.deployed_stack import Rehearsal


def test_destroy_takes_everything_away_and_up_makes_it_anew(rehearsal: Rehearsal) -> None:
    rehearsal.settle(2)
    client = WorkspaceClient(host=rehearsal.home.url, token=rehearsal.home.token, auth_type="pat")
    outcome = rehearsal.stack.run("destroy")
    assert outcome.error is None
    assert [endpoint.name for endpoint in client.serving_endpoints.list()] == []
    assert rehearsal.model_servers() == set()
    rehearsal.edit("      servedVersion: 2\n", "")
    assert rehearsal.stack.run("up").error is None
