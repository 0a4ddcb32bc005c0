"""Cost as company attainment moves, apart from its spread at one attainment."""

import numpy as np
import pytest

from engine import comp
from engine.comp.sensitivity import bins, company_attainment, spreads
from tests.comp.test_groups import in_regions, table
from tests.comp.worlds import BONUS, COMMISSION, SALARY, even_quotas, random_bookings, spec, units


def drawn(slope, noise, size=4000, seed=3):
    rng = np.random.default_rng(seed)
    attainment = rng.normal(1, 0.1, size)
    return attainment, 1000 + slope * attainment + noise * rng.normal(0, 1, size)


def test_sensitivity_and_volatility_are_found_and_make_up_the_variance():
    attainment, cost = drawn(slope=300, noise=20)
    parts = bins(attainment, cost)
    whole, sensitivity, volatility = spreads(parts)
    assert len(parts) == 20
    assert sensitivity == pytest.approx(30, rel=0.05)
    assert volatility == pytest.approx(20, rel=0.05)
    assert whole**2 == pytest.approx(sensitivity**2 + volatility**2)


def test_cost_that_follows_attainment_alone_has_no_fan_however_wide_the_bins():
    for part in bins(*drawn(slope=300, noise=0, size=500)):
        assert np.ptp(part.fan) < 1e-9
        assert part.slope == pytest.approx(300)


def test_a_point_of_attainment_costs_the_slope_of_the_line_and_not_the_noise_of_a_bin():
    rng = np.random.default_rng(5)
    attainment = rng.normal(1, 0.08, 1000)
    cost = 5000 + 3000 * attainment + 2000 * np.maximum(attainment - 1, 0) + 130 * rng.normal(0, 1, 1000)
    found = [(part.attainment.mean(), part.slope) for part in bins(attainment, cost)]
    assert all(2000 < slope < 6000 for _, slope in found)
    low, high = ([slope for at, slope in found if (at > 1) == above] for above in (False, True))
    assert np.mean(low) == pytest.approx(3000, rel=0.1)
    assert np.mean(high) == pytest.approx(5000, rel=0.1)


def test_equal_attainments_have_a_level_and_no_slope():
    (part,) = bins(np.ones(40), np.arange(40.0))
    assert (part.level, part.slope) == (pytest.approx(19.5), pytest.approx(0))
    assert sorted(part.fan) == pytest.approx(np.arange(40.0))


def test_cost_that_knows_nothing_of_attainment_is_all_volatility():
    whole, sensitivity, volatility = spreads(bins(*drawn(slope=0, noise=20)))
    assert volatility == pytest.approx(whole, rel=0.01)
    assert sensitivity < 0.15 * whole


def test_few_replications_are_one_bin_and_no_quota_is_none():
    attainment, cost = drawn(300, 20, size=30)
    assert [part.cost.size for part in bins(attainment, cost)] == [30]
    assert bins(attainment[:0], cost[:0]) == []
    unknown = company_attainment(np.ones((4, 2, 12), dtype=np.int64), np.zeros((2, 12), dtype=np.int64))
    assert bins(unknown, np.ones(4)) == []


def test_the_tables_of_a_settlement():
    inputs = in_regions(*["West"] * 6)
    payouts = comp.settle(
        inputs, random_bookings(inputs, 400), even_quotas(inputs), spec(SALARY, COMMISSION, BONUS)
    )
    curve = units(payouts, "cost_by_attainment")
    assert curve["replications"].sum() == 400
    assert (curve["from"].to_numpy()[1:] >= curve["to"].to_numpy()[:-1]).all()
    assert (curve["p90"] >= curve["p50"]).all()
    assert curve["mean"].mean() == pytest.approx(payouts.cost.sum(axis=(1, 2)).mean() / 100)
    shares = table(payouts, "cost_variation").set_index("figure")["share"]
    assert shares["sensitivity"] + shares["volatility"] == pytest.approx(shares["total"]) == pytest.approx(1)
    assert shares["sensitivity"] > 0.5
