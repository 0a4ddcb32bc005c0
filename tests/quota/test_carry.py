from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from engine.inputs import Spells
from engine.quota.carry import carry
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
