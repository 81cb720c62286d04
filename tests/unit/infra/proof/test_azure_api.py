"""What Azure is asked ahead of a first `up`: with the provider's token, page by page, of its own management alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from infra.proof import azure_api
from infra.proof.azure_api import AzureApi, SilentError

FIRST = "https://management.azure.com/subscriptions/s-1/things?api-version=2026"
Answer = Callable[[Mapping[str, Any]], list[str]]


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Have each address answer with a body, or with a status; gives what is asked."""

    def answer(known: Mapping[str, Any]) -> list[str]:
        asked: list[str] = []

        def get(url: str, headers: Mapping[str, str], timeout: float) -> httpx.Response:
            assert (headers["Authorization"], timeout) == ("Bearer aad-secret", azure_api.PATIENCE)
            asked.append(url)
            found, request = known[url], httpx.Request("GET", url)
            if isinstance(found, Exception):
                raise found
            if isinstance(found, int):
                return httpx.Response(found, json={}, request=request)
            return httpx.Response(200, json=found, request=request)

        monkeypatch.setattr(httpx, "get", get)
        return asked

    return answer


def test_all_pages_are_read(answering: Answer) -> None:
    following = f"{FIRST}&page=2"
    asked = answering({FIRST: {"value": [{"n": 1}], "nextLink": following}, following: {"value": [{"n": 2}]}})

    assert AzureApi("s-1", "aad-secret").listed("/things", "2026") == [{"n": 1}, {"n": 2}]
    assert asked == [FIRST, following]


def test_the_token_goes_nowhere_else_and_is_shown_nowhere(answering: Answer) -> None:
    asked = answering({FIRST: {"value": [], "nextLink": "https://elsewhere.example/page"}})

    with pytest.raises(SilentError, match="a page that is not its own"):
        AzureApi("s-1", "aad-secret").listed("/things", "2026")
    assert asked == [FIRST]
    assert "aad-secret" not in repr(AzureApi("s-1", "aad-secret"))


@pytest.mark.parametrize("said", [401, 403, 404, 302, 503, [], httpx.ConnectTimeout("too long"), OSError("no route")])
def test_what_is_no_answer_is_silence(answering: Answer, said: Any) -> None:
    answering({FIRST: said})

    with pytest.raises(SilentError):
        AzureApi("s-1", "aad-secret").listed("/things", "2026")


def test_whoever_is_not_signed_in_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise Exception("invoke of azure-native:authorization:getClientConfig failed: Please run 'az login'")

    monkeypatch.setattr(azure_api, "authorization", SimpleNamespace(get_client_config=refuse))
    with pytest.raises(SilentError, match="az login"):
        AzureApi.signed_in()
