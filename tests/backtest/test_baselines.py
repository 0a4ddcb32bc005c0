"""Baselines worked by hand on a world of two products."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.backtest.baselines import Weighted, trailing
from engine.backtest.slices import Slice
from engine.inputs import Inputs
from engine.pipeline.export import Export
from tests.pipeline.settings import opportunities, spec
from tests.worlds import world

TOTAL = Slice("total", "total")
PRODUCT = Slice("product", "S1")


def seen(closed: list[dict[str, Any]], open_: list[dict[str, Any]] | None = None) -> Inputs:
    """A world on 2027-01-01 with deals of accounts and products in turn; days count from then."""
    return replace(world(), history=opportunities(closed), pipeline=opportunities(open_ or []))


def export(inputs: Inputs) -> Export:
    return Export.of(inputs, spec(), None, None)


def won(closed: int, amount: int, product: int = 0, created: int | None = None) -> dict[str, Any]:
    begun = closed - 10 if created is None else created
    return {"created": begun, "closed": closed, "outcome": 1, "amount": amount, "product": product}


def quarter() -> Inputs:
    """Bookings of 100, 400 and 100 in October to December 2026; in October nothing of the second product."""
    return seen([won(-92, 100), won(-50, 150), won(-45, 250, 1), won(-20, 60), won(-3, 40, 1)])


def test_the_trailing_mean_has_the_spread_of_its_months() -> None:
    forecast = trailing(export(quarter()), TOTAL, 2, 3)
    # Mean 200 and standard deviation 173.2 a month; the normal distribution is cut off at 0.
    assert np.median(forecast) == pytest.approx(400)
    upper = np.quantile(forecast, 0.8413)
    assert upper == pytest.approx(400 + np.sqrt(30_000) * np.sqrt(2), rel=0.005)


def test_the_trailing_mean_takes_what_whole_months_there_are() -> None:
    inputs = seen([won(-50, 999), won(-20, 80), won(-3, 40)])
    # The export begins on 12 November: December alone is whole, and one month shows no spread.
    assert np.unique(trailing(export(inputs), TOTAL, 1, 3)).tolist() == [120]


def test_a_slice_has_its_own_trailing_mean() -> None:
    assert np.median(trailing(export(quarter()), PRODUCT, 1, 3)) == pytest.approx((0 + 250 + 40) / 3)


def decided_at_ten(open_: list[dict[str, Any]]) -> Inputs:
    """Of eight deals created long ago, half are won at the age of 10 days for 100, half lost at that of 20."""
    closed = [won(-60 + day, 100) for day in range(4)]
    lost = [{"created": -70 + day, "closed": -50 + day, "outcome": 0} for day in range(4)]
    return seen([*closed, *lost], open_)


@pytest.mark.parametrize(("age", "days", "chance"), [(1, 9, 0.0), (1, 10, 0.5), (9, 2, 0.5), (11, 30, 0.0)])
def test_an_open_deal_is_won_within_the_days_by_its_age(age: int, days: int, chance: float) -> None:
    inputs = decided_at_ten([{"created": -age, "stage": "Working"}])
    weighted = Weighted.of(export(inputs), spec(stages=[], arrivals=None, estimate={}))
    assert weighted.chances(days).tolist() == pytest.approx([chance])


def test_the_run_rate_adds_what_is_created_and_won_within_the_horizon() -> None:
    inputs = decided_at_ten([])
    weighted = Weighted.of(export(inputs), spec(stages=[], arrivals=None, estimate={}))
    # No deal was created since the first close, so the rate is given here: one a day.
    weighted = replace(weighted, daily=1.0, mix=np.array([1.0, 0.0]))
    # Of 14 days, those of the first four have their tenth day within them: two are won, for 100 each.
    forecast = weighted.forecast(TOTAL, 14)
    assert np.median(forecast) == pytest.approx(200, rel=0.01)
    assert weighted.forecast(PRODUCT, 14).max() == 0


def test_given_stages_weigh_by_stage_and_age_says_when() -> None:
    inputs = decided_at_ten([{"created": -1, "stage": "Close"}, {"created": -1, "stage": "Qualify"}])
    weighted = Weighted.of(export(inputs), spec())
    # Within ten days half of the closes happen; from Close 50 % are won, from Qualify 60 % of these.
    assert weighted.chances(10).tolist() == pytest.approx([0.25, 0.15])
    assert weighted.chances(40).tolist() == pytest.approx([0.5, 0.3])


def test_known_amounts_of_open_deals_count_as_they_are() -> None:
    inputs = decided_at_ten([{"created": -1, "stage": "Working", "amount": 5_000}])
    weighted = Weighted.of(export(inputs), spec(stages=[], arrivals=None, estimate={}))
    assert np.median(weighted.forecast(TOTAL, 10)) == pytest.approx(2_500, rel=0.01)
