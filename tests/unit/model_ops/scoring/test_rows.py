import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from model_ops.errors import RowsError
from model_ops.scoring.rows import count, read


def records(path, size=2):
    return [record for batch in read(path, size) for record in batch.records]


def written(folder, name, text):
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def parquet(folder, rows):
    pq.write_table(pa.Table.from_pylist(rows), folder / "in.parquet", row_group_size=2)
    return folder / "in.parquet"


def test_a_file_is_read_in_batches_with_the_place_of_each_row(tmp_path):
    path = written(tmp_path, "in.csv", 'a,b\n1,"two\nlines"\n\n3,4\n5,6\n')
    batches = list(read(path, 2))
    assert [len(batch.records) for batch in batches] == [2, 1]
    assert [batch.lines for batch in batches] == [[3, 5], [6]]
    assert batches[0].records[0] == {"a": "1", "b": "two\nlines"}


def test_every_format_gives_the_same_rows_and_counts_them(tmp_path):
    rows = [{"id": str(n), "text": f"ü{n}"} for n in range(5)]
    lines = "".join(f"{json.dumps(row)}\n" for row in rows)
    for path in (
        written(tmp_path, "in.csv", "﻿id,text\r\n" + "".join(f"{row['id']},{row['text']}\r\n" for row in rows)),
        written(tmp_path, "in.jsonl", lines),
        written(tmp_path, "IN.NDJSON", lines.replace("\n", "\n\n")),
        parquet(tmp_path, rows),
    ):
        assert records(path) == rows
        assert count(path) == 5


def test_a_cell_may_be_long(tmp_path):
    assert len(records(written(tmp_path, "in.csv", f"a\n{'x' * 200_000}\n"))[0]["a"]) == 200_000


@pytest.mark.parametrize("name", ["in.csv", "in.jsonl", "header.csv"])
def test_a_file_without_rows_is_refused(tmp_path, name):
    with pytest.raises(RowsError, match="has no rows: expected at least one"):
        records(written(tmp_path, name, "a,b\n" if name == "header.csv" else ""))


def test_a_parquet_file_without_rows_is_refused(tmp_path):
    pq.write_table(pa.table({"a": pa.array([], pa.string())}), tmp_path / "in.parquet")
    with pytest.raises(RowsError, match="has no rows"):
        records(tmp_path / "in.parquet")


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("in.csv", "a,b\n1,2\n3\n", "line 3: found 1 cells, expected 2: a, b"),
        ("in.csv", 'a\n"1\n', "line 2: cannot be read"),
        ("in.csv", "a,a\n1,2\n", "line 1: a column stands twice"),
        ("in.csv", b"a\n\xff\n", "cannot be read"),
        ("in.jsonl", '{"a": 1}\n\n{"a"\n', "line 3: found '{\"a\"', expected one JSON object"),
        ("in.jsonl", "[1]\n", "line 1: found '\\[1\\]', expected one JSON object"),
        ("in.jsonl", '{"a": NaN}\n', "NaN is not JSON"),
        ("in.parquet", "PAR1", "is no Parquet file"),
        ("in.xlsx", "", r"suffix \.xlsx: expected one of \.csv, \.jsonl, \.ndjson, \.parquet"),
        ("in", "", r"suffix \(none\)"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(tmp_path, name, text, reason):
    path = written(tmp_path, name, text)
    with pytest.raises(RowsError, match=reason) as refused:
        records(path)
    assert str(path) in str(refused.value)


@pytest.mark.parametrize("name", ["gone.csv", "gone.jsonl", "gone.parquet"])
def test_a_file_that_is_not_there_is_told(tmp_path, name):
    for ask in (records, count):
        with pytest.raises(RowsError, match="cannot be read: No such file or directory"):
            ask(tmp_path / name)
