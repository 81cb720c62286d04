"""Where a browser signs in, for MLflow's web UI: a form for the token, and a cookie that stands for it after."""

from __future__ import annotations

from urllib.parse import parse_qs

from aiohttp import web

from sandbox.serving.bodies import Body
from sandbox.serving.front_door import FrontDoor

PATH = "/login"
MOST_BODY = 4096
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Rollpin sandbox</title>
<style>body{{font:16px system-ui;max-width:26rem;margin:4rem auto;padding:0 1rem}}
input,button{{font:inherit;padding:.5rem;width:100%;box-sizing:border-box;margin:.25rem 0}}</style></head>
<body><h1>Rollpin sandbox</h1>{note}
<form method="post" action="/login"><label for="token">The sandbox's token, from the file <code>token</code> of its
directory</label><input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
<button>Sign in</button></form></body></html>
"""


class Login:
    """The sign-in page."""

    def __init__(self, door: FrontDoor) -> None:
        self._door = door

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Show the form, or take the token and set the cookie."""
        if request.method != "POST":
            return page(200)
        form = parse_qs((await Body(request, MOST_BODY).whole()).decode("utf-8", "replace"))
        if not self._door.is_token(form.get("token", [""])[0].strip()):
            return page(403, "<p role=alert>That is not this sandbox's token.</p>")
        response = web.Response(status=303, headers={"Location": "/"})
        response.set_cookie(self._door.cookie_name, self._door.cookie, httponly=True, samesite="Strict", path="/")
        return response


def wanted(request: web.BaseRequest) -> bool:
    """Whether it is a browser that asks for a page, and so can be shown the form."""
    asks_for_page = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
    return asks_for_page and "Authorization" not in request.headers


def page(status: int, note: str = "") -> web.Response:
    """Return the form."""
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
    text = PAGE.format(note=note)
    return web.Response(status=status, text=text, content_type="text/html", headers=headers)
