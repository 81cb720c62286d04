"""What the pages of the delivery tell their reader to type, typed on somebody's laptop: each command, in its order.

Each page begins with what the ones before it have left.
"""

from __future__ import annotations

import httpx
import pytest

from sandbox.home import Home
from tests.documents.block import blocks, written_by_hand
from tests.e2e.delivery.delivery import MODEL, Delivery
from tests.e2e.delivery.laptop import Laptop

pytestmark = pytest.mark.timeout(1200)

NAMES = ("change-a-version", "rollback", "delivery", "review", "drift", "report", "proposals", "fleet", "first-deploy")
OWN = {1, 2, 3, 4}
"""The versions that were registered in each stack's workspace to begin with."""
PAGES = {f"docs/{name}.md" for name in NAMES}


@pytest.fixture(scope="module")
def eight(delivery: Delivery) -> None:
    """Versions 5 to 8 of the model in test, each the files of version 2 once more."""
    home, name = delivery.homes["test"], f"test.serving.{MODEL}"
    model = mlflow(home, "GET", "get", name=name, version="2")["model_version"]
    same = {"source": model["source"], "model_id": model["source"].partition("/")[2], "run_id": model["run_id"]}
    while max(delivery.registered("test")) < 8:
        mlflow(home, "POST", "create", name=name, **same)


def mlflow(home: Home, method: str, what: str, **said: str) -> dict[str, dict[str, str]]:
    """Ask MLflow's registry about a version, in the query of a GET or the body of a POST."""
    asked, body = (said, None) if method == "GET" else (None, said)
    url, token = f"{home.url}/api/2.0/mlflow/model-versions/{what}", {"Authorization": f"Bearer {home.token}"}
    answer = httpx.request(method, url, params=asked, json=body, headers=token)
    found: dict[str, dict[str, str]] = answer.raise_for_status().json()
    return found


def test_every_page_whose_commands_are_of_this_story_is_typed_here() -> None:
    every = [block for page in written_by_hand() for block in blocks(page)]

    assert {block.page for block in every if "delivery" in block.stories} == PAGES


@pytest.mark.usefixtures("eight")
def test_a_version_is_changed_in_test_and_promoted_to_prod(delivery: Delivery, desk: Laptop) -> None:
    delivery.settle("test", 2)
    delivery.settle("prod", 2, after=1)
    desk.at("main")

    asked, changed, promoted = desk.blocks("docs/change-a-version.md")
    desk.do(asked, changed, promoted)

    (copy,) = delivery.registered("prod") - OWN  # the story of a promotion may have made it already
    assert desk.changed("chatbot-8") == {"-      servedVersion: 2", "+      servedVersion: 8"}
    assert desk.changed("chatbot-in-prod") == {"-      servedVersion: 2", f"+      servedVersion: {copy}"}
    assert (delivery.serves("test"), delivery.serves("prod")) == (2, 2)


def test_whoever_is_on_call_is_back_on_the_version_before_and_the_pull_requests_are_open(
    delivery: Delivery, desk: Laptop
) -> None:
    desk.at("main")
    back = {"-      servedVersion: 2", "+      servedVersion: 1"}

    *where, by_pull_request, behind_the_glass, standby = desk.blocks("docs/rollback.md")
    desk.do(*where, by_pull_request)
    assert (delivery.serves("prod"), desk.changed("rollback-chatbot")) == (2, back)
    desk.do(behind_the_glass)

    assert (delivery.serves("prod"), desk.changed("rolled-back")) == (1, back)
    told = desk.type("model-ops history --stack prod")[1].splitlines()
    assert "An Author" in [line for line in told if line[:1].isdigit()][-1]
    assert delivery.pull_request("rollback-chatbot") < delivery.pull_request("rolled-back")
    before = desk.git("diff")
    desk.do(standby)
    assert desk.git("diff") == before


def test_what_the_machines_do_can_be_typed_before_the_merge_and_after_it(delivery: Delivery, desk: Laptop) -> None:
    desk.at("rolled-back")

    proposed, merged, pipelines = desk.blocks("docs/delivery.md")
    desk.do(proposed)
    desk.git("push", "--quiet", "origin", "rolled-back:main")
    desk.do(merged, pipelines)

    assert delivery.serves("prod") == 1
    assert "champion" in desk.type("model-ops versions --stack prod")[1]
    assert '{name: "prod", behind: ["test"]}' in (desk.directory / ".azuredevops/stacks.yml").read_text()


def test_a_change_is_reviewed_and_the_reviews_of_two_stacks_become_one_comment(desk: Laptop) -> None:
    desk.at("chatbot-8")
    desk.git("merge", "--quiet", "--no-edit", "origin/chatbot-in-prod")

    reviewed, joined = desk.blocks("docs/review.md")
    desk.do(reviewed, joined)

    comment = desk.type("model-ops review --join build/review-test.json build/review-prod.json")[1]
    assert "`chatbot`: **roll forward, 2 → 8**" in comment
    assert "`chatbot`: **roll forward, 2 → " in comment


def test_where_nothing_was_changed_by_hand_drift_says_so_each_way(desk: Laptop) -> None:
    desk.at("main")

    (looked,) = desk.blocks("docs/drift.md")
    desk.do(looked)


def test_the_report_is_written_where_it_says(desk: Laptop) -> None:
    desk.at("main")

    (reported,) = desk.blocks("docs/report.md")
    desk.do(reported)

    assert all((desk.directory / name).is_file() for name in ("build/report.html", "report.html"))


def test_what_is_registered_and_newer_is_proposed(delivery: Delivery, desk: Laptop) -> None:
    desk.at("main")

    (proposed,) = desk.blocks("docs/proposals.md")
    desk.do(proposed)

    (pull,) = delivery.pull_requests("propose/test/chatbot-v8")
    assert "`chatbot`: **roll forward, 2 → 8**" in pull["body"]


def test_a_model_goes_to_another_stack_which_serves_it_before_the_first_one_stops(
    delivery: Delivery, desk: Laptop
) -> None:
    """The last one: afterwards prod has no model any more."""
    desk.at("main")
    workspace = delivery.by_hand("prod")
    whole = (desk.directory / "Pulumi.prod.yaml").read_text()
    (desk.directory / "Pulumi.prod-search.yaml").write_text(without_models(whole))

    *handed_over, entry, built, retired, taken_down, deployed = desk.blocks("docs/fleet.md")
    desk.do(*handed_over, entry, built)
    assert delivery.serves("prod") == 1
    assert {each.name for each in workspace.serving_endpoints.list()} == {"chatbot", "chatbot-search"}
    desk.do(retired, taken_down)
    (desk.directory / "Pulumi.prod.yaml").write_text(without_models(whole))
    desk.do(deployed)

    assert [each.name for each in workspace.serving_endpoints.list()] == ["chatbot-search"]
    (held,) = workspace.grants.get("function", f"prod.serving.{MODEL}").privilege_assignments or []
    assert held.principal == "chatbot-serving"
    assert desk.type("model-ops verify --stack prod-search")[0] == 0


def without_models(file: str) -> str:
    """A stack's file without any model."""
    return file.partition("  rollpin:models:")[0] + "  rollpin:models: {}\n"
