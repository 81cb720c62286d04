"""The checks that the signature says what goes in and what comes out, and that today's clients still fit."""

from __future__ import annotations

from model_ops.checks.report import Check, failed, passed
from model_ops.errors import SignatureError
from model_ops.signatures.compatibility import Compatibility, compare
from model_ops.signatures.signature import Signature
from model_ops.versions.mlmodel import MlModel

COMPLETE, COMPATIBLE = "signature", "compatible"
AGAIN = (
    "log the model again with signature=mlflow.models.infer_signature(inputs, outputs), "
    "and register it as a new version"
)


def check_complete(mlmodel: MlModel) -> Check:
    """Require inputs and outputs, as Unity Catalog does."""
    try:
        signature = Signature.from_mlmodel(mlmodel.signature)
    except SignatureError as error:
        return failed(COMPLETE, error.headline, AGAIN)
    lacks = [name for name in ("inputs", "outputs") if signature is None or getattr(signature, name) is None]
    if lacks:
        return failed(COMPLETE, f"it has no {' and no '.join(lacks)}", AGAIN)
    return passed(COMPLETE, "it has inputs and outputs")


def check_compatible(new: MlModel, served: MlModel | None, number: int | None) -> Check:
    """Compare with the version that serves: what its clients send and read must go on working."""
    if served is None or number is None:
        return passed(COMPATIBLE, "nothing serves yet, so there are no clients to break")
    try:
        found = compare(Signature.from_mlmodel(served.signature), Signature.from_mlmodel(new.signature))
    except SignatureError as error:
        return failed(COMPATIBLE, error.headline, AGAIN)
    if found.level != "breaking":
        return passed(COMPATIBLE, f"{found.level} with version {number}, which serves now")
    return failed(
        COMPATIBLE,
        f"it breaks the clients of version {number}, which serves now: {_breaks(found)}",
        "keep the old fields, or change the clients first and serve the new version on an endpoint of its own",
    )


def _breaks(found: Compatibility) -> str:
    return "; ".join(str(change) for change in found.changes if change.level == "breaking")
