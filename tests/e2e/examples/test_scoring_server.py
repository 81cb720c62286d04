import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import httpx
import pytest
from mlflow.artifacts import download_artifacts

BOUND = 120
MESSAGES = [{"role": "user", "content": "What is drift?"}]


@contextmanager
def scoring_server(directory, log):
    """MLflow's own scoring server over a model's files, started as a model server is: without our address or token."""
    with socket.socket() as listener, log.open("wb") as output:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        command = [sys.executable, "-m", "uvicorn", "mlflow.pyfunc.scoring_server.app:app"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_TRACKING")}
        process = subprocess.Popen(
            [*command, "--fd", str(listener.fileno())],
            env={**environment, "__pyfunc_model_path__": directory},
            cwd=log.parent,
            pass_fds=[listener.fileno()],
            stderr=output,
        )
        try:
            yield process, f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture(scope="module")
def server(trained, tmp_path_factory):
    root = tmp_path_factory.mktemp("served")
    directory = download_artifacts(f"runs:/{trained[7].run_id}/chain", dst_path=str(root))
    with scoring_server(directory, root / "log") as (process, url), httpx.Client(base_url=url, timeout=5) as client:
        deadline = time.monotonic() + BOUND
        while not _answers(client):
            assert process.poll() is None, (root / "log").read_text()
            assert time.monotonic() < deadline
        client.timeout = httpx.Timeout(30)
        yield client


def _answers(client):
    try:
        return client.get("/ping").status_code == 200
    except httpx.TimeoutException:  # the socket listens before the model is loaded
        return False


@pytest.mark.parametrize(
    "body",
    [
        {"dataframe_records": [{"messages": MESSAGES}]},
        {"dataframe_split": {"columns": ["messages"], "data": [[MESSAGES]]}},
        {"inputs": {"messages": MESSAGES}},
        {"inputs": [{"messages": MESSAGES}]},
    ],
)
def test_the_usual_request_shapes_get_predictions(server, body):
    response = server.post("/invocations", json=body)
    assert response.status_code == 200
    [answer] = response.json()["predictions"]
    assert answer.startswith("Drift is any difference")


def test_a_chat_request_gets_a_bare_list(server):
    response = server.post("/invocations", json={"messages": MESSAGES, "max_tokens": 100})
    assert response.status_code == 200
    [answer] = response.json()
    assert answer.startswith("Drift is any difference")


@pytest.mark.parametrize(
    "body",
    [
        {"messages": "What is drift?"},
        {"messages": [{"role": "user"}]},
        {"messages": None},
        {"instances": [{"messages": MESSAGES}]},
        {"question": "What is drift?"},
        [],
    ],
)
def test_what_the_signature_does_not_know_is_refused(server, body):
    response = server.post("/invocations", json=body)
    assert response.status_code == 400
    assert response.json()["error_code"] in {"INVALID_PARAMETER_VALUE", "BAD_REQUEST"}


def test_the_broken_version_ends_its_server_and_says_why(trained, tmp_path):
    directory = download_artifacts(f"runs:/{trained[9].run_id}/chain", dst_path=str(tmp_path))
    with scoring_server(directory, tmp_path / "log") as (process, _):
        assert process.wait(timeout=BOUND) != 0
    last = (tmp_path / "log").read_text().strip().splitlines()[-1]
    assert "the retrieval index" in last
    assert "does not exist here: log it with the model" in last
