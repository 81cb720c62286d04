from __future__ import annotations

import asyncio
import logging
from datetime import UTC, date, datetime
from pathlib import Path

import pandas
import pytest
from pyarrow import parquet

from sandbox.serving import payload_log
from sandbox.serving.payload_log import PayloadLog
from sandbox.serving.payload_part import write_part
from sandbox.serving.payload_row import MOST_LOGGED, Exchange, Row

AT = datetime(2026, 5, 1, 23, 30, tzinfo=UTC).timestamp()


def row(request: bytes = b"{}", response: bytes = b"{}", status: int = 200) -> Row:
    return Row.of(Exchange(AT, request, "e1", "me"), status, response)


def written(table: Path) -> list[str]:
    return [path.name for path in table.iterdir()]


def test_a_table_has_the_columns_that_databricks_documents(tmp_path):
    write_part(tmp_path, [row(b'{"client_request_id": "c1"}', b'{"predictions": [1]}')])
    [found] = parquet.read_table(tmp_path).to_pylist()
    assert found.pop("databricks_request_id")
    assert found.pop("execution_duration_ms") >= 0
    assert found == {
        "request_date": date(2026, 5, 1),
        "client_request_id": "c1",
        "request_time": datetime(2026, 5, 1, 23, 30, tzinfo=UTC),
        "status_code": 200,
        "sampling_fraction": 1.0,
        "request": '{"client_request_id": "c1"}',
        "response": '{"predictions": [1]}',
        "logging_error_codes": [],
        "served_entity_id": "e1",
        "requester": "me",
    }


def test_pandas_reads_it_whole_while_it_grows(tmp_path):
    for number in range(3):
        write_part(tmp_path, [row(status=200 + number)])
        (tmp_path / ".part-9.parquet.draft").write_bytes(b"half a file")
        assert sorted(pandas.read_parquet(tmp_path)["status_code"]) == list(range(200, 201 + number))


@pytest.mark.parametrize(
    ("request_size", "response_size", "codes"),
    [
        (MOST_LOGGED, MOST_LOGGED, []),
        (MOST_LOGGED + 1, 2, ["MAX_REQUEST_SIZE_EXCEEDED"]),
        (2, MOST_LOGGED + 1, ["MAX_RESPONSE_SIZE_EXCEEDED"]),
        (MOST_LOGGED + 1, MOST_LOGGED + 1, ["MAX_REQUEST_SIZE_EXCEEDED", "MAX_RESPONSE_SIZE_EXCEEDED"]),
    ],
)
def test_of_a_body_that_is_too_large_only_that_is_kept(request_size, response_size, codes):
    columns = row(b"q" * request_size, b"a" * response_size).columns()
    assert columns["logging_error_codes"] == codes
    assert (columns["request"] is None) == (request_size > MOST_LOGGED)
    assert (columns["response"] is None) == (response_size > MOST_LOGGED)


@pytest.mark.parametrize("request_body", [b"\xff", b"[", b'{"client_request_id": 7}', b'["client_request_id"]'])
def test_any_bytes_can_be_written_down(tmp_path, request_body):
    write_part(tmp_path, [row(request_body)])
    [found] = parquet.read_table(tmp_path).to_pylist()
    assert (found["request"], found["client_request_id"]) == (request_body.decode(errors="replace"), None)


def test_a_table_that_cannot_be_written_leaves_nothing_half_made(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_part(tmp_path / "gone", [row()])
    assert written(tmp_path) == []


def test_rows_are_written_after_the_interval_and_those_left_at_the_end(tmp_path):
    async def main():
        log = PayloadLog(interval=0.01)
        log.add(tmp_path, row())
        assert written(tmp_path) == []
        await asyncio.wait_for(log._writing, 30)
        assert len(written(tmp_path)) == 1
        last = PayloadLog(interval=60)
        last.add(tmp_path, row())
        await last.close()

    asyncio.run(main())
    assert len(parquet.read_table(tmp_path)) == 2


def test_much_is_written_without_waiting(tmp_path):
    async def main():
        log = PayloadLog(interval=60, enough=1000)
        for _ in range(3):
            log.add(tmp_path, row())
        await asyncio.wait_for(log._writing, 30)

    asyncio.run(main())
    assert len(parquet.read_table(tmp_path)) == 3


def test_what_exceeds_the_memory_is_lost_and_the_log_says_so(tmp_path, caplog):
    async def main():
        log = PayloadLog(interval=60, most=row().size * 2)
        for _ in range(5):
            log.add(tmp_path, row())
        await log.close()
        log.add(tmp_path, row())
        await log.close()

    with caplog.at_level(logging.WARNING):
        asyncio.run(main())
    assert len(parquet.read_table(tmp_path)) == 3
    assert "3 requests were not written into payload tables" in caplog.text


def test_a_table_that_is_gone_takes_no_other_with_it(tmp_path, caplog):
    async def main():
        log = PayloadLog()
        log.add(tmp_path / "gone", row())
        log.add(tmp_path, row())
        await log.close()

    asyncio.run(main())
    assert len(parquet.read_table(tmp_path)) == 1
    assert f"1 requests are lost to the payload table {tmp_path / 'gone'}" in caplog.text


def test_the_bounds_leave_room_for_the_largest_requests():
    assert payload_log.ENOUGH < payload_log.MOST
    assert payload_log.MOST > 16 * 2 * MOST_LOGGED
