"""Parquet: exact types only where money is concerned."""

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest

from engine.data.parquet import read_parquet
from engine.errors import BadInput
from tests.data.builders import parquet_bytes
from tests.data.company import company, faults


def test_every_plain_type_becomes_text_or_stays_a_float():
    table = pa.table(
        {
            "text": pa.array(["NA", None]),
            "code": pa.array(["a", "b"]).dictionary_encode(),
            "whole": pa.array([7, None], pa.int32()),
            "exact": pa.array([Decimal("1.50"), None], pa.decimal128(12, 2)),
            "day": pa.array([dt.date(2026, 1, 2), None]),
            "midnight": pa.array([dt.datetime(2026, 1, 2), None], pa.timestamp("us")),
            "real": pa.array([0.5, None], pa.float32()),
            "none": pa.nulls(2),
        }
    )
    raw = read_parquet(parquet_bytes(table), "t.parquet", table.column_names)
    assert {name: cells.to_pylist() for name, cells in raw.columns.items()} == {
        "text": ["NA", ""],
        "code": ["a", "b"],
        "whole": ["7", ""],
        "exact": ["1.50", ""],
        "day": ["2026-01-02", ""],
        "midnight": ["2026-01-02", ""],
        "real": [0.5, None],
        "none": ["", ""],
    }


def test_floats_serve_as_places_and_not_as_money(tmp_path):
    table = pa.table(
        {
            "id": ["A1", "A2"],
            "latitude": [40.5, None],
            "longitude": [-100.25, None],
            "potential": pa.array([5, 6]),
        }
    )
    changes = {"accounts": {"path": "t.parquet"}, "opportunities": None, "reps": {"unmatched": "blank"}}
    inputs = company(tmp_path, {"t.parquet": parquet_bytes(table)}, changes)
    assert inputs.accounts.latitude[0] == 40.5
    assert inputs.accounts.potential.tolist() == [500, 600]
    money = table.set_column(3, "potential", pa.array([5.0, 6.0]))
    (fault,) = faults(tmp_path, {"t.parquet": parquet_bytes(money)}, changes)
    assert (fault.code, fault.field) == ("E_TYPE", "potential")
    endless = table.set_column(1, "latitude", pa.array([float("inf"), None]))
    told = faults(tmp_path, {"t.parquet": parquet_bytes(endless)}, changes)
    assert "E_NUMBER_NOT_FINITE" in {fault.code for fault in told}


@pytest.mark.parametrize(
    ("column", "code"),
    [
        (pa.array([[1]]), "E_PARQUET"),
        (pa.array([b"x"]), "E_PARQUET"),
        (pa.array([], pa.string()), "E_EMPTY"),
    ],
)
def test_other_types_are_refused(column, code):
    with pytest.raises(BadInput) as caught:
        read_parquet(parquet_bytes(pa.table({"id": column})), "t.parquet", ["id"])
    assert [fault.code for fault in caught.value.faults] == [code]


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", None])
def test_moments_fall_on_a_day_of_the_time_zone_that_the_table_names(tmp_path, zone):
    moments = [dt.datetime(2026, 1, 5, 3, 30, 0, 250_000), None, dt.datetime(2026, 3, 1, 12)]
    table = pa.table({
        "id": ["O1", "O2", "O3"],
        "rep": ["R1"] * 3,
        "account": ["A1"] * 3,
        "product": ["P1"] * 3,
        "stage": ["Won", "Propose", "Lost"],
        "created": pa.array(moments, pa.timestamp("us", zone)),
        "closed": [dt.date(2026, 4, 1), None, dt.date(2026, 4, 2)],
        "amount": pa.array([5, None, None], pa.int32()),
    })  # fmt: skip
    files = {"t.parquet": parquet_bytes(table)}
    told = {"path": "t.parquet", "time_zone": "America/New_York"}
    inputs = company(tmp_path, files, {"opportunities": told})
    first = "2026-01-05" if zone is None else "2026-01-04"
    assert inputs.history.created.astype(str).tolist() == [first, "2026-03-01"]
    (fault,) = faults(tmp_path, files, {"opportunities": told | {"time_zone": ""}})
    assert (fault.code, fault.field) == ("E_DATE", "created")
    assert "time_zone: America/New_York" in fault.hint


def test_a_torn_file_is_told():
    data = parquet_bytes(pa.table({"id": ["A1"]}))
    for torn in (data[:40], b"id\nA1\n"):
        with pytest.raises(BadInput, match="cannot be read"):
            read_parquet(torn, "t.parquet", ["id"])
