"""Refusals as aiohttp responses."""

from __future__ import annotations

from aiohttp import web

from sandbox.serving.errors import ApiError


def refused(refusal: ApiError) -> web.Response:
    """Return the response that says it."""
    return web.Response(
        status=refusal.status, body=refusal.body, content_type="application/json", headers=refusal.headers
    )
