from __future__ import annotations

from typing import Any

import httpx
import pytest

from sandbox.home import Home
from tests.e2e.sandbox.workspace.pending import PREFIX

ENDPOINTS = "/api/2.0/serving-endpoints"
CATALOGS = "/api/2.1/unity-catalog/catalogs"
GROUPS = "/api/2.0/preview/scim/v2/Groups"
ONE = {"entity_name": "serving.default.bot", "entity_version": "1"}


def names(curl: httpx.Client) -> set[str]:
    """Everything that a bad request could have made."""
    catalogs = {found["name"] for found in curl.get(CATALOGS).json()["catalogs"]}
    endpoints = {found["name"] for found in curl.get(ENDPOINTS).json()["endpoints"]}
    groups = {found["displayName"] for found in curl.get(GROUPS).json()["Resources"]}
    return catalogs | endpoints | groups


@pytest.mark.parametrize("path", [ENDPOINTS, CATALOGS, GROUPS])
@pytest.mark.parametrize("body", [b"{", b'{"name": ', b"\xff\xfe", b"[" * 100_000, rb'{"name": "\ud800"}'])
def test_malformed_json_is_said_to_be_malformed(curl: httpx.Client, path: str, body: bytes) -> None:
    before = names(curl)
    answer = curl.post(path, content=body)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "MALFORMED_REQUEST")
    assert names(curl) == before


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (CATALOGS, {"name": 7}, "name"),
        (CATALOGS, {}, "name"),
        (CATALOGS, {"name": "bad", "colour": "red"}, "colour"),
        (CATALOGS, {"name": "bad", "properties": {"a": 1}}, "properties.a"),
        (CATALOGS, [], "JSON object"),
        (CATALOGS, "bad", "JSON object"),
        (GROUPS, {"displayName": ["bad"]}, "displayName"),
        (GROUPS, {"displayName": "bad", "members": [{"value": 1}]}, "members"),
        (GROUPS, {}, "displayName"),
        (ENDPOINTS, {"name": "bad", "config": {"served_entities": [ONE | {"entity_version": 1}]}},
         "config.served_entities[0].entity_version"),
        (ENDPOINTS, {"name": "bad", "config": {"served_entities": [ONE | {"wrokload_size": "Small"}]}},
         "config.served_entities[0].wrokload_size"),
        (ENDPOINTS, {"name": "bad", "config": {"served_entities": []}}, "served_entities"),
        (ENDPOINTS, {"name": "bad", "config": "x"}, "config"),
        (ENDPOINTS, {"name": "../bad", "config": {"served_entities": [ONE]}}, "name"),
        (ENDPOINTS, {"name": "bad", "route_optimized": "yes"}, "route_optimized"),
        (ENDPOINTS, {"name": "bad", "tags": [{"key": ""}]}, "tags"),
    ],
)  # fmt: skip
def test_a_wrong_or_unknown_field_is_named(curl: httpx.Client, path: str, body: Any, field: str) -> None:
    before = names(curl)
    answer = curl.post(path, json=body)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    assert field in answer.json()["message"]
    assert names(curl) == before


def test_any_whole_text_is_kept_as_it_was_sent(curl: httpx.Client, catalog: str) -> None:
    text = 'ü 💥 "quoted" \n \\ud800'
    assert curl.patch(f"{CATALOGS}/{catalog}", json={"comment": text}).json()["comment"] == text
    assert curl.get(f"{CATALOGS}/{catalog}").json()["comment"] == text


def test_the_value_of_a_variable_is_never_echoed(curl: httpx.Client) -> None:
    config = {"served_entities": [ONE | {"environment_vars": {"API_KEY": ["hunter2"], "OTHER": 31337}}]}
    answer = curl.post(ENDPOINTS, json={"name": "bad", "config": config})
    assert answer.status_code == 400
    assert "environment_vars" in answer.text
    assert "hunter2" not in answer.text
    assert "31337" not in answer.text


@pytest.mark.parametrize(
    "tag", [{"key": "b" * 251, "value": "x"}, {"key": "b(", "value": "x"}, {"key": "a.b", "value": "x"}]
)
def test_a_model_with_a_bad_tag_is_not_made_at_all(curl: httpx.Client, catalog: str, tag: dict[str, str]) -> None:
    body = {"name": f"{catalog}.default.bot", "tags": [{"key": "good", "value": "1"}, tag]}
    assert curl.post(f"{PREFIX}/registered-models/create", json=body).status_code == 400
    assert curl.get(f"{PREFIX}/registered-models/get", params={"name": body["name"]}).status_code == 404


@pytest.mark.parametrize("name", ["bad name/", "taken", "nowhere.default.bot"])
def test_an_update_with_a_bad_name_changes_nothing(curl: httpx.Client, catalog: str, name: str) -> None:
    first, unity = f"{catalog}.default.bot", "/api/2.1/unity-catalog/models"
    for model in (first, f"{catalog}.default.taken"):
        curl.post(f"{PREFIX}/registered-models/create", json={"name": model, "description": "old"})
    before = curl.get(f"{unity}/{first}").json()
    sent = {"name": first, "description": "new", "new_name": name}
    assert curl.patch(f"{PREFIX}/registered-models/update", json=sent).status_code in {400, 404}
    changes = {"comment": "new", "owner": "account users", "new_name": name}
    assert curl.patch(f"{unity}/{first}", json=changes).status_code == 400
    assert curl.get(f"{unity}/{first}").json() == before


def test_curl_may_leave_out_the_content_type(curl: httpx.Client) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = curl.post(ENDPOINTS, content=b'{"name": "sent-by-curl"}', headers=form)
    assert answer.status_code == 200
    assert curl.delete(f"{ENDPOINTS}/sent-by-curl").json() == {}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/2.0/sql/warehouses"),
        ("POST", "/api/2.1/jobs/create"),
        ("GET", f"{ENDPOINTS}/chat/openapi"),
        ("GET", "/api/2.1/unity-catalog/effective-permissions/pipeline/main.default.t"),
        ("GET", "/api/2.1/unity-catalog/permissions/pipeline/main.default.t"),
        ("GET", "/api/2.0/permissions/clusters/1"),
        ("POST", "/gateway/chat/mlflow/invocations"),
        ("GET", "/ajax-api/3.0/mlflow/gateway/endpoints/list"),
        ("GET", "/ajax-api/3.0/jobs/1"),
        ("POST", "/ajax-api/3.0/mlflow/assistant/message"),
        ("GET", "/api/3.0/mlflow/mcp-servers"),
        ("POST", "/api/2.0/mlflow/webhooks"),
    ],
)
def test_what_the_sandbox_does_not_have_says_so(curl: httpx.Client, method: str, path: str) -> None:
    answer = curl.request(method, path)
    assert (answer.status_code, answer.json()["error_code"]) == (501, "NOT_IMPLEMENTED")
    assert "The sandbox does not have" in answer.json()["message"]


@pytest.mark.parametrize("query", ["max_results=-1", "max_results=x", "page_token=%00", "max_results=99999999999"])
def test_a_bad_query_is_refused_by_name(curl: httpx.Client, query: str) -> None:
    for path in (CATALOGS, "/api/2.1/unity-catalog/models"):
        answer = curl.get(f"{path}?{query}")
        assert (answer.status_code, answer.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE")


@pytest.mark.parametrize("name", ["a%00b", "%F0%9F%92%A5", "%ff", "..%2f..", "a'b", "x" * 3000])
def test_a_strange_name_is_not_found_or_refused(curl: httpx.Client, name: str) -> None:
    for path in (f"{CATALOGS}/{name}", f"/api/2.1/unity-catalog/models/a.b.{name}", f"{ENDPOINTS}/{name}"):
        assert curl.get(path).status_code in {400, 404, 501}


def test_the_web_interface_and_its_health_are_there(curl: httpx.Client) -> None:
    assert "<html" in curl.get("/").text
    assert curl.get("/health").text == "OK"
    assert curl.get("/ajax-api/2.0/mlflow/experiments/search?max_results=5").status_code == 200


def test_mlflows_web_page_is_there_after_signing_in(home: Home) -> None:
    with httpx.Client(base_url=home.url, trust_env=False, follow_redirects=True, timeout=30) as browser:
        page = browser.post("/login", data={"token": home.token})
        assert "<title>MLflow</title>" in page.text


def test_the_host_is_described_without_a_token(home_url: str) -> None:
    answer = httpx.get(f"{home_url}/.well-known/databricks-config").json()
    assert answer["oidc_endpoint"] == f"{home_url}/oidc"
    assert answer["workspace_id"].isdecimal()
