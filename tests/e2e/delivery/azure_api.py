"""The parts of Azure DevOps' REST API that the pipelines' steps call, on loopback, as Microsoft documents them.

A pull request has threads of comments, an issue is a work item, and work items are looked for by WIQL, of which just
the conditions that `model_ops` writes are known. https://learn.microsoft.com/rest/api/azure/devops
"""

from __future__ import annotations

import re
import secrets
import threading
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request

from tests.e2e.delivery.loopback import serving_app

PROJECT, REPOSITORY = "Model Serving", "serving"
SERVICE = {"id": "5e7f1c1e-0000-4000-8000-000000000001", "displayName": f"{PROJECT} Build Service (acme)"}
DONE = "Done"
CONDITION = re.compile(r"\[System\.(\w+)\] (=|<>|CONTAINS) (@project|'(?:[^']|'')*')")
Json = dict[str, Any]


@dataclass
class AzureApi:
    """What the stand-in holds; a test reads it, and opens pull requests here as a person does."""

    url: str = ""
    tokens: set[str] = field(default_factory=set)
    pulls: dict[int, Json] = field(default_factory=dict)
    items: dict[int, Json] = field(default_factory=dict)
    """The fields of each work item, without `System.`."""
    lock: threading.RLock = field(default_factory=threading.RLock)

    def grant(self) -> str:
        """A token for the jobs of a run."""
        token = secrets.token_urlsafe(24)
        self.tokens.add(token)
        return token

    def open(self, branch: str, title: str, description: str = "") -> Json:
        """Open a pull request of a branch into main."""
        with self.lock:
            number = len(self.pulls) + 1
            refs = {"sourceRefName": f"refs/heads/{branch}", "targetRefName": "refs/heads/main"}
            made = {"pullRequestId": number, "status": "active", "title": title, "description": description, **refs}
            self.pulls[number] = {**made, "threads": []}
            return self.pulls[number]

    def requests(self, branch: str) -> list[Json]:
        """All pull requests that were ever opened of a branch."""
        return [each for each in self.pulls.values() if each["sourceRefName"] == f"refs/heads/{branch}"]

    def comments(self, number: int) -> list[str]:
        """The first comments of the threads under a pull request, the oldest first."""
        return [str(each["comments"][0]["content"]) for each in self.pulls[number]["threads"]]

    def titled(self, title: str) -> list[Json]:
        """All work items that were ever opened of a title, the oldest first."""
        return [each for each in self.items.values() if each["Title"] == title]


@contextmanager
def serving() -> Iterator[AzureApi]:
    """Serve an Azure DevOps without anything in it, until the end of the block."""
    api = AzureApi()
    with serving_app(_app(api)) as api.url:
        yield api


def _here(request: Request) -> AzureApi:
    """The stand-in, for whoever signs in as a pipeline's token does: by Basic, without a name."""
    api = cast("AzureApi", request.app.state.api)
    kind, _, said = request.headers.get("authorization", "").partition(" ")
    if kind != "Basic" or b64decode(said).decode().removeprefix(":") not in api.tokens:
        raise HTTPException(401)
    return api


Here = Annotated[AzureApi, Depends(_here)]
git = APIRouter(prefix=f"/{PROJECT}/_apis/git/repositories/{REPOSITORY}")
items = APIRouter(prefix=f"/{PROJECT}/_apis/wit")


@git.get("/pullRequests/{number}/threads")
def list_threads(api: Here, number: int) -> Json:
    """Give the threads under a pull request."""
    return {"value": api.pulls[number]["threads"]}


@git.post("/pullRequests/{number}/threads")
def add_thread(api: Here, number: int, body: Json) -> Json:
    """Begin one."""
    with api.lock:
        threads = api.pulls[number]["threads"]
        comments = [{**each, "id": place, "author": SERVICE} for place, each in enumerate(body["comments"], start=1)]
        threads.append({"id": len(threads) + 1, "status": body["status"], "comments": comments})
        return cast("Json", threads[-1])


@git.patch("/pullRequests/{number}/threads/{thread}/comments/{comment}")
def edit_comment(api: Here, number: int, thread: int, comment: int, body: Json) -> Json:
    """Replace the text of a comment."""
    found = api.pulls[number]["threads"][thread - 1]["comments"][comment - 1]
    found["content"] = body["content"]
    return cast("Json", found)


@git.get("/pullrequests")
def list_pulls(api: Here, request: Request) -> Json:
    """Give the pull requests of a branch: those of a status, which unsaid is `active`."""
    asked = request.query_params
    branch, status = asked["searchCriteria.sourceRefName"], asked.get("searchCriteria.status", "active")
    pulls = (each for each in api.pulls.values() if each["sourceRefName"] == branch)
    return {"value": [each for each in pulls if status in {"all", each["status"]}]}


@git.post("/pullrequests", status_code=201)
def open_pull(api: Here, body: Json) -> Json:
    """Open one; of a branch that has one open already there is no second."""
    with api.lock:
        branch = body["sourceRefName"].removeprefix("refs/heads/")
        if any(e["sourceRefName"] == body["sourceRefName"] and e["status"] == "active" for e in api.pulls.values()):
            raise HTTPException(409, f"TF401179: An active pull request for {branch} already exists.")
        return api.open(branch, body["title"], body["description"])


@items.get("/workitemtypes/Issue/states")
def list_states(_: Here) -> Json:
    """Give the states of an issue, as the process *Basic* names them."""
    pairs = (("To Do", "Proposed"), ("Doing", "InProgress"), (DONE, "Completed"))
    return {"value": [{"name": name, "category": category} for name, category in pairs]}


@items.post("/wiql")
def look_for(api: Here, body: Json) -> Json:
    """Give the numbers of the work items for which all conditions hold."""
    start, _, where = body["query"].partition(" WHERE ")
    conditions = [CONDITION.fullmatch(each) for each in where.split(" AND ")]
    if start != "SELECT [System.Id] FROM WorkItems" or None in conditions:
        raise HTTPException(400, f"TF51005: The query is not known here: {body['query']}")
    told = [each.groups() for each in conditions if each]
    return {"workItems": [{"id": number} for number, item in api.items.items() if all(_fits(item, *e) for e in told)]}


@items.post("/workitems/$Issue")
def open_item(api: Here, body: list[Json]) -> Json:
    """Open one."""
    with api.lock:
        number = len(api.items) + 1
        api.items[number] = {"TeamProject": PROJECT, "State": "To Do", **_fields(body)}
        return {"id": number}


@items.patch("/workitems/{number}")
def edit_item(api: Here, number: int, body: list[Json]) -> Json:
    """Change some of its fields."""
    api.items[number] |= _fields(body)
    return {"id": number}


def _fields(patch: list[Json]) -> Json:
    return {each["path"].removeprefix("/fields/System."): each["value"] for each in patch if each["op"] == "add"}


def _fits(item: Mapping[str, Any], name: str, sign: str, said: str) -> bool:
    value = PROJECT if said == "@project" else said[1:-1].replace("''", "'")
    if sign == "CONTAINS":
        return value in item.get(name, "")
    return (item.get(name) == value) == (sign == "=")


def _app(api: AzureApi) -> FastAPI:
    app = FastAPI()
    app.state.api = api
    app.include_router(git)
    app.include_router(items)
    app.get("/_apis/connectionData", dependencies=[Depends(_here)])(lambda: {"authenticatedUser": SERVICE})
    return app
