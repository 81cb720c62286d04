"""An endpoint's AI Gateway, as Databricks' own clients set it: rate limits that hold, a payload table that fills."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pandas
import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import BadRequest, InvalidParameterValue, NotFound, ResourceAlreadyExists
from databricks.sdk.service import serving, vectorsearch
from databricks.sdk.service.catalog import PermissionsChange, Privilege
from databricks.sdk.service.serving import AiGatewayRateLimit, AiGatewayRateLimitKey

from sandbox.home import Home
from sandbox.serving.instance import wait_until

MODEL = "serving.default.bot"
MINUTE = serving.AiGatewayRateLimitRenewalPeriod.MINUTE
QUESTION = {"dataframe_records": [{"question": "?"}]}
Limit = AiGatewayRateLimit


@pytest.fixture(scope="module")
def deployed(client: WorkspaceClient, versions: tuple[int, int]) -> Iterator[str]:
    """An endpoint that serves the first version, with a gateway that asks for nothing whenever a test begins."""
    entity = serving.ServedEntityInput(entity_name=MODEL, entity_version=str(versions[0]))
    config = serving.EndpointCoreConfigInput(name="gated", served_entities=[entity])
    client.serving_endpoints.create_and_wait("gated", config=config)
    yield "gated"
    client.serving_endpoints.delete("gated")


@pytest.fixture
def gated(client: WorkspaceClient, deployed: str) -> Iterator[str]:
    yield deployed
    client.serving_endpoints.put_ai_gateway(deployed)


@pytest.fixture
def schema(client: WorkspaceClient) -> Iterator[str]:
    """A schema of the catalog `main`, of the test's own."""
    name = f"s{uuid.uuid4().hex[:8]}"
    client.schemas.create(name, "main")
    yield name
    client.schemas.delete(f"main.{name}", force=True)


def asked(curl: httpx.Client, name: str, **more: Any) -> httpx.Response:
    return curl.post(f"/serving-endpoints/{name}/invocations", json=QUESTION | more)


def table(schema: str, *, enabled: bool = True) -> serving.AiGatewayInferenceTableConfig:
    return serving.AiGatewayInferenceTableConfig(
        enabled=enabled, catalog_name="main", schema_name=schema, table_name_prefix="chat"
    )


def folder(client: WorkspaceClient, full_name: str) -> Path:
    """The directory that a table says it is in."""
    return Path(urlsplit(str(client.tables.get(full_name).storage_location)).path)


def rows_of(directory: Path, count: int) -> pandas.DataFrame:
    """Read a payload table once it has that many rows."""
    assert wait_until(lambda: any(directory.glob("*.parquet")) and len(pandas.read_parquet(directory)) >= count, 60)
    return pandas.read_parquet(directory).sort_values("request_time")


def api_process(home: Home) -> list[int]:
    listed = subprocess.run(["ps", "-axww", "-o", "pid=,command="], check=True, capture_output=True, text=True).stdout
    rows = (line.split(None, 1) for line in listed.splitlines())
    return [int(pid) for pid, words in rows if "sandbox.workspace" in words and str(home.root) in words]


def test_a_rate_limit_refuses_in_databricks_words_also_after_a_restart_of_the_api(
    client: WorkspaceClient, curl: httpx.Client, home: Home, gated: str
) -> None:
    limits = [Limit(MINUTE, calls=3), Limit(MINUTE, calls=9, key=AiGatewayRateLimitKey.USER)]
    client.serving_endpoints.put_ai_gateway(gated, rate_limits=limits)
    answers = [asked(curl, gated) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].json() == {
        "error_code": "REQUEST_LIMIT_EXCEEDED",
        "message": "User defined rate limit(s) exceeded for 'gated'. "
        "Requests-per-minute (RPM) rate limit exceeded for endpoint",
    }
    assert 0 < int(answers[3].headers["Retry-After"]) <= 60
    for pid in api_process(home):
        os.kill(pid, signal.SIGKILL)
    shown = client.serving_endpoints.get(gated).ai_gateway
    assert asked(curl, gated).status_code == 429
    assert shown
    assert shown.rate_limits == limits
    client.serving_endpoints.put_ai_gateway(gated, rate_limits=[Limit(MINUTE, calls=5)])
    assert [asked(curl, gated).status_code for _ in range(3)] == [200, 200, 429]


def test_a_limit_of_somebody_else_holds_nobody_here(client: WorkspaceClient, curl: httpx.Client, gated: str) -> None:
    group = f"g{uuid.uuid4().hex[:8]}"
    made = client.groups.create(display_name=group)
    limit = Limit(MINUTE, calls=0, key=AiGatewayRateLimitKey.USER_GROUP, principal=group)
    client.serving_endpoints.put_ai_gateway(gated, rate_limits=[limit])
    assert asked(curl, gated).status_code == 200
    limit = Limit(MINUTE, calls=0, key=AiGatewayRateLimitKey.USER_GROUP, principal="admins")
    client.serving_endpoints.put_ai_gateway(gated, rate_limits=[limit])
    assert asked(curl, gated).status_code == 429
    client.groups.delete(str(made.id))


def test_a_limit_that_databricks_refuses_changes_nothing(client: WorkspaceClient, gated: str) -> None:
    kept = [Limit(MINUTE, calls=1000)]
    client.serving_endpoints.put_ai_gateway(gated, rate_limits=kept)
    with pytest.raises(InvalidParameterValue, match="set calls or tokens"):
        client.serving_endpoints.put_ai_gateway(gated, rate_limits=[Limit(MINUTE)])
    limit = Limit(MINUTE, calls=1, key=AiGatewayRateLimitKey.USER, principal="nobody@sandbox.local")
    with pytest.raises(NotFound, match="nobody"):
        client.serving_endpoints.put_ai_gateway(gated, rate_limits=[limit])
    shown = client.serving_endpoints.get(gated).ai_gateway
    assert shown
    assert shown.rate_limits == kept


def test_no_request_is_lost_while_gateways_change(client: WorkspaceClient, home: Home, gated: str, schema: str) -> None:
    over, statuses = threading.Event(), []

    def ask_on() -> None:
        with httpx.Client(base_url=home.url, headers={"Authorization": f"Bearer {home.token}"}, timeout=60) as own:
            while not over.is_set():
                statuses.append(asked(own, gated).status_code)

    def change(number: int) -> None:
        answered = len(statuses)
        assert wait_until(lambda: len(statuses) > answered, 60), "requests are answered meanwhile"
        client.serving_endpoints.put_ai_gateway(
            gated,
            rate_limits=[Limit(MINUTE, calls=10**6 + number)],
            inference_table_config=table(schema, enabled=number % 2 == 0),
            usage_tracking_config=serving.AiGatewayUsageTrackingConfig(enabled=True),
        )

    with ThreadPoolExecutor(3) as pool:
        clients = [pool.submit(ask_on) for _ in range(3)]
        try:
            for number in range(10):
                change(number)
        finally:
            over.set()
        for one in clients:
            one.result(timeout=60)
    assert set(statuses) == {200}
    shown = client.serving_endpoints.get(gated).ai_gateway
    assert shown
    assert shown.usage_tracking_config == serving.AiGatewayUsageTrackingConfig(enabled=True)


def test_a_payload_table_fills_and_is_read_while_the_endpoint_serves(
    client: WorkspaceClient, curl: httpx.Client, gated: str, schema: str
) -> None:
    client.serving_endpoints.put_ai_gateway(gated, inference_table_config=table(schema))
    answers = [asked(curl, gated), asked(curl, gated, padding="x" * 2**20)]
    full_name = f"main.{schema}.chat_payload"
    rows = rows_of(folder(client, full_name), 2)
    first, second = (rows.iloc[place] for place in range(2))
    [entity] = curl.get(f"/api/2.0/serving-endpoints/{gated}").json()["config"]["served_entities"]
    assert list(rows["databricks_request_id"]) == [answer.headers["x-request-id"] for answer in answers]
    assert (first["response"], first["status_code"]) == (answers[0].text, 200)
    assert "dataframe_records" in first["request"]
    assert set(rows["served_entity_id"]) == {entity["id"]}
    assert set(rows["requester"]) == {"admin@sandbox.local"}
    assert second["request"] is None or pandas.isna(second["request"])
    assert list(second["logging_error_codes"]) == ["MAX_REQUEST_SIZE_EXCEEDED"]
    shown = client.tables.get(full_name)
    assert [column.name for column in shown.columns or []] == list(rows.columns)
    assert client.tables.exists(full_name).table_exists
    assert [found.full_name for found in client.tables.list("main", schema)] == [full_name]


def test_a_payload_table_outlives_what_filled_it(
    client: WorkspaceClient, curl: httpx.Client, versions: tuple[int, int], schema: str
) -> None:
    name = f"e{uuid.uuid4().hex[:8]}"
    entity = serving.ServedEntityInput(entity_name=MODEL, entity_version=str(versions[0]))
    gateway = serving.AiGatewayConfig(inference_table_config=table(schema))
    config = serving.EndpointCoreConfigInput(name=name, served_entities=[entity])
    client.serving_endpoints.create_and_wait(name, config=config, ai_gateway=gateway)
    asked(curl, name)
    directory = folder(client, f"main.{schema}.chat_payload")
    rows_of(directory, 1)
    client.serving_endpoints.put_ai_gateway(name, inference_table_config=table(schema, enabled=False))
    assert "x-request-id" not in asked(curl, name).headers
    client.serving_endpoints.delete(name)
    with pytest.raises(BadRequest, match=r"not empty\. The schema has 1 tables\(s\)"):
        client.schemas.delete(f"main.{schema}")
    assert len(pandas.read_parquet(directory)) == 1
    client.tables.delete(f"main.{schema}.chat_payload")
    assert not directory.exists()
    with pytest.raises(NotFound):
        client.tables.get(f"main.{schema}.chat_payload")
    client.schemas.delete(f"main.{schema}")
    client.schemas.create(schema, "main")


def test_payload_tables_and_indexes_are_tables_of_one_schema(client: WorkspaceClient, gated: str, schema: str) -> None:
    client.serving_endpoints.put_ai_gateway(gated, inference_table_config=table(schema))
    client.vector_search_endpoints.create_endpoint("beside", vectorsearch.EndpointType.STANDARD)
    column = vectorsearch.EmbeddingVectorColumn(name="v", embedding_dimension=2)
    spec = vectorsearch.DirectAccessVectorIndexSpec(
        embedding_vector_columns=[column], schema_json='{"id": "integer", "v": "array<float>"}'
    )

    def indexed(name: str) -> None:
        kind = vectorsearch.VectorIndexType.DIRECT_ACCESS
        client.vector_search_indexes.create_index(
            f"main.{schema}.{name}", "beside", "id", kind, direct_access_index_spec=spec
        )

    indexed("docs_payload")
    with pytest.raises(ResourceAlreadyExists, match="chat_payload"):
        indexed("chat_payload")
    assert {each.name for each in client.tables.list("main", schema)} == {"chat_payload", "docs_payload"}
    for name in ("chat_payload", "docs_payload"):
        assert client.tables.exists(f"main.{schema}.{name}").table_exists
        change = PermissionsChange(principal="account users", add=[Privilege.SELECT])
        assert client.grants.update("table", f"main.{schema}.{name}", changes=[change]).privilege_assignments
    with pytest.raises(InvalidParameterValue, match="Delete it as one"):
        client.tables.delete(f"main.{schema}.docs_payload")
    client.serving_endpoints.put_ai_gateway(gated)
    client.tables.delete(f"main.{schema}.chat_payload")
    taken = serving.AiGatewayInferenceTableConfig(
        catalog_name="main", schema_name=schema, table_name_prefix="docs", enabled=True
    )
    with pytest.raises(ResourceAlreadyExists, match="docs_payload"):
        client.serving_endpoints.put_ai_gateway(gated, inference_table_config=taken)
    client.vector_search_indexes.delete_index(f"main.{schema}.docs_payload")
    client.vector_search_endpoints.delete_endpoint("beside")


def test_a_table_of_another_endpoint_or_in_another_place_is_refused(
    client: WorkspaceClient, gated: str, schema: str
) -> None:
    other = f"e{uuid.uuid4().hex[:8]}"
    client.serving_endpoints.put_ai_gateway(gated, inference_table_config=table(schema))
    with pytest.raises(InvalidParameterValue, match="Disable it first"):
        client.serving_endpoints.put_ai_gateway(gated, inference_table_config=table("default"))
    gateway = serving.AiGatewayConfig(inference_table_config=table(schema))
    with pytest.raises(ResourceAlreadyExists, match=r"already exists\. Set another table_name_prefix"):
        client.serving_endpoints.create(other, ai_gateway=gateway)
    with pytest.raises(NotFound):
        client.serving_endpoints.get(other)


def test_compute_is_kept_and_shown_in_databricks_form(
    client: WorkspaceClient, gated: str, versions: tuple[int, int]
) -> None:
    entity = serving.ServedEntityInput(entity_name=MODEL, entity_version=str(versions[0]))
    entity.workload_type = serving.ServingModelWorkloadType.GPU_SMALL
    entity.min_provisioned_concurrency, entity.max_provisioned_concurrency = 4, 16
    client.serving_endpoints.update_config_and_wait(gated, served_entities=[entity])
    config = client.serving_endpoints.get(gated).config
    assert config
    [shown] = config.served_entities or []
    assert (shown.workload_type, shown.workload_size) == (entity.workload_type, None)
    assert (shown.min_provisioned_concurrency, shown.max_provisioned_concurrency) == (4, 16)
    entity.workload_type = serving.ServingModelWorkloadType.GPU_MEDIUM
    with pytest.raises(InvalidParameterValue, match="Workload type 'GPU_MEDIUM' with size 'Small' is not supported"):
        client.serving_endpoints.update_config(gated, served_entities=[entity])
