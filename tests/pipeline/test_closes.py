"""Estimates from closes alone: months by their place in the quarter, their errors, and what is left out."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.calendar import CalendarSpec, calendar
from engine.errors import BadInput
from engine.inputs import FloatArray, Inputs, IntArray
from engine.measures import DEFAULT
from engine.pipeline import estimate
from engine.pipeline.build import build
from engine.pipeline.closes import Closes
from engine.pipeline.export import Export
from engine.pipeline.spec import PipelineSpec
from tests.pipeline.settings import START, opportunities, spec
from tests.worlds import world

Z80 = 1.2815515655446004
MONTHS = np.arange(np.datetime64("2026-04"), np.datetime64("2027-01"))


def closed(counts: list[tuple[int, int]]) -> list[dict[str, Any]]:
    """Deals (closed, won) of the months from April 2026 on, on the second of each month; that of April on the first."""
    rows = []
    for month, (count, won) in zip(MONTHS, counts, strict=True):
        day = int((month.astype("datetime64[D]") - START).astype(int)) + (0 if month == MONTHS[0] else 1)
        for place in range(count):
            rows.append(
                {
                    "id": f"D{month}-{place:03d}", "created": day - 5, "closed": day, "outcome": int(place < won),
                    "amount": 1_000 + place if place < won else -1, "product": place % 2,
                }
            )  # fmt: skip
    return rows


COUNTS = [(10, 5), (20, 8), (40, 32), (14, 7), (20, 8), (40, 32), (12, 6), (20, 8), (40, 32)]


def inputs(counts: list[tuple[int, int]] = COUNTS, **plan: Any) -> Inputs:
    known = replace(world(), history=opportunities(closed(counts)))
    return replace(known, calendar=calendar(CalendarSpec(**plan))) if plan else known


def block(**changes: Any) -> PipelineSpec:
    asked = {"leads_from": "closes"} | changes
    return spec(arrivals=None, stages=[], sizes=None, estimate=asked)


def closes(known: Inputs) -> Closes:
    return Closes.of(Export.of(known, block(), None, None))


def test_months_of_one_place_are_taken_together() -> None:
    found = closes(inputs())
    assert found.rate.tolist() == [12, 20, 40]
    assert found.chance.tolist() == [0.5, 0.4, 0.8]
    resolved, notes = estimate(inputs(), block())
    assert resolved.arrivals is not None
    assert resolved.arrivals.leads == 4 * (12 + 20 + 40)
    assert resolved.seasonality is not None
    assert resolved.seasonality.months == (12, 20, 40) * 4
    assert [float(case.advance or 0) for case in resolved.stages[0].cases] == [0.5, 0.4, 0.8]
    assert "12 (50.0% won), 20 (40.0% won), 40 (80.0% won), from 9 whole months" in notes[0]


def test_quarters_of_a_fiscal_year_that_begins_in_february() -> None:
    found = closes(inputs(start="2027-01-01", first_month=2, length=3))
    assert found.rate.tolist() == [20, 40, 12]
    # January is the last month of such a quarter.
    assert found.by_calendar[:3].tolist() == [2, 0, 1]


def test_a_plan_that_begins_within_a_quarter_keeps_its_places() -> None:
    counts = COUNTS[:8]
    rows = [row for row in closed([*counts, (0, 0)])]
    known = replace(
        world(),
        history=opportunities(rows),
        calendar=calendar(CalendarSpec(start="2026-12-01", length=1)),
    )
    found = closes(known)
    assert found.rate.tolist() == [12, 20, 40]
    resolved, _ = estimate(known, block())
    built = build(known, known.accounts.owner, resolved, DEFAULT)
    at = built.model.selling.cell[0, 0, 0, 0, built.model.selling.month[0]]
    assert built.model.selling.row["advance"][at] == 0.8
    assert built.model.arising.spring["rate"].sum() == pytest.approx(40)


def above_zero(found: float, error: float) -> float:
    """Mean of a normal distribution on the numbers above 0, by integration."""
    grid = np.linspace(0, max(found, 0) + 12 * error, 200_001)
    weight = np.exp(-(((grid - found) / error) ** 2) / 2)
    return float((grid * weight).sum() / weight.sum())


def test_months_that_differ_beyond_chance_are_less_certain() -> None:
    # Months of a place agree: less than chance by 6 x 100 over 6 x 100^2, with the error sqrt(2 x 6) 100 of that.
    v = above_zero(-0.01, np.sqrt(12) * 100 / 60_000)
    even = closes(inputs([(100, 50)] * 9))
    assert even.rate_error == pytest.approx(np.sqrt(v + (v + 1 / 100) / 3), rel=1e-4)
    # Sum of squares 3 x 3200 less 6 x 100 of chance, over 6 x 100^2: 0.15.
    v = above_zero(0.15, np.sqrt(12) * (100 + 0.15 * 100**2) / 60_000)
    spread = closes(inputs([(60, 30)] * 3 + [(100, 50)] * 3 + [(140, 70)] * 3))
    assert spread.rate_error == pytest.approx(np.sqrt(v + (v + 1 / 100) / 3), rel=1e-4)
    assert even.odds_error == pytest.approx(np.sqrt(2 / 150))


def test_a_single_month_of_each_place_tells_of_chance_alone() -> None:
    export = Export.of(inputs(), block(), dt.date(2026, 10, 1), None)
    assert Closes.of(export).rate_error == pytest.approx(np.sqrt(np.mean([1 / 12, 1 / 20, 1 / 40])))


class CutOff(Closes):
    """The variance between months as the moments give it, cut off at 0."""

    def _between(self, rate: FloatArray, free: IntArray) -> float:
        return max(self._moments(rate, free)[0], 0.0) if free.any() else 0.0


def held(kind: type[Closes], sd: float, months: int, companies: int = 400) -> float:
    """Share of drawn companies whose next month lies in the 80 % interval; rates vary by `sd` between months."""
    rng, usual = np.random.default_rng(months), np.array([600.0, 800.0, 640.0])
    place, inside = np.arange(months + 1) % 3, 0
    for _ in range(companies):
        factor = rng.gamma(1 / sd**2, sd**2, months + 1) if sd else np.ones(months + 1)
        count = rng.poisson(usual[place] * factor).astype(np.float64)
        found = kind(place[:-1], count[:-1], count[:-1] / 2, np.arange(12) % 3)
        rate = float(found.rate[place[-1]])
        half = Z80 * np.sqrt(rate + (rate * found.rate_error) ** 2)
        inside += abs(count[-1] - rate) <= half
    return inside / companies


@pytest.mark.slow
def test_the_variance_between_months_is_ruled_by_companies_whose_own_is_known() -> None:
    """Nobody knows how much rates vary: over all of what they may, with few months of history, 80 % is to mean 80 %."""
    grid = [(sd, months) for sd in (0.0, 0.02, 0.05, 0.1, 0.2) for months in (4, 5, 6, 7, 9)]
    taken, cut = (np.array([held(kind, *one) for one in grid]) for kind in (Closes, CutOff))
    assert abs(taken.mean() - 0.8) < abs(cut.mean() - 0.8)
    assert taken.mean() == pytest.approx(0.81, abs=0.01)
    assert cut.mean() == pytest.approx(0.75, abs=0.01)
    assert taken.min() > cut.min()


def test_errors_become_a_process_unless_the_block_has_one() -> None:
    resolved, _ = estimate(inputs(), block(uncertainty=True))
    errors = resolved.processes[0].model_dump()
    assert float(errors["leads"]["leads"]) == pytest.approx(closes(inputs()).rate_error, abs=1e-4)
    assert float(errors["stages"]["Working"]["odds"]) == pytest.approx(closes(inputs()).odds_error, abs=1e-4)
    assert set(errors["amounts"]) == {"S0", "S1"}
    own = {"kind": "uncertainty", "leads": {"leads": 0.5}}
    given = block(uncertainty=True).model_copy(update={"processes": spec(processes=[own]).processes})
    assert estimate(inputs(), given)[0].processes == given.processes


def test_open_deals_are_left_out() -> None:
    known = replace(inputs(), pipeline=opportunities([{"id": "P0", "created": -3, "stage": "Anything"}]))
    resolved, _ = estimate(known, block())
    assert resolved.open_stages == {"Anything": "ignored"}
    assert len(build(known, known.accounts.owner, resolved, DEFAULT).model.opening.deal) == 0


def test_a_stage_is_ignored_where_the_block_says_so() -> None:
    rows = [{"id": f"P{i}", "created": -3, "stage": stage} for i, stage in enumerate(("Qualify", "Stale"))]
    known = replace(world(), pipeline=opportunities(rows))
    built = build(known, known.accounts.owner, spec(open_stages={"Stale": "ignored"}), DEFAULT)
    assert built.model.opening.deal["stage"].tolist() == [0]


@pytest.mark.parametrize(
    ("changes", "plan", "says"),
    [
        ({"arrivals": {"leads": 5}}, {}, "some are given"),
        ({}, {"year": 2027, "periods": "4-4-5", "ends_on": "saturday", "ends": "last"}, "not months"),
        ({"estimate": {"leads_from": "closes", "closes_since": "2026-11-02"}}, {}, None),
        ({"estimate": {"leads_from": "closes", "closes_since": "2026-12-02"}}, {}, "no whole month"),
    ],
)
def test_what_cannot_be_estimated_is_refused(
    changes: dict[str, Any], plan: dict[str, Any], says: str | None
) -> None:
    asked = {"arrivals": None, "stages": [], "sizes": None, "estimate": {"leads_from": "closes"}} | changes
    if says is None:
        estimate(inputs(**plan), spec(**asked))
        return
    with pytest.raises(BadInput, match=says):
        estimate(inputs(**plan), spec(**asked))
