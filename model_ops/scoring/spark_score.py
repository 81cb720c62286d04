"""Batch scoring on Spark: the same rows as PyFunc gives, answered by a UDF in all workers at once."""

from __future__ import annotations

import os
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from model_ops import extras
from model_ops.errors import ModelError, ModelOpsError, SparkError
from model_ops.scoring.arrow_types import arrow_type
from model_ops.scoring.loaded_model import read_signature, refuse_gone
from model_ops.scoring.predictions import Columns, fields, plain
from model_ops.scoring.request import names, typed
from model_ops.scoring.rows import Record, read
from model_ops.scoring.score import Progress, Scored, Scoring
from model_ops.scoring.spark_session import spark_session
from model_ops.signatures import Signature
from model_ops.workspace.mlflow_errors import explained

ROW = "_row"
ANSWER = "prediction"
PASSED_ON = ("MLFLOW_", "DATABRICKS_", "NO_PROXY", "no_proxy")
"""What a Python worker needs of the environment to ask the same workspace, token included."""
SMALL = 64 * 1024
"""Bytes that opening a file counts for: the default of 4 MB keeps a batch of less than that on one core."""


def score_with_spark(
    model_uri: str,
    source: Path,
    target: Path,
    *,
    batch: int = 1000,
    overwrite: bool = False,
    prediction_column: str = "prediction",
    progress: Progress | None = None,
) -> Scored:
    """Answer each row of `source` by `mlflow.pyfunc.spark_udf`, in the session that exists or on this machine.

    Files and columns are those of `score`; `batch` rows go to the model at a time. Raises SparkError too.
    """
    extras.require("spark", "Scoring on Spark")
    job = Scoring(source=source, target=target, batch=batch, overwrite=overwrite, prefix=prediction_column)
    job.check()
    began = time.monotonic()
    with spark_session() as spark, tempfile.TemporaryDirectory(prefix="model-ops-") as folder:
        signature = _signature(model_uri)
        asked, answered = Path(folder) / "asked.parquet", Path(folder) / "answered"
        _write_request(job, signature, asked)
        _answer(spark, model_uri, asked, answered, batch)
        answers = _answers(answered, batch)

        def answer(records: list[Record]) -> Columns:
            return _columns(list(islice(answers, len(records))), signature, prediction_column)

        rows = job.run(signature, answer, progress)
    return Scored(rows=rows, seconds=time.monotonic() - began, model_uri=model_uri, target=target)


def _signature(model_uri: str) -> Signature:
    import mlflow

    with explained(model_uri):
        refuse_gone(model_uri)
        signature = read_signature(mlflow.models.get_model_info(model_uri))
    if not signature.inputs or not signature.outputs:
        raise ModelError(
            f"{model_uri} has no inputs or no outputs in its signature: Spark has to know the types of both. "
            "Log it with a signature, or score without Spark."
        )
    return signature


def _write_request(job: Scoring, signature: Signature, path: Path) -> None:
    """Write the model's columns, and only them, as one Parquet file with the signature's types."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = names(next(iter(read(job.source, 1))).records[0], signature.input_fields)
    typed_columns = zip(columns, signature.input_fields, strict=True)
    schema = pa.schema([(name, arrow_type(field.type)) for name, field in typed_columns])
    with pq.ParquetWriter(path, schema) as writer:
        for some in read(job.source, job.batch):
            records = typed(some, signature.input_fields, job.source)
            kept = [{name: record.get(name) for name in columns} for record in records]
            writer.write_batch(pa.RecordBatch.from_pylist(kept, schema=schema))


def _answer(spark: Any, model_uri: str, asked: Path, answered: Path, batch: int) -> None:
    """Have Spark answer the request, as Parquet files of `_row` and `prediction`."""
    import mlflow
    from pyspark.sql.functions import col, struct

    settings = {"execution.arrow.maxRecordsPerBatch": batch, "files.openCostInBytes": SMALL}
    with _configured(spark, settings), _failing(model_uri), warnings.catch_warnings():
        # pyspark says so of pandas 3 at each call; the tests hold that it gives what PyFunc gives.
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        with explained(model_uri):
            model = mlflow.pyfunc.spark_udf(spark, model_uri=model_uri, env_manager="local", extra_env=_environment())
        df = spark.read.parquet(str(asked))
        df = df.withColumn(ANSWER, model(struct(*map(col, df.columns))))
        df.select(col("_metadata.row_index").alias(ROW), ANSWER).write.parquet(str(answered))


def _environment() -> dict[str, str]:
    """What the workers are told inside the UDF: neither a command line nor Spark's configuration shows it."""
    return {name: value for name, value in os.environ.items() if name.startswith(PASSED_ON)}


@contextmanager
def _configured(spark: Any, settings: dict[str, Any]) -> Iterator[None]:
    before = {name: spark.conf.get(f"spark.sql.{name}") for name in settings}
    try:
        for name, value in settings.items():
            spark.conf.set(f"spark.sql.{name}", str(value))
        yield
    finally:
        for name, value in before.items():
            spark.conf.set(f"spark.sql.{name}", value)


@contextmanager
def _failing(model_uri: str) -> Iterator[None]:
    try:
        yield
    except ModelOpsError:
        raise
    except Exception as error:  # Py4J and pyspark raise of their own
        raise SparkError(
            f"Spark gave up on {model_uri}: {_cause(str(error))}\nScore a few rows without Spark to see more."
        ) from error


def _cause(text: str) -> str:
    """The last line of the Python traceback in what Spark says, else its first line."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    python = [line for line in lines if line.partition(":")[0].endswith(("Error", "Exception")) and ":" in line]
    own = [line for line in python if not line.startswith(("org.apache.spark", "java.", "py4j."))]
    return next(iter(reversed(own)), next(iter(lines), "it did not say why"))[:500]


def _answers(folder: Path, size: int) -> Iterator[Any]:
    """Give the answers in the order of the rows: each file holds some that follow each other."""
    import pyarrow.parquet as pq

    files = [pq.ParquetFile(path) for path in folder.glob("*.parquet")]
    parts = [file for file in files if file.metadata.num_rows]
    expected = 0
    for part in sorted(parts, key=lambda part: next(part.iter_batches(1, columns=[ROW]))[ROW][0].as_py()):
        for some in part.iter_batches(size):
            for row in some.to_pylist(maps_as_pydicts="strict"):
                if row[ROW] != expected:
                    raise SparkError(f"Spark answered row {row[ROW]} where row {expected} was expected.")
                expected += 1
                yield row[ANSWER]


def _columns(answers: Sequence[Any], signature: Signature, prefix: str) -> Columns:
    promised = fields(signature.output_fields)
    if promised is None:
        return {prefix: plain(answers)}
    if len(promised) == 1:
        return {f"{prefix}.{promised[0]}": plain(answers)}
    return {f"{prefix}.{name}": [plain(answer[name]) for answer in answers] for name in promised}
