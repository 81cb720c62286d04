"""What request bodies have in common: strict types, no unknown field, JSON whatever the Content-Type says."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Query, Request, Response
from fastapi.routing import APIRoute, APIRouter
from pydantic import BaseModel, ConfigDict

from sandbox.workspace.api.errors import ApiError, Json


class Body(BaseModel):
    """A request body, or a part of one: an unknown field or a wrong type is refused, naming it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    def given(self) -> dict[str, Any]:
        """Give the fields that the caller set, without nulls."""
        return self.model_dump(exclude_unset=True, exclude_none=True, by_alias=True)


class JsonRoute(APIRoute):
    """Reads any body as JSON: `curl -d` sends it as a form, and Databricks takes it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the route's handler."""
        handle = super().get_route_handler()

        async def read(request: Request) -> Response:
            kept = [(name, value) for name, value in request.scope["headers"] if name != b"content-type"]
            request.scope["headers"] = [*kept, (b"content-type", b"application/json")]
            _check_text(await request.body())
            return await handle(request)

        return read


def _check_text(body: bytes) -> None:
    if rb"\ud" not in body.lower():
        return
    try:
        json.dumps(json.loads(body), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        # Half of a pair of code units is JSON, but no text that a database can keep.
        raise ApiError(400, "MALFORMED_REQUEST", "The request body holds a lone surrogate, which is no text.") from None
    except (ValueError, RecursionError):
        return  # The route says what is wrong with it.


def router(prefix: str) -> APIRouter:
    """Make a router for a part of the API."""
    return APIRouter(prefix=prefix, route_class=JsonRoute, default_response_class=Json)


MaxResults = Annotated[int, Query(ge=0, le=2**31 - 1)]
PageToken = Annotated[str | None, Query(max_length=1000)]
Counted = Annotated[int, Query(ge=1, le=2**31 - 1)]
