from collections.abc import Callable

import pytest

from model_ops.errors import ModelError, RowsError, WorkspaceError
from model_ops.workspace.mlflow_errors import explained

URI = "models:/a.b.c/7"
SDK = "PERMISSION_DENIED: Invalid access token. Config: host=https://adb-1, token=***, retry_timeout_seconds=20"


def of_mlflow(text: str, code: str = "INTERNAL_ERROR") -> Callable[[], Exception]:
    """Makes an error as MLflow does, which takes long to import."""

    def make() -> Exception:
        from mlflow.exceptions import MlflowException
        from mlflow.protos import databricks_pb2

        return MlflowException(text, getattr(databricks_pb2, code))

    return make


@pytest.mark.parametrize(
    ("make", "kind", "said"),
    [
        (of_mlflow(SDK), WorkspaceError, r"refuses to show .*: PERMISSION_DENIED: Invalid access token\nCheck"),
        (of_mlflow("no", "PERMISSION_DENIED"), WorkspaceError, r"refuses to show .*: no\n.*EXECUTE on the model"),
        (of_mlflow("Max retries exceeded"), WorkspaceError, r"does not answer: Max retries exceeded\nCheck the"),
        (lambda: TimeoutError("Timed out after 0:00:20"), WorkspaceError, "does not answer"),
        (of_mlflow("gone", "RESOURCE_DOES_NOT_EXIST"), ModelError, r"There is no models:/a\.b\.c/7: gone\n"),
        (lambda: ValueError("one\ntwo"), ModelError, r"does not load: one\nLog it again"),
        (ZeroDivisionError, ModelError, r"does not load: ZeroDivisionError\n"),
    ],
)
def test_what_goes_wrong_is_told_on_two_lines_with_what_to_do(make, kind, said):
    error = make()
    with pytest.raises(kind, match=said) as told, explained(URI):
        raise error
    assert len(str(told.value).splitlines()) == 2
    assert "token=" not in str(told.value)


def test_our_own_errors_pass_as_they_are():
    own = RowsError("line 2")
    with pytest.raises(RowsError) as told, explained(URI):
        raise own
    assert told.value is own
