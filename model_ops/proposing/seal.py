"""Whether an event comes from who may send it: the HMAC over its body, by the secret that both sides know.

MLflow signs `<delivery id>.<timestamp>.<body>` and writes `v1,<base64>`; Databricks signs the body and writes hex.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Iterable, Mapping

from model_ops.errors import EventError

SECRET = "MODEL_OPS_WEBHOOK_SECRET"  # noqa: S105 - the variable's name
"""The variable with the secret; where it is set, an event without a good signature is refused."""
MLFLOW, DATABRICKS = "x-mlflow-signature", "x-databricks-signature"
DELIVERY, TIMESTAMP = "x-mlflow-delivery-id", "x-mlflow-timestamp"
OLDEST = 300
"""Seconds for which a signature is good, as MLflow's own guide has it; what is older may be a replay."""


def headers(lines: Iterable[str]) -> dict[str, str]:
    """Read `Name: value`, by names in lower case; raises EventError where one is no header."""
    found = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            raise EventError("One of the headers has no name. Write each as it came: --header 'Name: value'")
        found[name.strip().lower()] = value.strip()
    return found


def confirm(body: bytes, found: Mapping[str, str], secret: str | None, now: float) -> None:
    """Raise EventError unless the body is signed with the secret; without a secret nothing is asked for.

    `now` is in seconds since 1970.
    """
    if not secret:
        return
    if MLFLOW in found:
        good = _is_of_mlflow(body, found, secret, now)
    elif DATABRICKS in found:
        made = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        good = hmac.compare_digest(made.encode(), found[DATABRICKS].encode())
    else:
        raise EventError(
            f"{SECRET} is set, and the event is not signed: it came without X-MLflow-Signature and "
            "X-Databricks-Signature.\nHand its headers over too: --header 'Name: value', once for each"
        )
    if not good:
        raise EventError(
            f"The event's signature is not made with the secret in {SECRET}, or not of this body.\n"
            "Hand the body over to the byte, and see that webhook and variable have the same secret"
        )


def _is_of_mlflow(body: bytes, found: Mapping[str, str], secret: str, now: float) -> bool:
    stamp = found.get(TIMESTAMP, "")
    if not stamp.isascii() or not stamp.isdigit() or abs(now - int(stamp)) > OLDEST:
        raise EventError(
            f"The event's X-MLflow-Timestamp is {stamp or 'not there'}: only one of the last {OLDEST} seconds counts.\n"
            "Let the webhook send it again"
        )
    signed = b".".join((found.get(DELIVERY, "").encode(), stamp.encode(), body))
    made = b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()
    return hmac.compare_digest(f"v1,{made}".encode(), found[MLFLOW].encode())
