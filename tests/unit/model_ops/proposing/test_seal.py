"""Signatures of events: MLflow's own is taken, a changed body, an old one and an unsigned one are not."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from mlflow.webhooks.delivery import _generate_hmac_signature

from model_ops.errors import EventError
from model_ops.proposing.seal import confirm, headers

SECRET, NOW, BODY = "a-secret-of-the-tests", 1_800_000_000.0, b'{"entity": "model_version"}'


def of_mlflow(secret: str = SECRET, stamp: int = int(NOW)) -> list[str]:
    made = _generate_hmac_signature(secret, "d-1", str(stamp), BODY.decode())
    return [f"X-MLflow-Signature: {made}", "X-MLflow-Delivery-Id: d-1", f"X-MLflow-Timestamp: {stamp}"]


def of_databricks(secret: str = SECRET) -> list[str]:
    return [f"x-databricks-signature: {hmac.new(secret.encode(), BODY, hashlib.sha256).hexdigest()}"]


@pytest.mark.parametrize("lines", [of_mlflow(), of_mlflow(stamp=int(NOW) - 200), of_databricks()])
def test_a_body_that_is_signed_with_the_secret_is_taken(lines: list[str]) -> None:
    confirm(BODY, headers(lines), SECRET, NOW)


def test_without_a_secret_no_signature_is_asked_for() -> None:
    confirm(BODY, {}, None, NOW)


@pytest.mark.parametrize(
    ("lines", "body", "why"),
    [
        ([], BODY, "the event is not signed"),
        (of_mlflow("another"), BODY, "not made with the secret"),
        (of_mlflow(), BODY + b" ", "not made with the secret"),
        (of_mlflow(stamp=int(NOW) - 301), BODY, "only one of the last 300 seconds counts"),
        (of_mlflow()[:2], BODY, "X-MLflow-Timestamp is not there"),
        (of_databricks("another"), BODY, "not made with the secret"),
        (["x-databricks-signature: "], BODY, "not made with the secret"),
        (["X-MLflow-Signature: v1,ä", "X-MLflow-Timestamp: 1800000000"], BODY, "not made with the secret"),
    ],
)
def test_what_is_not_signed_with_it_is_refused_and_the_secret_is_not_shown(
    lines: list[str], body: bytes, why: str
) -> None:
    with pytest.raises(EventError, match=why) as caught:
        confirm(body, headers(lines), SECRET, NOW)

    assert SECRET not in str(caught.value)


def test_what_is_no_header_is_refused() -> None:
    with pytest.raises(EventError, match="--header 'Name: value'"):
        headers(["X-MLflow-Signature"])
