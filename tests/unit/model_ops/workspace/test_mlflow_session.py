import http.server
import logging
import os
import subprocess
import sys
import threading
from types import ModuleType

import pytest

from model_ops.errors import WorkspaceError
from model_ops.workspace.mlflow_session import signed_in

TOKEN = "dapi-secret"  # not one


@pytest.fixture(scope="module")
def mlflow() -> ModuleType:
    import mlflow

    return mlflow


@pytest.fixture(scope="module")
def url():
    """The address of a server that knows nothing, as any workspace answers who is not signed in."""
    handler = type("Quiet", (http.server.BaseHTTPRequestHandler,), {"log_message": lambda *_: None})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _clean(monkeypatch):
    for name in ("DATABRICKS_CONFIG_PROFILE", "MLFLOW_TRACKING_URI", "DATABRICKS_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def test_mlflow_speaks_with_the_workspace_and_its_unity_catalog(mlflow, url):
    with signed_in(url, TOKEN):
        assert (mlflow.get_tracking_uri(), mlflow.get_registry_uri()) == ("databricks", "databricks-uc")
        assert os.environ["DATABRICKS_HOST"] == url
        assert (os.environ["DATABRICKS_TOKEN"], os.environ["DATABRICKS_AUTH_TYPE"]) == (TOKEN, "pat")
        assert "127.0.0.1" in os.environ["NO_PROXY"]


def test_without_a_token_the_sdk_finds_its_own_credentials(mlflow, url):
    with signed_in(url, None, "prod"):
        assert (mlflow.get_tracking_uri(), mlflow.get_registry_uri()) == ("databricks://prod", "databricks-uc://prod")
        assert "DATABRICKS_TOKEN" not in os.environ
        assert "DATABRICKS_AUTH_TYPE" not in os.environ


def _fail_signed_in(mlflow, url):
    with signed_in(url, TOKEN):
        assert "DATABRICKS_CONFIG_PROFILE" not in os.environ
        mlflow.set_tracking_uri("http://127.0.0.1:1")
        raise KeyError


def test_all_is_as_it_was_after_it_also_when_it_fails(mlflow, url, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///before.db")
    monkeypatch.setenv("DATABRICKS_CONFIG_PROFILE", "mine")
    before, level = dict(os.environ), logging.getLogger("mlflow").level
    told = (mlflow.get_tracking_uri(), mlflow.get_registry_uri())  # another test may have told it in code
    with pytest.raises(KeyError):
        _fail_signed_in(mlflow, url)
    assert dict(os.environ) == before
    assert (mlflow.get_tracking_uri(), mlflow.get_registry_uri()) == told
    assert told[0] == "sqlite:///before.db"
    assert logging.getLogger("mlflow").level == level


def test_what_mlflow_was_told_in_code_gives_way_and_comes_back(mlflow, url):
    mlflow.set_tracking_uri("sqlite:///told.db")
    try:
        with signed_in(url, TOKEN):
            assert mlflow.get_tracking_uri() == "databricks"
        assert mlflow.get_tracking_uri() == "sqlite:///told.db"
    finally:
        mlflow.set_tracking_uri(None)


def test_one_session_hands_the_next_no_client(url):
    from mlflow.utils.rest_utils import get_workspace_client

    hosts, tokens = [], []
    for token in ("first", "second"):
        with signed_in(url.replace("127.0.0.1", "localhost") if hosts else url, token):
            config = get_workspace_client(False, None, None, None).config
            hosts.append(config.host)
            tokens.append(config.token)
    assert hosts == [url, url.replace("127.0.0.1", "localhost")]
    assert tokens == ["first", "second"]


def test_a_workspace_that_is_not_there_is_told_at_once_and_changes_nothing():
    before = dict(os.environ)
    told = pytest.raises(WorkspaceError, match=r"http://127\.0\.0\.1:9 does not answer: .*\nStart the sandbox")
    with told, signed_in("http://127.0.0.1:9", TOKEN):
        pytest.fail("it did")
    assert dict(os.environ) == before


LEAN = """
import sys
import model_ops.scoring.score, model_ops.scoring.spark_score, model_ops.workspace.mlflow_session
print([name for name in ("mlflow", "pandas", "pyarrow", "pyspark", "numpy") if name in sys.modules])
"""


def test_importing_scoring_imports_none_of_what_it_scores_with():
    done = subprocess.run([sys.executable, "-c", LEAN], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
