import pytest
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import PERMISSION_DENIED, RESOURCE_DOES_NOT_EXIST

from model_ops.errors import ModelError, RowsError, WorkspaceError
from model_ops.workspace.mlflow_errors import explained

URI = "models:/a.b.c/7"
SDK = "PERMISSION_DENIED: Invalid access token. Config: host=https://adb-1, token=***, retry_timeout_seconds=20"


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (MlflowException(SDK), WorkspaceError, r"refuses to show .*: PERMISSION_DENIED: Invalid access token\nCheck"),
        (MlflowException("no", PERMISSION_DENIED), WorkspaceError, r"refuses to show .*: no\n.*EXECUTE on the model"),
        (MlflowException("Max retries exceeded"), WorkspaceError, r"does not answer: Max retries exceeded\nCheck the"),
        (TimeoutError("Timed out after 0:00:20"), WorkspaceError, "does not answer"),
        (MlflowException("gone", RESOURCE_DOES_NOT_EXIST), ModelError, r"There is no models:/a\.b\.c/7: gone\n"),
        (ValueError("one\ntwo"), ModelError, r"does not load: one\nLog it again"),
        (ZeroDivisionError(), ModelError, r"does not load: ZeroDivisionError\n"),
    ],
)
def test_what_goes_wrong_is_told_on_two_lines_with_what_to_do(error, kind, said):
    with pytest.raises(kind, match=said) as told, explained(URI):
        raise error
    assert len(str(told.value).splitlines()) == 2
    assert "token=" not in str(told.value)


def test_our_own_errors_pass_as_they_are():
    own = RowsError("line 2")
    with pytest.raises(RowsError) as told, explained(URI):
        raise own
    assert told.value is own
