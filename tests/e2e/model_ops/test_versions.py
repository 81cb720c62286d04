"""What people read in the web pages, each by one command, on the real chatbot versions."""

import pytest
from databricks.sdk import WorkspaceClient

from tests.e2e.model_ops.workplace import FULL_NAME, MODEL, Workplace


def test_every_version_is_listed_with_what_the_stack_and_the_endpoint_say(place: Workplace) -> None:
    listed = {each["version"]["number"]: each for each in place.json("versions")}
    assert list(listed) == [3, 2, 1]
    assert (listed[2]["roles"], listed[2]["traffic"]) == (["pinned"], 100)
    assert (listed[1]["roles"], listed[1]["traffic"]) == ([], None)
    assert {each["version"]["status"] for each in listed.values()} == {"READY"}
    assert all(each["run"]["metrics"]["report_hit_rate_at_1"] > 0 for each in listed.values())
    assert all(each["version"]["created"].endswith("Z") for each in listed.values())


def test_the_table_shows_the_metric_that_was_asked_for_and_no_other(place: Workplace) -> None:
    result = place.run("versions", "--metric", "report_hit_rate_at_3")
    assert result.exit_code == 0
    assert "report_hit_rate_at_3" in result.stdout
    assert "report_hit_rate_at_1" not in result.stdout


def test_one_version_is_shown_whole(place: Workplace) -> None:
    result = place.run("show", "2")
    assert result.exit_code == 0
    words = (
        "2 of local.chatbot",
        "READY",
        "langchain",
        "python_function",
        "mlflow==",
        "conda",
        "virtualenv",
        "model uuid",
    )
    assert [word for word in words if word not in result.stdout] == []
    assert "description    People ask in other inflections" in result.stdout


def test_the_signature_is_a_table_and_json(place: Workplace) -> None:
    table = place.run("signature", "2").stdout
    assert "messages[].content" in table
    assert place.json("signature", "2")["outputs"] == [{"type": "string", "required": True}]


def test_the_mlmodel_file_comes_as_it_is(place: Workplace) -> None:
    result = place.run("mlmodel", "2")
    assert result.stdout.startswith("artifact_path: ")
    assert "utc_time_created" in place.json("mlmodel", "2")


def test_the_files_are_listed_with_their_sizes_and_downloaded_whole(place: Workplace, tmp_path: object) -> None:
    listed = {each["path"]: each["size"] for each in place.json("artifacts", "2")}
    assert {"MLmodel", "code/index.json", "requirements.txt"} <= listed.keys()
    target = place.directory / ".sandbox" / "downloaded"
    assert place.run("artifacts", "2", "--download", str(target)).exit_code == 0
    found = {str(path.relative_to(target)): path.stat().st_size for path in target.rglob("*") if path.is_file()}
    assert found == listed
    again = place.run("artifacts", "2", "--download", str(target))
    assert (again.exit_code, "holds something already" in again.output) == (1, True)


def test_the_lineage_goes_from_version_to_data_and_back_from_the_run(place: Workplace) -> None:
    trail = place.json("lineage", "2")
    run = trail["run"]
    assert run["parameters"]["version"] == "7"
    assert {data["context"] for data in run["datasets"]} == {"training", "tuning", "report"}
    assert trail["experiment"]["name"] == f"/Shared/rollpin-local-{MODEL}"
    assert trail["links"]["run"].endswith(run["run_id"])
    for run_id in (run["run_id"], run["run_id"][:8]):
        back = place.json("lineage", "--run", run_id)
        assert (FULL_NAME, 2) in [(each["version"]["model"], each["version"]["number"]) for each in back]
        assert {each["run"]["run_id"] for each in back} == {run["run_id"]}


def test_a_comparison_names_what_changed_in_three_forms(place: Workplace) -> None:
    found = place.run("compare", "1", "2", "--format", "json")
    assert '"level": "compatible"' in found.stdout
    table, markdown = (place.run("compare", "1", "2", "--format", form).stdout for form in ("table", "markdown"))
    assert "report_hit_rate_at_1" in table
    assert "| stems | False | True |" in markdown
    assert "code/index.json" in table
    assert "__pycache__" not in table


@pytest.mark.parametrize("command", ["show", "signature", "mlmodel", "artifacts", "lineage"])
def test_a_version_that_does_not_exist_is_one_message_with_those_that_do(place: Workplace, command: str) -> None:
    result = place.run(command, "99")
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert "99" in result.stderr
    assert result.stdout == ""


def test_a_run_in_the_trash_ends_no_trail_but_is_said_to_be_there(place: Workplace) -> None:
    client = WorkspaceClient(host=place.home.url, token=place.home.token, auth_type="pat")
    run_id = place.json("lineage", "1")["run"]["run_id"]
    client.experiments.delete_run(run_id)
    try:
        result = place.run("lineage", "1")
        listed = place.json("versions")
    finally:
        client.experiments.restore_run(run_id)
    assert result.exit_code == 0
    assert "its run is in the trash: restore it there while it can be" in result.stdout
    assert [each["run"]["deleted"] for each in listed] == [False, False, True]
