import datetime as dt
import os
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model_ops.errors import RowsError
from model_ops.scoring.rows import Batch, read
from model_ops.scoring.scored_rows import ScoredBatch, written
from model_ops.signatures.field_type import Array, Scalar

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=9)
ROWS = st.lists(st.fixed_dictionaries({"id": TEXT, "tags": st.lists(TEXT, max_size=3)}), min_size=1, max_size=5)
TAGS = {"tags": Array(items=Scalar(name="string"))}


def scored(records, predictions, **more):
    batch = Batch(records=records, lines=[n + 1 for n in range(len(records))], **more)
    return ScoredBatch(batch=batch, typed=records, predictions=predictions)


def write(target, *batches, overwrite=False, types=None):
    with written(target, overwrite=overwrite, types=types or {}) as one:
        for batch in batches:
            one(batch)


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
@given(rows=ROWS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nested_values_come_back_as_they_were(tmp_path, suffix, rows):
    target = tmp_path / f"out{suffix}"
    write(target, scored(rows, {"prediction": [n for n, _ in enumerate(rows)]}), overwrite=True, types=TAGS)
    [back] = read(target, 100)
    assert back.records == [{**row, "prediction": n} for n, row in enumerate(rows)]


@given(rows=st.lists(st.fixed_dictionaries({"id": TEXT, "tags": TEXT}), min_size=1, max_size=5))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_cells_of_csv_are_kept_to_the_letter_and_nested_predictions_are_json(tmp_path, rows):
    target = tmp_path / "out.csv"
    write(target, scored(rows, {"prediction": [[row["id"]] for row in rows]}, text=True), overwrite=True)
    [back] = read(target, 100)
    assert [{name: row[name] for name in ("id", "tags")} for row in back.records] == rows
    assert list(back.records[0]) == [*rows[0], "prediction"]
    assert back.records[0]["prediction"].startswith("[")


def test_types_of_parquet_are_kept(tmp_path):
    table = pa.RecordBatch.from_pylist(
        [{"d": Decimal("1.50"), "t": dt.datetime(2026, 3, 1), "m": {"a": 1}, "i": 7}],
        schema=pa.schema(
            [
                ("d", pa.decimal128(9, 2)),
                ("t", pa.timestamp("ns")),
                ("m", pa.map_(pa.string(), pa.int8())),
                ("i", pa.int16()),
            ]
        ),
    )
    write(tmp_path / "out.parquet", scored(table.to_pylist(), {"prediction": ["x"]}, table=table))
    assert pq.read_schema(tmp_path / "out.parquet").remove_metadata() == table.schema.append(
        pa.field("prediction", pa.string())
    )


def test_times_and_bytes_have_a_text(tmp_path):
    row = {"t": dt.datetime(2026, 3, 1), "b": b"hi", "n": None, "f": True}
    for suffix in (".csv", ".jsonl"):
        write(tmp_path / f"out{suffix}", scored([row], {"prediction": [1.5]}))
    assert (tmp_path / "out.csv").read_text() == "t,b,n,f,prediction\n2026-03-01T00:00:00,aGk=,,true,1.5\n"
    assert '"b": "aGk=", "n": null, "f": true, "prediction": 1.5' in (tmp_path / "out.jsonl").read_text()


@pytest.mark.parametrize(
    ("suffix", "second", "reason"),
    [
        (".csv", {"a": 1, "b": 2}, "Line 1 has b, which the first row does not have"),
        (".parquet", {"a": 1, "b": 2}, r"Lines 1 to 1 do not fit one Parquet schema \(b not in the first row\)"),
        (".parquet", {"a": "text"}, "Lines 1 to 1 do not fit one Parquet schema"),
    ],
)
def test_rows_that_do_not_fit_one_table_are_refused_and_nothing_is_left(tmp_path, suffix, second, reason):
    with pytest.raises(RowsError, match=rf"{reason}.*Write a \.jsonl file"):
        write(tmp_path / f"out{suffix}", scored([{"a": 1}], {"p": [1]}), scored([second], {"p": [1]}))
    assert list(tmp_path.iterdir()) == []


def test_a_target_is_overwritten_only_when_allowed(tmp_path):
    target = tmp_path / "out.jsonl"
    target.write_text("old\n")
    target.chmod(0o640)
    with pytest.raises(RowsError, match=r"is there already.*overwrite=True"):
        write(target, scored([{"a": 1}], {"p": [1]}))
    assert target.read_text() == "old\n"
    write(target, scored([{"a": 1}], {"p": [1]}), overwrite=True)
    assert target.read_text() == '{"a": 1, "p": 1}\n'
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(RowsError, match="there is no folder"):
        write(tmp_path / "gone" / "out.csv", scored([{"a": 1}], {"p": [1]}))


KILLED = """
import os, signal, sys
from pathlib import Path
from model_ops.scoring.rows import Batch
from model_ops.scoring.scored_rows import ScoredBatch, written
with written(Path(sys.argv[1]), overwrite=True, types={}) as write:
    for first in range(0, 5000, 10):
        lines = list(range(first, first + 10))
        records = [{"a": n} for n in lines]
        write(ScoredBatch(batch=Batch(records=records, lines=lines), typed=records, predictions={"p": lines}))
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
@pytest.mark.parametrize("old", [True, False])
def test_a_killed_writer_leaves_the_old_file_or_none(tmp_path: Path, suffix: str, old: bool):
    target = tmp_path / f"out{suffix}"
    if old:
        target.write_text("old")
    done = subprocess.run([sys.executable, "-c", KILLED, str(target)], check=False, env={**os.environ})
    assert done.returncode == -signal.SIGKILL
    assert (target.read_text() if target.exists() else None) == ("old" if old else None)


def test_json_lines_hold_no_nan_no_infinity_and_no_half_of_a_character(tmp_path):
    target = tmp_path / "out.jsonl"
    write(target, scored([{"id": "\ud800"}], {"prediction": [[float("nan"), float("-inf"), 1.0]]}))
    assert target.read_text() == '{"id": "\\ud800", "prediction": [null, null, 1.0]}\n'


def test_a_number_that_parquet_cannot_hold_is_refused_and_nothing_is_written(tmp_path):
    target = tmp_path / "out.parquet"
    with pytest.raises(RowsError, match=r"Write a \.jsonl file"):
        write(target, scored([{"id": 1}], {"prediction": [10**30]}))
    assert not target.exists()


def write_late(target):
    with written(target, overwrite=False, types={}) as one:
        one(scored([{"a": 1}], {"p": [1]}))
        target.write_text("somebody else's\n")


def test_a_file_that_comes_into_being_meanwhile_is_left_as_it_is(tmp_path):
    target = tmp_path / "out.jsonl"
    with pytest.raises(RowsError, match="has come into being meanwhile"):
        write_late(target)
    assert target.read_text() == "somebody else's\n"
    assert list(tmp_path.iterdir()) == [target]
