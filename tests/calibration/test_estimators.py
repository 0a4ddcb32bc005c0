"""Estimators one by one: seasons, sizes, shrinking, attrition, outcomes."""

from __future__ import annotations

from dataclasses import replace
from math import log, sqrt

import numpy as np
import pytest

from engine.calendar import CalendarSpec, calendar
from engine.calibration.arrivals import arriving
from engine.calibration.attrition import attrition, exposure
from engine.calibration.deciding import deciding
from engine.calibration.found import Z90, Found
from engine.calibration.outcomes import ratios
from engine.calibration.reps import Closed, rep_factor
from engine.calibration.season import months_of, season
from engine.calibration.shrinking import shrink
from engine.calibration.sizes import law_of, mixture, sizes
from engine.calibration.spec import CalibrationSpec
from engine.history import Staff
from engine.pipeline.export import Export
from engine.pipeline.law import mean
from tests.calibration.exports import TODAY, company
from tests.worlds import world

pytestmark = pytest.mark.slow

ASKED = CalibrationSpec()
WEIGHTS = np.array([1.5, 1, 0.8, 1, 1, 1.2, 0.6, 0.6, 1, 1, 1.1, 1.2])


def arrivals_of(weights: np.ndarray, years: int, a_year: float, seed: int) -> np.ndarray:
    """Created days of a seasonal Poisson process before 2027."""
    rng = np.random.default_rng(seed)
    days = np.arange(np.datetime64(f"{2027 - years}-01-01"), np.datetime64("2027-01-01"))
    month = days.astype("datetime64[M]").astype(int) % 12
    rate = weights[month] / weights.mean() * a_year / 365.25
    return np.repeat(days, rng.poisson(rate))


def test_months_of_the_year_are_found_where_they_differ() -> None:
    created = arrivals_of(WEIGHTS, 4, 4_000, 1)
    months = months_of(created, np.datetime64("2023-01-01"), 1461)
    over = season(months, world(), ASKED, Found())
    assert over.seasonality is not None
    found = np.array(over.seasonality.months)
    usual = WEIGHTS * np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    expected = usual / usual.mean()
    assert np.all(np.abs(found / expected - 1) <= 4 / np.sqrt(months.leads.reshape(4, 12).sum(axis=0)))
    assert over.years(months) == pytest.approx(4, rel=0.01)
    assert over.dispersion < 2


def test_months_of_the_quarter_are_found_in_a_short_window_and_rates_look_through_them() -> None:
    weights = np.tile([2.0, 1.0, 1.0], 4)
    created = arrivals_of(weights, 1, 6_000, 2)
    since = np.datetime64("2026-06-01")
    months = months_of(created[created >= since], since, 214)
    over = season(months, world(), ASKED, Found())
    assert over.seasonality is not None
    found = np.array(over.seasonality.months)
    assert found[0] == found[6]
    assert found[0] / found[3] == pytest.approx(31 / 30, abs=1e-3)
    assert found[0] / found[2] == pytest.approx(2, abs=0.15)
    rate = months.leads.sum() / over.years(months)
    assert abs(rate - 6_000) <= 4 * rate / sqrt(months.leads.sum()) * 1.2


def test_segments_that_rise_and_fall_together_are_less_dispersed_than_their_sum() -> None:
    """Months vary by 15 %: 20 segments of 40 leads a month are dispersed by 1 + 0.15^2 40, all by 1 + 0.15^2 800."""
    rng, since = np.random.default_rng(4), np.datetime64("2017-01-01")
    days = np.arange(since, np.datetime64("2027-01-01"))
    month = (days.astype("datetime64[M]") - since.astype("datetime64[M]")).astype(int)
    rate = rng.gamma(1 / 0.15**2, 0.15**2, 120)[month] * 40 * 12 / 365.25
    groups = [np.repeat(days, rng.poisson(rate)) for _ in range(20)]
    counted = [months_of(created, since, len(days)) for created in groups]
    over = season(months_of(np.concatenate(groups), since, len(days)), world(), ASKED, Found())
    assert over.dispersion == pytest.approx(19, rel=4 * sqrt(2 / 120))
    assert over.within(counted) == pytest.approx(1.9, rel=4 * sqrt(2 / 120))


def test_an_even_year_stays_even() -> None:
    created = arrivals_of(np.ones(12), 2, 3_000, 3)
    over = season(months_of(created, np.datetime64("2025-01-01"), 730), world(), ASKED, Found())
    assert over.seasonality is None


def test_leads_by_source_where_the_table_names_sources() -> None:
    rng = np.random.default_rng(4)
    rows = [
        {
            "id": f"D{i}",
            "account": i % 12,
            "created": int(rng.integers(-365, 0)),
            "closed": -1,
            "outcome": 1,
            "amount": 5,
        }
        | {"source": "web" if i % 4 else ("" if i % 8 else "event"), "amount": 5}
        for i in range(2_000)
    ]
    rows[0] |= {"created": -365, "closed": -365}
    inputs = company([row | {"closed": max(row["closed"], row["created"])} for row in rows])
    export = Export(inputs, None, None)
    segment = np.array([*inputs.accounts.segment, ""], dtype=object)[export.account]
    found = arriving(export, ASKED, segment, Found())
    assert list(found.by_source) == ["event", "other", "web"]
    for name, count in (("web", 1_500), ("event", 250), ("other", 250)):
        total = sum(found.by_source[name].by_segment.values())
        assert abs(total - count) <= 4 * sqrt(count) + 1
        assert found.error[name] >= 0.99 / sqrt(count)


def test_mixtures_have_as_many_parts_as_the_amounts() -> None:
    rng = np.random.default_rng(5)
    one = rng.lognormal(8, 0.6, 2_000)
    two = np.concatenate((rng.lognormal(6, 0.3, 1_400), rng.lognormal(9, 0.4, 600)))
    for values, parts in ((one, 1), (two, 2)):
        best, tried = mixture(values, "bic")
        assert len(best.weight) == parts
        assert len(tried) == parts + 1
        error = values.std() / sqrt(len(values))
        assert abs(mean(law_of(best).knots()) - values.mean()) <= 4 * error
    law = law_of(mixture(two, "bic")[0], none=0.25)
    assert mean(law.knots()) == pytest.approx(0.75 * two.mean(), rel=0.03)


def test_effects_by_chance_shrink_to_nothing_and_true_ones_by_their_share() -> None:
    rng = np.random.default_rng(6)
    noise = rng.normal(1, 0.1, 400)
    assert shrink(noise, np.full(400, 0.01), 1.0).sd < 0.04
    true = rng.normal(1, 0.2, 400)
    found = shrink(true + rng.normal(0, 0.1, 400), np.full(400, 0.01), 1.0)
    assert found.sd == pytest.approx(0.2, abs=4 * 0.2 / sqrt(800) * 1.25)
    assert found.kept[0] == pytest.approx(0.8, abs=0.05)
    assert np.mean((found.effect - true) ** 2) < np.mean((found.raw - true) ** 2)
    assert found.probability < 1e-6


@pytest.mark.parametrize("groups", [3, 8, 30])
@pytest.mark.parametrize("sd", [0.0, 0.03, 0.08, 0.2])
def test_intervals_of_shrunk_effects_hold_the_truth_although_their_spread_is_estimated(
    groups: int, sd: float
) -> None:
    """With the error of B alone three groups that differ by 0.03 would be held in 39 % of the cases."""
    rng, held = np.random.default_rng(groups), []
    for _ in range(300):
        error = rng.uniform(0.04, 0.15, groups)
        true = 1 + sd * rng.standard_normal(groups)
        found = shrink(true + error * rng.standard_normal(groups), error**2, 1.0)
        held.append(np.mean(np.abs(found.effect - true) <= Z90 * found.error))
    assert np.mean(held) >= 0.9 - 4 * sqrt(0.9 * 0.1 / 300 / groups) - 0.03


def closed_deals(sd: float, seed: int) -> Closed:
    """Forty seats of 250 closed deals each, whose chances spread by a factor with this deviation around 50 %."""
    rng = np.random.default_rng(seed)
    seats = np.repeat(np.arange(40), 250)
    factor = 1 + sd * rng.standard_normal(40)
    won = (rng.random(10_000) < np.clip(0.5 * factor[seats], 0, 1)).astype(float)
    amount = np.where(won > 0, rng.lognormal(8, 0.5, 10_000), np.nan)
    return Closed([f"R{seat}" for seat in seats], won, np.full(10_000, won.mean()), amount, seats * 0)


def test_seats_get_a_factor_only_where_chance_does_not_explain_them() -> None:
    # Two tests at 1 % each: of 150 worlds without differences 3 are taken for one with some.
    false = sum(rep_factor(closed_deals(0.0, 700 + run), ASKED, Found()) is not None for run in range(150))
    assert false <= 3 + 4 * sqrt(3)
    found = Found()
    factor = rep_factor(closed_deals(0.15, 8), ASKED, found)
    assert factor is not None
    assert factor.applies_to == "wins"
    assert float(factor.sd) == pytest.approx(0.15, abs=4 * 0.15 / sqrt(80) * 1.2)
    told = [p for p in found.parameters if p.name == "wins over expected"]
    assert len(told) == 40
    assert all(abs(p.value - 1) <= abs(p.raw - 1) + 1e-12 for p in told)


def test_groups_of_outcomes_pay_for_their_parameters() -> None:
    rng = np.random.default_rng(9)
    names = ["A", "B"] * 1_000
    chance = np.where(np.array(names) == "A", 0.4, 0.6)
    apart = ratios((rng.random(2_000) < chance).astype(float), np.full(2_000, 0.5), names, "bic", 20)
    alike = ratios((rng.random(2_000) < 0.5).astype(float), np.full(2_000, 0.5), names, "bic", 20)
    assert apart is not None
    assert alike is not None
    assert apart.gain > 0 > alike.gain
    assert np.all(np.abs(apart.shrunk.effect - [0.8, 1.2]) <= 4 * sqrt(0.24 / 1_000) / 0.5)
    assert ratios(np.ones(3), np.full(3, 0.5), ["A", "B", "B"], "bic", 20) is None


def test_the_outcome_goes_with_the_month_or_the_age_or_neither() -> None:
    rng = np.random.default_rng(10)
    month, age = rng.integers(1, 4, 3_000), rng.integers(0, 120, 3_000)
    draw = rng.random(3_000)
    assert deciding(draw < np.array([0, 0.4, 0.5, 0.7])[month], month, age, "bic").by_month
    assert not deciding(draw < 0.2 + 0.5 * (age > 60), month, age, "bic").by_month
    assert not deciding(draw < 0.5, month, age, "bic").by_month


def test_attrition_is_leavers_over_years_watched_worked_by_hand() -> None:
    """From month 3 to 15 and gone; from 0 to 6 and still there: 9 months and 1 quit in [0, 12), 3 and 0 behind."""
    years, quits = exposure(
        np.array([3.0, 0.0, 14.0]), np.array([15.0, 6.0, 20.0]), np.array([True, False, False]),
        np.array([0.0, 12.0, np.inf]),
    )  # fmt: skip
    assert years == pytest.approx([15 / 12, 9 / 12])
    assert quits.tolist() == [0, 1]


def test_rates_by_tenure_are_found_although_only_later_leavers_are_in_the_table() -> None:
    """Hazard 0.6 a year in the first 12 months and 0.2 behind; leavers of the last two years only."""
    rng = np.random.default_rng(11)
    start = rng.uniform(-3_000, -10, 4_000)
    hazard = rng.exponential(1, 4_000)
    stay = np.where(hazard < 0.6, hazard / 0.6, 1 + (hazard - 0.6) / 0.2) * 365.25
    end = start + stay
    kept = (end >= -730) | (end >= 0)
    names = tuple(f"P{i}" for i in np.flatnonzero(kept))
    first = TODAY + np.floor(start[kept]).astype("timedelta64[D]")
    last = TODAY + np.floor(end[kept]).astype("timedelta64[D]")
    last[end[kept] >= 0] = np.datetime64("NaT", "D")
    inputs = replace(world(), staff=Staff(names, first, last))
    asked, found = CalibrationSpec(tenure_months=(0, 12), leavers_since="2025-01-01"), Found()
    process = attrition(inputs, TODAY, asked, found)
    assert process is not None
    for told, rate in zip(found.parameters, (0.6, 0.2), strict=True):
        assert abs(told.value - rate) <= 4 * told.error
        assert told.low < told.value < told.high
    assert [rate.from_month for rate in process.rates] == [0, 12]
    blind = found.parameters[1].rests_on / sum(
        max((min(e, 0) - s) / 365.25 - 1, 0) for s, e in zip(start[kept], end[kept], strict=True)
    )
    assert abs(blind - 0.2) > 4 * found.parameters[1].error


def test_gamma_intervals_of_rates_hold_the_truth() -> None:
    rng = np.random.default_rng(12)
    held, runs = 0, 300
    for _ in range(runs):
        start = np.full(80, -1_000.0)
        end = start + rng.exponential(365.25 / 0.3, 80)
        last = TODAY + np.floor(end).astype("timedelta64[D]")
        last[end >= 0] = np.datetime64("NaT", "D")
        first = np.full(80, TODAY - np.timedelta64(1_000, "D"))
        inputs = replace(world(), staff=Staff(tuple(f"P{i}" for i in range(80)), first, last))
        found = Found()
        attrition(inputs, TODAY, CalibrationSpec(tenure_months=(0,), leavers_since="2024-04-06"), found)
        held += found.parameters[0].low <= 0.3 <= found.parameters[0].high
    assert held / runs >= 0.9 - 4 * sqrt(0.09 / runs)


def test_a_table_without_leavers_says_so() -> None:
    found = Found()
    assert attrition(world(), TODAY, ASKED, found) is None
    assert found.remarks[0].kind == "not estimated"


def test_years_of_weeks_know_months_of_quarters_too() -> None:
    inputs = replace(
        world(), calendar=calendar(CalendarSpec(year=2027, periods="4-4-5", ends_on="saturday", ends="last"))
    )
    created = arrivals_of(np.ones(12), 1, 3_000, 13)
    over = season(months_of(created, np.datetime64("2026-01-01"), 365), inputs, ASKED, Found())
    assert log(over.dispersion) < 1.5


def amounts_of(values: list[float]) -> tuple[Found, str, float]:
    """What is said of amounts in currency units, and the kind and mean of their law."""
    rows = [
        {"id": f"D{i}", "created": -50, "closed": -9, "outcome": 1, "amount": round(100 * value)}
        for i, value in enumerate(values)
    ]
    found = Found()
    told, _ = sizes(Export(company(rows), None, None), ASKED, found)
    law = told.by_product["S0"]
    return found, str(law.model_dump()["kind"]), mean(law.knots())


def test_equal_amounts_free_deals_and_laws_that_miss_the_mean() -> None:
    assert amounts_of([500.0] * 30)[1:] == ("fixed", 500.0)
    found, kind, average = amounts_of([0.0] * 10 + [float(value) for value in range(90, 120)])
    assert (kind, average) == ("mixture", pytest.approx(0.75 * 104.5, rel=0.01))
    assert any("25.0% of won deals are worth nothing" in remark.text for remark in found.remarks)
    rng = np.random.default_rng(14)
    heavy = np.concatenate((rng.uniform(0.01, 1, 400), rng.uniform(900, 1_000, 8)))
    found, _, average = amounts_of(heavy.tolist())
    error = heavy.std(ddof=1) / sqrt(len(heavy))
    missed = any("few large deals decide" in remark.text for remark in found.remarks)
    assert missed == (abs(average - heavy.mean()) > 3 * error)
