"""Batch scoring: every row of a file answered by a model, into another file."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from model_ops import extras
from model_ops.errors import RowsError
from model_ops.scoring.loaded_model import LoadedModel, load_model
from model_ops.scoring.predictions import Columns, by_column, fields
from model_ops.scoring.request import frame, typed
from model_ops.scoring.rows import Batch, Record, count, format_of, read
from model_ops.scoring.scored_rows import ScoredBatch, Types, refuse_existing, written
from model_ops.signatures import Signature

__all__ = ["LoadedModel", "Scored", "Scoring", "load_model", "score"]

Progress = Callable[[int, int | None], None]
"""Hears how many rows are done, and of how many; None where they are not counted."""


@dataclass(frozen=True, kw_only=True)
class Scored:
    """What a scoring did: how many rows, in how many seconds, by which model, into which file."""

    rows: int
    seconds: float
    model_uri: str
    target: Path


def score(
    model_uri: str,
    source: Path,
    target: Path,
    *,
    batch: int = 1000,
    overwrite: bool = False,
    prediction_column: str = "prediction",
    progress: Progress | None = None,
) -> Scored:
    """Answer each row of `source` with the model at `model_uri`, `batch` rows at a time, into `target`.

    Columns of the source are kept, in order, before the prediction. Raises RowsError, ModelError, WorkspaceError
    and ExtraError; the target is then as it was.
    """
    extras.require("scoring", "Scoring a batch")
    job = Scoring(source=source, target=target, batch=batch, overwrite=overwrite, prefix=prediction_column)
    job.check()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="model-ops-") as folder:
        model = load_model(model_uri, Path(folder))

        def answer(records: list[Record]) -> Columns:
            asked = frame(records, model.signature.input_fields)
            return by_column(model.predict(asked), len(records), model.signature.output_fields, prediction_column)

        rows = job.run(model.signature, answer, progress)
    return Scored(rows=rows, seconds=time.monotonic() - began, model_uri=model_uri, target=target)


@dataclass(frozen=True, kw_only=True)
class Scoring:
    """The way of the rows from one file to the other, whoever answers them."""

    source: Path
    target: Path
    batch: int
    overwrite: bool
    prefix: str

    def check(self) -> None:
        """Find out what speaks against it before anything is loaded; raises RowsError."""
        if self.batch < 1:
            raise RowsError(f"{self.batch} rows at a time: expected 1 or more.")
        next(iter(read(self.source, 1)))
        format_of(self.target)
        refuse_existing(self.target, overwrite=self.overwrite)
        if self.target.exists() and self.target.samefile(self.source):
            raise RowsError(f"{self.target} is the input too: expected another file for the answers. Name one.")

    def run(
        self, signature: Signature, answer: Callable[[list[Record]], Columns], progress: Progress | None = None
    ) -> int:
        """Read, answer and write batch by batch; returns how many rows there were."""
        total = count(self.source) if progress else None
        done = 0
        with written(self.target, overwrite=self.overwrite, types=self._types(signature)) as write:
            for some in read(self.source, self.batch):
                records = typed(some, signature.input_fields, self.source)
                predictions = answer(records)
                self._refuse_taken(some, predictions)
                write(ScoredBatch(batch=some, typed=records, predictions=predictions))
                done += len(records)
                if progress:
                    progress(done, total)
        return done

    def _types(self, signature: Signature) -> Types:
        """The types that the signature gives to columns of the target."""
        promised = fields(signature.output_fields)
        names = [self.prefix] if promised is None else [f"{self.prefix}.{name}" for name in promised]
        outputs = {name: field.type for name, field in zip(names, signature.output_fields, strict=True)}
        return {field.name: field.type for field in signature.input_fields if field.name} | outputs

    def _refuse_taken(self, batch: Batch, predictions: Columns) -> None:
        taken = [name for name in predictions if any(name in record for record in batch.records)]
        if taken:
            raise RowsError(
                f"{self.source} has a column {', '.join(taken)} already: expected no such name beside the prediction. "
                "Choose another with prediction_column (--prediction-column)."
            )
