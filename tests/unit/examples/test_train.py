import pytest
from click.testing import CliRunner

from examples.chatbot import train


@pytest.mark.parametrize(
    ("written", "numbers"), [("7", [7]), ("6,7", [6, 7]), ("1-3", [1, 2, 3]), ("1-2, 8", [1, 2, 8])]
)
def test_versions_are_written_as_people_write_them(written, numbers):
    assert train.numbers(written) == numbers


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--versions", "10"], "'10' is not among the versions 1 to 9"),
        (["--versions", "7-6"], "'7-6' is not among the versions 1 to 9"),
        (["--versions", "latest"], "'latest' is neither a number nor a range such as 1-7"),
        (["--versions", "7.0"], "'7.0' is neither a number nor a range such as 1-7"),
        (["--model", "chatbot"], "'chatbot' is not catalog.schema.model"),
    ],
)
def test_a_misused_command_ends_with_2_and_one_message(arguments, message):
    result = CliRunner().invoke(train.main, arguments, env={"MLFLOW_TRACKING_URI": "http://127.0.0.1:9"})
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


NOWHERE = {
    "MLFLOW_TRACKING_URI": None,
    "DATABRICKS_HOST": None,
    "DATABRICKS_RUNTIME_VERSION": None,
    "DATABRICKS_CONFIG_FILE": "/nowhere",
}


@pytest.mark.parametrize("address", [None, "databricks"])
def test_without_a_tracking_server_nothing_is_trained(address):
    result = CliRunner().invoke(train.main, [], env={**NOWHERE, "MLFLOW_TRACKING_URI": address})
    assert (result.exit_code, result.stdout) == (1, "")
    assert "It is not set where to train to: start the sandbox with `make sandbox`" in result.stderr


@pytest.mark.parametrize(
    "where",
    [
        {"MLFLOW_TRACKING_URI": "http://127.0.0.1:9"},
        {"MLFLOW_TRACKING_URI": "databricks", "DATABRICKS_HOST": "http://127.0.0.1:9/"},
    ],
)
def test_where_nothing_answers_that_is_said_at_once(where):
    result = CliRunner().invoke(train.main, [], env={**NOWHERE, **where, "NO_PROXY": "127.0.0.1"})
    assert (result.exit_code, result.stdout) == (1, "")
    assert "does not answer" in result.stderr
    assert result.stderr.endswith("Start the sandbox if it does not run: make sandbox\n")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "PERMISSION_DENIED: Invalid access token. Config: host=http://h, token=***",
            "PERMISSION_DENIED: Invalid access token\nSet DATABRICKS_TOKEN to the workspace's token; `make sandbox` "
            "says where it is.",
        ),
        (
            "CATALOG_DOES_NOT_EXIST: Catalog 'local' does not exist.",
            "CATALOG_DOES_NOT_EXIST: Catalog 'local' does not exist.\n"
            "Deploy the stack that makes it, without a pin: make up STACK=local",
        ),
        ("something else\n  File x.py", "something else"),
        ("", "ValueError"),
    ],
)
def test_what_went_wrong_is_told_in_its_first_line_and_with_what_to_type(said, told):
    assert train.reason(ValueError(said)) == told


def test_the_experiment_is_the_one_that_the_stack_makes():
    assert train.experiment_of("prod.chatbot.assistant") == "/Shared/rollpin-prod-assistant"
