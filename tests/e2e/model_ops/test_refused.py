import pytest

from model_ops.errors import WorkspaceError
from model_ops.scoring.loaded_model import load_model
from model_ops.workspace.mlflow_session import signed_in
from tests.e2e.model_ops.workplace import Workplace


def test_an_expired_token_is_told_and_not_shown(place: Workplace) -> None:
    for uri in ("models:/local.chatbot.bot/1", "runs:/0123456789abcdef0123456789abcdef/chain"):
        with signed_in(place.home.url, "dapi-expired"), pytest.raises(WorkspaceError) as refused:
            load_model(uri)
        assert f"The workspace refuses to show {uri}" in str(refused.value)
        assert "DATABRICKS_TOKEN" in str(refused.value)
        assert "dapi-expired" not in str(refused.value)
