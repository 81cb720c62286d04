"""How calls of this project name themselves to the servers that they reach: `rollpin/<version>`."""

from __future__ import annotations

import logging
from functools import cache
from importlib import metadata
from typing import Any

PRODUCT = "rollpin"
NAMELESS = "unknown"
"""What databricks-sdk says of a process that has not named itself."""


@cache
def version() -> str:
    """The version of this project; 0.0.0 where its code is on a path and not installed."""
    try:
        return metadata.version(PRODUCT)
    except metadata.PackageNotFoundError:
        return "0.0.0"


def header() -> dict[str, str]:
    """The header of a request in which no SDK sends it."""
    return {"User-Agent": f"{PRODUCT}/{version()}"}


def product() -> dict[str, Any]:
    """The same for the `Config` of databricks-sdk, which adds itself, Python and the system."""
    return {"product": PRODUCT, "product_version": version()}


def upstream() -> dict[str, str]:
    """The same for other programs that call with one of Databricks' SDKs, as variables of their environment."""
    return {"DATABRICKS_SDK_UPSTREAM": PRODUCT, "DATABRICKS_SDK_UPSTREAM_VERSION": version()}


def introduce() -> None:
    """Have databricks-sdk name this project wherever it is used in this process, unless it names another already.

    What it warns of goes to who listens to its logger, and not to standard error: this project says what matters.
    """
    from model_ops.sdk import useragent

    if useragent.product()[0] == NAMELESS:
        useragent.with_product(PRODUCT, version())
    logger = logging.getLogger("databricks.sdk")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
