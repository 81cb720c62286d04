"""Spark on this machine, for as long as a scoring takes: quiet, without a web UI, reachable from here alone."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from model_ops.errors import SparkError

INSTALL_JAVA = "Install a Java runtime, version 17, and put `java` on the PATH or set JAVA_HOME"
LOGGING = Path(__file__).parent / "log4j2.properties"

CONFIG = {
    "spark.master": "local[*]",
    "spark.app.name": "model-ops score",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={LOGGING.as_uri()}",
    "spark.eventLog.enabled": "false",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
ENVIRONMENT = {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
"""Of the JVM while it starts: its workers are this interpreter, with what is installed here."""


def missing() -> str | None:
    """Say what Spark lacks here beside pyspark, and how to install it; None where it can start."""
    home = os.environ.get("JAVA_HOME")
    if not (shutil.which("java") or (home and (Path(home) / "bin" / "java").exists())):
        return f"There is no Java: expected `java` on the PATH. {INSTALL_JAVA}."
    return None


@contextmanager
def spark_session() -> Iterator[Any]:
    """Give the session that exists, or start a local one and stop it after; raises SparkError where none can start."""
    if reason := missing():
        raise SparkError(f"{reason} Or score without Spark.")
    from pyspark.sql import SparkSession

    if (active := SparkSession.getActiveSession()) is not None:
        yield active
        return
    spark = _started(SparkSession.builder)
    try:
        yield spark
    finally:
        spark.stop()


def _started(builder: Any) -> Any:
    for name, value in CONFIG.items():
        builder = builder.config(name, value)
    try:
        with _environment(ENVIRONMENT):
            return builder.getOrCreate()
    except Exception as error:  # Py4J and pyspark raise of their own
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise SparkError(
            f"Spark does not start: {reason}\nCheck `java -version`: expected 17. {INSTALL_JAVA}."
        ) from error


@contextmanager
def _environment(added: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in added}
    os.environ.update(added)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
