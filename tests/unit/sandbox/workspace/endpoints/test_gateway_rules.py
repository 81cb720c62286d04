from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from sandbox.home import Home
from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.catalog.catalogs import add_catalog
from sandbox.workspace.endpoints.endpoint_bodies import AiGateway
from sandbox.workspace.endpoints.endpoint_records import new_record, write
from sandbox.workspace.endpoints.gateway_records import set_up, set_up_all, take_down
from sandbox.workspace.endpoints.gateway_rules import check_gateway
from sandbox.workspace.endpoints.rate_limit_rules import binding
from sandbox.workspace.identity.principals import seed
from sandbox.workspace.stores.deployments import Deployments
from sandbox.workspace.stores.documents import Documents
from sandbox.workspace.stores.workspace import ADMIN, Workspace
from sandbox.workspace.tables.table_records import directory

TABLE = {"catalog_name": "Logs", "schema_name": "default", "table_name_prefix": "Chat", "enabled": True}
GROUP = {"key": "user_group", "principal": "users"}


@pytest.fixture
def workspace(documents: Documents, registry: Any, fake_router: Any, tmp_path: Path) -> Workspace:
    made = Workspace(documents, registry, cast("Deployments", fake_router), Home(tmp_path))
    seed(documents)
    add_catalog(made, {"name": "logs"})
    return made


def check(workspace: Workspace, former: dict[str, Any] | None = None, **sent: Any) -> dict[str, Any]:
    return check_gateway(workspace, "chat", AiGateway.model_validate(sent), former)


def limits(*given: dict[str, Any]) -> dict[str, Any]:
    return {"rate_limits": [{"renewal_period": "minute", **limit} for limit in given]}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([{}], r"rate_limits\[0\]: set calls or tokens"),
        ([{"calls": -1}], r"rate_limits\[0\]\.calls: 0 to"),
        ([{"tokens": 2**63}], r"rate_limits\[0\]\.tokens: 0 to"),
        ([{"calls": 1, "principal": ADMIN}], "a limit of the endpoint has none"),
        ([{"calls": 1, "key": "user_group"}], "it is required with the key user_group"),
        ([{"calls": 1, "key": "service_principal"}], "it is required with the key service_principal"),
        ([{"calls": 1, "key": "user", "principal": "x@y"}], r"Principal: UserName\(x@y\) does not exist"),
        ([{"calls": 1, "key": "user_group", "principal": "x"}], r"Principal: GroupName\(x\) does not exist"),
        ([{"calls": 1}, {"calls": 2, "key": "endpoint"}], r"rate_limits\[1\]: calls of endpoint are limited more"),
        ([{"calls": 1} | GROUP, {"calls": 2} | GROUP], "calls of user_group users are limited more than once"),
        ([{"calls": 1, "key": "user", "principal": ADMIN}] * 2, "limited more than once"),
        ([{"calls": 1} | GROUP] * 6, "at most 5 of user groups, found 6"),
        ([{"calls": 1}] * 21, "at most 20 are allowed, found 21"),
    ],
)
def test_rate_limits_that_databricks_refuses_are_refused(
    workspace: Workspace, given: list[dict[str, Any]], message: str
) -> None:
    with pytest.raises(ApiError, match=message):
        check(workspace, **limits(*given))


def test_rate_limits_are_kept_as_they_were_sent(workspace: Workspace) -> None:
    sent = limits({"calls": 0}, {"tokens": 9}, {"key": "user", "calls": 1}, {"calls": 5, "tokens": 50} | GROUP)
    assert check(workspace, **sent) == sent


def test_of_the_limits_for_users_the_most_particular_hold() -> None:
    endpoint, default = {"calls": 1}, {"key": "user", "calls": 2}
    own = {"key": "user", "principal": ADMIN.upper(), "calls": 3}
    others = {"key": "user", "principal": "x@y", "calls": 4}
    groups = [{"key": "user_group", "principal": name, "calls": 5} for name in ("ml", "ops", "hr")]
    robot = {"key": "service_principal", "principal": "r", "calls": 6}
    assert binding([default, endpoint, others, robot], ADMIN, []) == [endpoint, default]
    assert binding([default, *groups, endpoint], ADMIN, ["ml", "ops"]) == [endpoint, *groups[:2]]
    assert binding([default, *groups, own], ADMIN, ["ml", "ops"]) == [own]
    assert binding([others, robot], ADMIN, []) == []


def test_custom_models_have_no_guardrails_and_a_table_needs_a_schema(workspace: Workspace) -> None:
    with pytest.raises(ApiError, match="guardrails"):
        check(workspace, guardrails={"input": {"safety": True}})
    with pytest.raises(ApiError, match="catalog_name and schema_name"):
        check(workspace, inference_table_config={"enabled": True})
    with pytest.raises(ApiError, match=r"Schema 'logs\.nowhere' does not exist"):
        check(workspace, inference_table_config=TABLE | {"schema_name": "nowhere"})
    with pytest.raises(ApiError, match="Catalog 'nowhere' does not exist"):
        check(workspace, inference_table_config=TABLE | {"catalog_name": "nowhere"})
    with pytest.raises(ApiError, match=r"'a\.b' with _payload at its end is not a valid table name"):
        check(workspace, inference_table_config=TABLE | {"table_name_prefix": "a.b"})
    off = {"inference_table_config": {"enabled": False}}
    assert check(workspace, **off) == off


def test_an_inference_table_moves_only_while_it_is_disabled(workspace: Workspace) -> None:
    moved = TABLE | {"table_name_prefix": "other"}
    with pytest.raises(ApiError, match=r"from 'Chat' to 'other' while the inference table is enabled. Disable it"):
        check(workspace, {"inference_table_config": TABLE}, inference_table_config=moved)
    check(workspace, {"inference_table_config": TABLE | {"enabled": False}}, inference_table_config=moved)
    check(workspace, {"inference_table_config": TABLE}, inference_table_config=moved | {"enabled": False})


def test_a_table_is_one_endpoints_own(workspace: Workspace) -> None:
    gateway = check(workspace, inference_table_config=TABLE)
    set_up(workspace, new_record("chat", {"ai_gateway": gateway}))
    assert check(workspace, inference_table_config=TABLE) == gateway
    with pytest.raises(ApiError, match=r"'logs\.default\.chat_payload' already exists\. Set another table_name_prefix"):
        check_gateway(workspace, "other", AiGateway.model_validate({"inference_table_config": TABLE}), None)


def test_the_router_is_told_what_holds_for_the_one_who_calls(workspace: Workspace, fake_router: Any) -> None:
    gateway = check(workspace, inference_table_config=TABLE, **limits({"calls": 9}, {"tokens": 5} | GROUP))
    record = new_record("chat", {"ai_gateway": gateway})
    set_up(workspace, record)
    folder = directory(workspace, "logs.default.chat_payload")
    assert folder.is_dir()
    assert fake_router.gateways["chat"] == {
        "limits": [{"key": "endpoint", "calls": 9}, GROUP | {"tokens": 5}],
        "table": str(folder),
        "requester": ADMIN,
    }
    take_down(workspace, "chat")
    assert fake_router.gateways["chat"] == {}
    assert folder.is_dir()


def test_of_route_optimised_endpoints_no_requester_is_told(workspace: Workspace, fake_router: Any) -> None:
    set_up(workspace, new_record("chat", {"route_optimized": True}))
    assert fake_router.gateways["chat"] == {"limits": [], "table": None, "requester": None}


def test_a_disabled_table_stays_and_nothing_is_added_to_it(workspace: Workspace, fake_router: Any) -> None:
    set_up(workspace, new_record("chat", {"ai_gateway": {"inference_table_config": TABLE}}))
    set_up(workspace, new_record("chat", {"ai_gateway": {"inference_table_config": TABLE | {"enabled": False}}}))
    assert fake_router.gateways["chat"]["table"] is None
    assert workspace.documents.get("table", "logs.default.chat_payload")


def test_a_start_tells_the_router_of_all_gateways_and_of_no_others(workspace: Workspace, fake_router: Any) -> None:
    fake_router.gateways["gone"] = {}
    write(workspace, new_record("chat", {"ai_gateway": limits({"calls": 1})}))
    set_up_all(workspace)
    assert list(fake_router.gateways) == ["chat"]
