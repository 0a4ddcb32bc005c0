"""Coverage of quotas by the open pipeline, and sales capacity, by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from engine.quota.coverage import tables
from tests.quota.setting import booked, quotas, seats, spec, table

INPUTS = seats(
    [300, 100, 100], periods=2, region=["East", "East", "West"], district=["North", "South", "North"]
)
CELLS = np.array([[[300_00, 100_00]], [[100_00, 100_00]], [[0, 200_00]]])


def test_coverage_is_open_value_over_quota_at_every_level() -> None:
    value = np.array(
        [[[150_00, 50_00], [0, 0], [40_00, 100_00]], [[300_00, 50_00], [100_00, 0], [40_00, 400_00]]]
    )
    known = replace(
        booked(INPUTS),
        open_value=value.astype(float),
        kpi_names=("won", "lost"),
        kpis=np.array([[2, 6], [1, 3], [1, 3]]),
    )
    coverage, _ = tables(INPUTS, known, "bookings", CELLS, [Fraction(1)] * 3)
    frame = coverage.frame.set_index(["by", "group", "period"])
    assert (frame["needed"] == 4).all()
    first = frame.loc[("company", "", INPUTS.calendar.labels[0])]
    assert first[
        ["quota", "expected_value", "coverage", "open_value", "open_coverage"]
    ].tolist() == pytest.approx([400, 190, 190 / 400, 440, 1.1])
    east = frame.loc[("region", "East", INPUTS.calendar.labels[0])]
    assert east["coverage"] == pytest.approx(150 / 400)
    assert ("district", "East / North", INPUTS.calendar.labels[1]) in frame.index
    assert ("district", "South", INPUTS.calendar.labels[1]) in frame.index
    assert np.isnan(frame.loc[("rep", INPUTS.reps.id[2], INPUTS.calendar.labels[0]), "coverage"])


def test_capacity_is_full_quota_times_ramp_times_attainment() -> None:
    (capacity,) = tables(
        INPUTS, booked(INPUTS), "bookings", CELLS, [Fraction(1), Fraction(1, 2), Fraction(1)]
    )
    frame = capacity.frame.set_index(["by", "group"])
    second = frame.loc[("rep", INPUTS.reps.id[1])]
    assert second.tolist() == pytest.approx([200, 0.5, 400, 2.0, 400])
    assert frame.loc[("company", ""), "capacity"] == pytest.approx(frame.loc["rep", "capacity"].sum())


def test_a_stage_without_an_open_pipeline_says_capacity_alone() -> None:
    found = quotas(INPUTS, spec(levels=[]))
    assert {each.name for each in found.tables} >= {"sales_capacity", "quota_reps"}
    assert "coverage" not in {each.name for each in found.tables}
    assert table(found, "sales_capacity")["attainment"].notna().all()
