from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from sandbox.serving.front_door import SIGNED
from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.files.signed_addresses import LONGEST, Signer

SIGNER = Signer("token")
FIELDS = {"path": "/Models/a/b/c/1/ü &x=1", "session": "s"}


def later(**past: int) -> str:
    return (datetime.now(UTC) + timedelta(**past)).isoformat()


def signed(expire_time: str, deed: str = "part") -> dict[str, str]:
    url = SIGNER.sign(deed, FIELDS, expire_time)
    assert SIGNED.fullmatch(url), "the router lets it in"
    return dict(parse_qsl(urlsplit(url).query))


def test_a_signed_address_is_good_for_what_it_names() -> None:
    fields = signed(later(minutes=5))
    SIGNER.check("part", fields)
    assert {name: fields[name] for name in FIELDS} == FIELDS


@pytest.mark.parametrize("change", [{"path": "/other"}, {"expires": "9999999999"}, {"signature": ""}, {"more": "x"}])
def test_an_address_that_was_changed_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(ApiError, match="signature of this address is not valid"):
        SIGNER.check("part", signed(later(minutes=5)) | change)


def test_an_address_for_another_deed_or_of_another_workspace_is_refused() -> None:
    fields = signed(later(minutes=5))
    for signer, deed in ((SIGNER, "abort"), (SIGNER, "download"), (Signer("other"), "part")):
        with pytest.raises(ApiError, match="not valid"):
            signer.check(deed, fields)


def test_an_address_expires() -> None:
    with pytest.raises(ApiError, match="has expired"):
        SIGNER.check("part", signed(later(seconds=-2)))
    wanted = datetime.now(UTC).timestamp() + LONGEST
    assert float(signed(later(days=300))["expires"]) <= wanted + 2


def test_a_time_that_is_none_is_refused() -> None:
    with pytest.raises(ApiError, match="expire_time"):
        SIGNER.sign("part", FIELDS, "soon")


@pytest.mark.parametrize(
    "target",
    [
        "/api/2.0/fs/presigned/download",
        "/api/2.0/fs/presigned/",
        "/api/2.0/fs/presigned/../../mlflow/experiments/search?x",
        "/api/2.0/fs/presigned/download/../../files/x?y",
        "/api/2.0/fs/presigned/%2e%2e/files?x",
        "/api/2.0/fs/files/presigned/download?x",
        "//api/2.0/fs/presigned/download?x",
        "http://127.0.0.1/api/2.0/fs/presigned/download?x",
    ],
)
def test_the_router_lets_no_other_address_in_as_signed(target: str) -> None:
    assert not SIGNED.fullmatch(target)
