"""Payload tables on disk: a directory each, of Parquet files that are whole from the moment they can be seen."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from sandbox.serving.payload_row import Row


def write_part(directory: Path, rows: Sequence[Row]) -> Path:
    """Add a file to a table that is there; raises OSError where it cannot be written."""
    import pyarrow
    from pyarrow import parquet

    schema = pyarrow.schema(
        [
            ("databricks_request_id", pyarrow.string()),
            ("request_date", pyarrow.date32()),
            ("client_request_id", pyarrow.string()),
            ("request_time", pyarrow.timestamp("us", tz="UTC")),
            ("status_code", pyarrow.int32()),
            ("sampling_fraction", pyarrow.float64()),
            ("execution_duration_ms", pyarrow.int64()),
            ("request", pyarrow.string()),
            ("response", pyarrow.string()),
            ("logging_error_codes", pyarrow.list_(pyarrow.string())),
            ("served_entity_id", pyarrow.string()),
            ("requester", pyarrow.string()),
        ]
    )
    part = directory / f"part-{time.time_ns()}.parquet"
    # Readers of Parquet pass over names that begin with a dot.
    draft = directory / f".{part.name}.draft"
    try:
        parquet.write_table(pyarrow.Table.from_pylist([row.columns() for row in rows], schema), draft)
        return draft.replace(part)
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
