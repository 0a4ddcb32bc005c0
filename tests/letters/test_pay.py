"""What a quota pays is what the comp engine pays for the same credits, and closed forms where there are some."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.comp.spec import CompSpec
from engine.inputs import Inputs, IntArray, Spells
from engine.letters.pay import pays
from engine.quota.carry import carry, part_periods
from engine.quota.quotas import Quotas
from tests.quota.setting import seats, spec


def people(*rows: tuple[int, str, str, int]) -> Spells:
    names = tuple(f"P{k}" for k in range(len(rows)))
    days = np.array([row[1:3] for row in rows], dtype="datetime64[D]")
    none = np.zeros(len(rows), dtype=np.int64)
    plan = ("AE",) * len(rows)
    target = np.array([row[3] for row in rows], dtype=np.int64)
    return Spells(
        names, names, np.array([row[0] for row in rows]), days[:, 0], days[:, 1], plan, none, target
    )


def comp(**fields: object) -> CompSpec:
    commission = {
        "kind": "commission", "name": "commission", "weight": "100%", "tiers_on": "attainment", "rates": "individual",
        "mode": "marginal", "closed": "left", "accumulate": "year_to_date", "quota": "interval",
        "tiers": [{"start": "0%", "rate": 1}, {"start": "100%", "rate": 2}], **fields,
    }  # fmt: skip
    return CompSpec.model_validate(
        {
            "rounding": "half_up",
            "proration": "days_of_period",
            "plans": {"AE": {"pay": "monthly", "components": [commission]}},
        }
    )


def world() -> Inputs:
    rows = ((0, "2020-01-01", "NaT", 1_200_000), (1, "2027-02-01", "NaT", 1_200_000))
    return replace(seats([100, 100], periods=3), spells=people(*rows))


QUOTAS = Quotas("bookings", np.array([[[30_000, 60_000, 90_000]], [[0, 50_000, 50_000]]]), (), ())


def test_an_accelerator_pays_twice_above_quota() -> None:
    found = pays(world(), QUOTAS, comp(), {})
    assert found[0].components == ("commission",)
    # Target incentive of three months is 300,000 minor units: 80 % of it, all, and a fifth more at twice the rate.
    assert found[0].amounts.tolist() == [[240_000, 300_000, 420_000]]
    assert found[0].quota == 180_000


def test_who_starts_later_is_paid_for_the_time_in_the_seat() -> None:
    found = pays(world(), QUOTAS, comp(), {})
    assert found[1].total[1] == pytest.approx(200_000, abs=1)
    assert found[1].quota == 100_000


def test_another_measure_comes_in_at_the_share_of_what_is_expected() -> None:
    extra = comp(
        tiers_on="credit", rates="of_credit", measure="units", quota=None, tiers=[{"start": 0, "rate": "1%"}]
    )
    found = pays(world(), QUOTAS, extra, {"units": np.array([900_000.0, 0.0])})
    assert found[0].amounts.tolist() == [[7_200, 9_000, 10_800]]


def carried(spells: Spells, cells: IntArray, **fields: object) -> list[int]:
    """Quota of each spell, where a seat's quota counts who sits there and for how long."""
    inputs = replace(world(), spells=spells)
    quotas = Quotas("bookings", cells, (), (), parts=part_periods(inputs, spec(**fields)))
    found = pays(inputs, quotas, comp(), {})
    for one in found.values():
        assert one.amounts[0] / one.amounts[0, 1] == pytest.approx([0.8, 1.0, 1.4], abs=1e-4)
    return [one.quota for one in found.values()]


def test_who_leaves_within_a_month_carries_all_that_the_month_counts() -> None:
    filled = np.array([[[100_000, 25_000, 0]], [[0, 0, 0]]])  # 7 of 28 days of February, then nobody
    assert carried(people((0, "2020-01-01", "2027-02-08", 1_200_000)), filled) == [125_000]


def test_what_an_empty_seat_carries_is_nobodys() -> None:
    cells = np.array([[[100_000, 75_000, 50_000]], [[0, 0, 0]]])  # an empty seat carries half
    spells = people((0, "2027-01-01", "2027-02-15", 1_200_000))
    assert carried(spells, cells, vacant="50%") == [150_000]


def test_who_follows_on_a_ramp_carries_what_the_ramp_counts() -> None:
    cells = np.array([[[100_000, 75_000, 50_000]], [[0, 0, 0]]])  # half of February full, half at 50 %
    spells = people((0, "2020-01-01", "2027-02-15", 1_200_000), (0, "2027-02-15", "NaT", 1_200_000))
    assert carried(spells, cells, ramp=["50%", "50%"]) == [150_000, 75_000]


@given(
    st.lists(st.tuples(st.integers(0, 89), st.integers(0, 89)), min_size=1, max_size=3),
    st.integers(0, 10**12),
)
def test_people_together_carry_all_that_the_filled_days_count(
    days: list[tuple[int, int]], amount: int
) -> None:
    start = np.datetime64("2027-01-01")
    marks = sorted({start + day for pair in days for day in pair})
    spans = list(zip(marks[::2], marks[1::2], strict=False))
    assume(spans)
    spells = people(*((0, str(a), str(b), 1_200_000) for a, b in spans))
    filled = carry(replace(world(), spells=spells), spec())[0]
    cells = np.array([[[amount if share else 0 for share in filled]], [[0, 0, 0]]])
    inputs = replace(world(), spells=spells)
    quotas = Quotas("bookings", cells, (), (), parts=part_periods(inputs, spec()))
    assert sum(one.quota for one in pays(inputs, quotas, comp(), {}).values()) == cells.sum()
