"""The parts of GitHub's REST API that the workflows' steps call, on loopback, as GitHub documents them.

Each job has a token of its own that may do what the job's `permissions` say, and nothing else: as on GitHub, whatever
else it asks for is answered by 403. https://docs.github.com/rest
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse

from tests.e2e.delivery.loopback import serving_app

REPOSITORY = "acme/serving"
LIMIT = 65_536
BOT = {"login": "github-actions[bot]", "type": "Bot"}
WORDS = {401: "Bad credentials", 403: "Resource not accessible by integration", 404: "Not Found"}
Json = dict[str, Any]


@dataclass
class GitHubApi:
    """What the stand-in holds; a test reads it, and opens pull requests here as a person does."""

    url: str = ""
    tokens: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """What each token may do."""
    issues: dict[int, Json] = field(default_factory=dict)
    """Issues and pull requests, which share their numbers."""
    comments: dict[int, Json] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def grant(self, permissions: Mapping[str, str]) -> str:
        """A token for a job."""
        token = f"ghs_{secrets.token_hex(18)}"
        self.tokens[token] = dict(permissions)
        return token

    def open(self, kind: str, user: Mapping[str, str], **fields: Any) -> Json:
        """Open an issue, or a pull request."""
        with self.lock:
            number = len(self.issues) + 1
            page = f"{self.url}/{REPOSITORY}/{'pull' if kind == 'pull' else 'issues'}/{number}"
            made = {"number": number, "html_url": page, "state": "open", "user": dict(user), **fields}
            self.issues[number] = made | ({"pull_request": {"html_url": page}} if kind == "pull" else {})
            return self.issues[number]

    def comments_on(self, number: int) -> list[Json]:
        """The comments under an issue or pull request, the oldest first."""
        return [each for each in self.comments.values() if each["issue"] == number]

    def comment(self, number: int) -> str:
        """The text of the one comment there; there must be one."""
        (found,) = self.comments_on(number)
        return str(found["body"])

    def may(self, token: str, permission: str, level: str) -> bool:
        """Whether a token has a permission, to `read` or to `write`."""
        held = self.tokens[token].get(permission)
        return held == "write" or (level == "read" and held == "read")


@contextmanager
def serving() -> Iterator[GitHubApi]:
    """Serve a GitHub without anything in it, until the end of the block."""
    api = GitHubApi()
    with serving_app(_app(api)) as api.url:
        yield api


def _here(request: Request) -> GitHubApi:
    return cast("GitHubApi", request.app.state.api)


Here = Annotated[GitHubApi, Depends(_here)]
routes = APIRouter(prefix=f"/repos/{REPOSITORY}")


def _needs(permission: str, level: str) -> Any:
    """What a route asks of the token: `issues|pull-requests` is one of the two."""

    def check(request: Request, api: Here) -> None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in api.tokens:
            raise HTTPException(401)
        if not any(api.may(token, each, level) for each in permission.split("|")):
            raise HTTPException(403)

    return Depends(check)


WRITE, READ = _needs("issues|pull-requests", "write"), _needs("issues|pull-requests", "read")


@routes.get("/issues/{number}/comments", dependencies=[READ])
def list_comments(api: Here, number: int, per_page: int = 30, page: int = 1) -> list[Json]:
    """Give the comments under an issue or a pull request."""
    _found(api.issues, number)
    return _page(api.comments_on(number), per_page, page)


@routes.post("/issues/{number}/comments", status_code=201, dependencies=[WRITE])
def add_comment(api: Here, number: int, body: Json) -> Json:
    """Write one."""
    _found(api.issues, number)
    with api.lock:
        key = 9000 + len(api.comments)
        api.comments[key] = {"id": key, "issue": number, "user": BOT, "body": _text(body["body"])}
        return api.comments[key]


@routes.patch("/issues/comments/{key}", dependencies=[WRITE])
def edit_comment(api: Here, key: int, body: Json) -> Json:
    """Replace one's text."""
    _found(api.comments, key)["body"] = _text(body["body"])
    return api.comments[key]


@routes.get("/issues", dependencies=[_needs("issues", "read")])
def list_issues(api: Here, state: str = "open", per_page: int = 30, page: int = 1) -> list[Json]:
    """Give the issues; pull requests are among them."""
    return _page([each for each in api.issues.values() if state in {"all", each["state"]}], per_page, page)


@routes.post("/issues", status_code=201, dependencies=[_needs("issues", "write")])
def open_issue(api: Here, body: Json) -> Json:
    """Open one."""
    return api.open("issue", BOT, title=body["title"], body=_text(body.get("body", "")))


@routes.patch("/issues/{number}", dependencies=[_needs("issues", "write")])
def edit_issue(api: Here, number: int, body: Json) -> Json:
    """Change one's text or state."""
    _text(body.get("body", ""))
    _found(api.issues, number).update(body)
    return api.issues[number]


@routes.get("/pulls", dependencies=[_needs("pull-requests", "read")])
def list_pulls(api: Here, state: str = "open", head: str = "", per_page: int = 30, page: int = 1) -> list[Json]:
    """Give the pull requests, or those of a branch."""
    pulls = [each for each in api.issues.values() if "pull_request" in each and state in {"all", each["state"]}]
    return _page([each for each in pulls if not head or each["head"]["label"] == head], per_page, page)


@routes.post("/pulls", status_code=201, dependencies=[_needs("pull-requests", "write")])
def open_pull(api: Here, body: Json) -> Json:
    """Open one; of a branch that has one open already there is no second."""
    with api.lock:
        source = head(body["head"])
        if any(each.get("head") == source and each["state"] == "open" for each in api.issues.values()):
            raise HTTPException(422, f"Validation Failed: A pull request already exists for {source['label']}.")
        return api.open("pull", BOT, title=body["title"], body=_text(body.get("body", "")), head=source)


def head(branch: str) -> Json:
    """A branch of this repository, as the source of a pull request."""
    owner = REPOSITORY.partition("/")[0]
    return {"ref": branch, "label": f"{owner}:{branch}", "repo": {"full_name": REPOSITORY}}


def _app(api: GitHubApi) -> FastAPI:
    app = FastAPI(exception_handlers={HTTPException: _refused})
    app.state.api = api
    app.include_router(routes)
    # No token of a job may ask who it is.
    app.get("/user", dependencies=[_needs("none", "read")])(lambda: {})
    return app


def _refused(_: Request, error: Exception) -> JSONResponse:
    status = getattr(error, "status_code", 500)
    said = getattr(error, "detail", "")
    return JSONResponse({"message": WORDS.get(status, said), "status": str(status)}, status)


def _found(things: Mapping[int, Json], key: int) -> Json:
    if key not in things:
        raise HTTPException(404)
    return things[key]


def _page(found: list[Json], per_page: int, page: int) -> list[Json]:
    return found[(page - 1) * per_page :][: min(per_page, 100)]


def _text(body: str) -> str:
    if len(body) > LIMIT:
        raise HTTPException(422, f"Validation Failed: body is too long (maximum is {LIMIT} characters)")
    return body
