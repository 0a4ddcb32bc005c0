"""Whatever the bytes of a file are, the answer is a table or a fault, never another error."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.delimited import read_csv
from engine.data.parquet import read_parquet
from engine.data.workbook import read_workbook
from engine.errors import BadInput
from tests.data.builders import parquet_bytes, workbook

BOOK = workbook([["id", "price"], ["P1", 3], ["P2", 4.5]])
COLUMNS = parquet_bytes(pa.table({"id": ["P1", "P2"], "price": pa.array([3, 4])}))
PIECES = st.lists(
    st.sampled_from([b",", b"\n", b"\r", b'"', b"\0", b"\xff", b"P1", b" ", b"\xc3\xa9", b"id"]), max_size=30
)


def outcome(read, data: bytes, *further: object) -> str:
    try:
        raw = read(data, "t", *further, ("id", "price"))
    except BadInput as error:
        return "refused" if all(fault.code.startswith("E_") for fault in error.faults) else "without a code"
    assert all(len(cells) == raw.rows for cells in raw.columns.values())
    return "read"


@given(PIECES)
def test_any_text_is_a_table_or_a_fault(pieces):
    assert outcome(read_csv, b"id,price\n" + b"".join(pieces)) in {"read", "refused"}


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.binary(max_size=6))
@pytest.mark.parametrize(
    ("read", "whole", "further"), [(read_workbook, BOOK, ("",)), (read_parquet, COLUMNS, ())]
)
def test_a_damaged_file_is_a_table_or_a_fault(read, whole, further, at, damage):
    place = at % len(whole)
    damaged = whole[:place] + damage + whole[place + len(damage) :]
    assert outcome(read, damaged, *further) in {"read", "refused"}
    assert outcome(read, whole, *further) == "read"
    assert outcome(read, whole[: place // 2], *further) == "refused"
