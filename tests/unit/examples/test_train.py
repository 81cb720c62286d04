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
        (["--versions", "9"], "'9' is not among the versions 1 to 8"),
        (["--versions", "7-6"], "'7-6' is not among the versions 1 to 8"),
        (["--versions", "latest"], "'latest' is neither a number nor a range such as 1-7"),
        (["--versions", "7.0"], "'7.0' is neither a number nor a range such as 1-7"),
        (["--model", "chatbot"], "'chatbot' is not catalog.schema.model"),
    ],
)
def test_a_misused_command_ends_with_2_and_one_message(arguments, message):
    result = CliRunner().invoke(train.main, arguments, env={"MLFLOW_TRACKING_URI": "http://127.0.0.1:9"})
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_without_a_tracking_server_nothing_is_trained():
    result = CliRunner().invoke(train.main, [], env={"MLFLOW_TRACKING_URI": None})
    assert (result.exit_code, result.stdout) == (1, "")
    assert "MLFLOW_TRACKING_URI is not set: start the sandbox with `make sandbox`" in result.stderr


def test_the_experiment_is_the_one_that_the_stack_makes():
    assert train.experiment_of("prod.chatbot.assistant") == "/Shared/rollpin-prod-assistant"
