from __future__ import annotations

import pytest

from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.api.paging import page


def test_pages_give_every_item_once() -> None:
    items, token = list(range(7)), None
    seen: list[int] = []
    while True:
        part = page(items, 3, token)
        seen += part.items
        if (token := part.token) is None:
            break
    assert seen == items


def test_no_limit_means_all() -> None:
    assert page([1, 2], 0, None).items == [1, 2]
    assert page([1, 2], 0, None).token is None


@pytest.mark.parametrize("token", ["x", "é", "bm90"])
def test_a_token_that_was_not_given_out_is_refused(token: str) -> None:
    with pytest.raises(ApiError, match="page_token"):
        page([1], 1, token)
