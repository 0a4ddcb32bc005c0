"""The pay benchmark settles deals to the cent, as SQL does."""

import numpy as np
import pyarrow as pa

from benchmarks.pay import SUBJECT, cents, decimals


def test_the_small_case_pays_the_lines_of_sql_to_the_cent():
    rows = SUBJECT.run("small", seed=3)
    assert [row.peer_name for row in rows] == ["DuckDB on DECIMAL"]
    assert all(row.ok and row.ours > 0 and row.ratio > 0 for row in rows)


def test_cents_and_decimals_are_the_same_money():
    amounts = np.array([0, 1, -1, 123_456_789_012, -99])
    column = decimals(amounts)
    assert [str(value) for value in column.to_pylist()] == ["0.00", "0.01", "-0.01", "1234567890.12", "-0.99"]
    assert cents(pa.chunked_array([column[:2], column[2:]])).tolist() == amounts.tolist()
