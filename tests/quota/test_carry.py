from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.inputs import Spells
from engine.quota.carry import carry, part_periods
from tests.quota.setting import seats, spec


def spells(*rows: tuple[int, str, str]) -> Spells:
    names = tuple(f"P{i}" for i in range(len(rows)))
    none = np.zeros(len(rows), dtype=np.int64)
    days = np.array([[start, end] for _, start, end in rows], dtype="datetime64[D]")
    return Spells(names, names, np.array([r for r, _, _ in rows]), days[:, 0], days[:, 1], names, none, none)


def test_days_without_a_person_count_what_the_scenario_says() -> None:
    inputs = replace(
        seats([1, 1], periods=2), spells=spells((0, "2020-01-01", "2027-01-11"), (0, "2027-02-15", "NaT"))
    )
    assert carry(inputs, spec()) == [[Fraction(10, 31), Fraction(1, 2)], [0, 0]]
    assert carry(inputs, spec(vacant="10%"))[1] == [Fraction(1, 10)] * 2
    assert carry(inputs, spec(vacant="50%"))[0] == [Fraction(41, 62), Fraction(3, 4)]


def test_a_ramp_counts_months_in_the_seat_from_the_start_of_the_spell() -> None:
    inputs = replace(
        seats([1, 1], periods=3), spells=spells((0, "2026-12-31", "NaT"), (1, "2027-02-01", "2027-03-01"))
    )
    ramped = carry(inputs, spec(ramp=["0", "50%"]))
    # A month after 31 December is 31 January; two months after it is the last of February.
    assert ramped[0] == [Fraction(1, 2) / 31, (27 * Fraction(1, 2) + 1) / 28, 1]
    assert ramped[1] == [0, 0, 0]


def test_a_backfill_ramps_anew() -> None:
    rows = ((0, "2026-01-01", "2027-02-01"), (0, "2027-02-01", "NaT"))
    inputs = replace(seats([1], periods=3), spells=spells(*rows))
    assert carry(inputs, spec(ramp=["20%"])) == [[1, Fraction(1, 5), 1]]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_parts_of_a_period_count_what_a_walk_through_its_days_counts(data: st.DataObject) -> None:
    first = dt.date(2027, 1, 1)
    marks = data.draw(st.lists(st.integers(-40, 95), unique=True, min_size=2, max_size=6).map(sorted))
    dates = [first + dt.timedelta(day) for day in marks]
    days = data.draw(st.lists(st.sampled_from(list(pairwise(dates))), unique=True, min_size=1))
    held = [(0, str(start), str(end)) for start, end in days]
    inputs = replace(seats([1], periods=3), spells=spells(*held))
    away = [{"rep": inputs.reps.id[0], "start": "2027-02-10", "end": "2027-03-05", "carries": "25%"}]
    wanted = spec(
        ramp=["0", "50%"],
        vacant=data.draw(st.sampled_from(["0", "30%"])),
        leave=data.draw(st.sampled_from([[], away])),
    )
    found = part_periods(inputs, wanted)
    told = {(int(s), int(p)): (a, b) for s, p, a, b in zip(*found, strict=True)}
    whole, edges = carry(inputs, wanted)[0], [edge.astype(object) for edge in inputs.calendar.edges]
    for period, pair in enumerate(pairwise(edges)):
        for spell, (begin, end) in ((s, points) for (s, p), points in told.items() if p == period):
            alone = replace(inputs, spells=spells(held[spell]))
            own = carry(alone, wanted.model_copy(update={"vacant": Decimal(0)}))[0][period]
            assert 0 <= begin <= end <= 1
            if whole[period]:
                assert end - begin == own / whole[period]
        mine = {s for s, p in told if p == period}
        if mine and not whole[period]:
            assert sum(end - begin for (_, p), (begin, end) in told.items() if p == period) == 1
        partly = {
            k
            for k, (a, b) in enumerate(days)
            if 0 < (min(b, pair[1]) - max(a, pair[0])).days < (pair[1] - pair[0]).days
        }
        assert partly <= mine
        assert bool(partly) == bool(mine)
