"""The same commands in Azure DevOps, as its documentation says that it answers."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from click.testing import CliRunner

from model_ops.cli import main

TITLE = "Stack eu doesn't serve what it pins"


@pytest.fixture
def azure(place, monkeypatch):
    threads: list[dict[str, Any]] = []
    items: list[dict[str, Any]] = []

    def begin(_at, _asked, body):
        comment = {"id": 1, "content": body["comments"][0]["content"], "author": {"id": "me"}}
        threads.append({"id": len(threads) + 1, "comments": [comment], "status": body["status"]})
        return threads[-1]

    def edit(at, _asked, body):
        threads[int(at[1]) - 1]["comments"][0].update(body)
        return body

    def write(fields, body):
        fields.update({each["path"].removeprefix("/fields/System."): each["value"] for each in body})
        return fields

    def make(_at, _asked, body):
        items.append(write({"id": len(items) + 1, "State": "To Do"}, body))
        return items[-1]

    def ask(_at, _asked, body):
        title = body["query"].partition("[System.Title] = '")[2].partition("' AND")[0].replace("''", "'")
        found = [each for each in items if each["State"] != "Done" and each["Title"] == title]
        return {"workItems": [{"id": each["id"]} for each in found]}

    git, wit = r"/models/_apis/git/repositories/serving", r"/models/_apis/wit"
    place.on("GET", "/_apis/connectionData", lambda *_: {"authenticatedUser": {"id": "me"}})
    place.on("GET", rf"{git}/pullRequests/7/threads", lambda *_: {"value": threads})
    place.on("POST", rf"{git}/pullRequests/7/threads", begin)
    place.on("PATCH", rf"{git}/pullRequests/7/threads/(\d+)/comments/1", edit)
    place.on(
        "GET", rf"{wit}/workitemtypes/Issue/states", lambda *_: {"value": [{"name": "Done", "category": "Completed"}]}
    )
    place.on("POST", rf"{wit}/wiql", ask)
    place.on("POST", rf"{wit}/workitems/\$Issue", make)
    place.on("PATCH", rf"{wit}/workitems/(\d+)", lambda at, _, body: write(items[int(at[1]) - 1], body))
    for name in ("GITHUB_REPOSITORY", "GITHUB_TOKEN", "GITHUB_STEP_SUMMARY", "TF_BUILD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SYSTEM_ACCESSTOKEN", "secret")
    monkeypatch.setenv("SYSTEM_COLLECTIONURI", f"{place.url}/")
    monkeypatch.setenv("SYSTEM_TEAMPROJECT", "models")
    monkeypatch.setenv("BUILD_REPOSITORY_NAME", "serving")
    return threads, items


def run(text: str, *words: str):
    return CliRunner().invoke(main, list(words), input=text)


def test_a_comment_is_a_closed_thread_that_is_edited_in_place(azure, place):
    threads, _ = azure
    first, second = (run(text, "comment", "--pull-request", "7") for text in ("one", "two"))
    assert first.exit_code == second.exit_code == 0, first.output + second.output
    assert [(each["status"], each["comments"][0]["content"].splitlines()[1]) for each in threads] == [("closed", "two")]
    signed = b64encode(b":secret").decode()
    assert {headers["authorization"] for *_, headers in place.calls} == {f"Basic {signed}"}


def test_a_comment_that_somebody_else_marked_is_never_edited(azure):
    threads, _ = azure
    run("ours", "comment", "--pull-request", "7")
    threads[0]["comments"][0]["author"] = {"id": "mallory"}
    run("ours again", "comment", "--pull-request", "7")
    assert len(threads) == 2


def test_there_is_one_open_work_item_for_a_title_and_it_is_completed_when_all_is_well(azure):
    _, items = azure
    for text in ("version <6> serves", "version <5> serves"):
        assert run(text, "issue", "--title", TITLE, "--plain").exit_code == 0
    assert [(each["Title"], each["Tags"], each["State"]) for each in items] == [(TITLE, "rollpin", "To Do")]
    assert items[0]["Description"] == "<pre>version &lt;5&gt; serves</pre>"
    assert run("well", "issue", "--title", TITLE, "--close").exit_code == 0
    assert (items[0]["State"], items[0]["History"]) == ("Done", "<pre>well</pre>")


def test_a_work_item_names_its_run_and_is_cut_where_it_is_long(azure, monkeypatch):
    _, items = azure
    for name, value in {"TF_BUILD": "True", "BUILD_BUILDID": "7"}.items():
        monkeypatch.setenv(name, value)
    run("a line of it\n" * 20_000, "issue", "--title", TITLE, "--plain")
    assert len(items[0]["Description"]) <= 101_000
    assert items[0]["Description"].startswith("<pre>This is cut, for it has 259,999 characters")
    assert items[0]["Description"].endswith("/_build/results?buildId=7</pre>")


def test_a_pipeline_that_does_not_say_its_repository_is_told_what_lacks(azure, monkeypatch):
    monkeypatch.delenv("BUILD_REPOSITORY_NAME")
    done = run("one", "comment", "--pull-request", "7")
    assert done.exit_code == 1
    assert "BUILD_REPOSITORY_NAME" in done.output
