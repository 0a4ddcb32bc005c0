"""Rates estimated from an export: competing risks with late entries, windows, sizes; and a real export."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine.calendar import CalendarSpec, calendar
from engine.errors import BadInput
from engine.inputs import Inputs, Opportunities
from engine.measures import Measure
from engine.pipeline import check, estimate, simulate
from engine.pipeline.competing_risks import Observed, incidence
from engine.pipeline.estimation import thin
from engine.pipeline.fits import days_law, month_weights, size_law
from engine.pipeline.law import mean, reached
from engine.pipeline.laws.empirical import Empirical
from engine.pipeline.spec import PipelineSpec
from tests.pipeline.settings import aligned, opportunities, spec
from tests.worlds import world

FROM_DATA: dict[str, Any] = {"arrivals": None, "stages": [], "sizes": None}


def observed(rows: list[tuple[int, int, int]]) -> Observed:
    entry, leave, outcome = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    return Observed(entry, leave, outcome.astype(np.int8))


def test_without_censoring_the_incidence_is_plain_counting() -> None:
    shares = incidence(observed([(0, 0, 1), (0, 1, 0), (0, 1, 1), (0, 3, 0)]))
    assert shares.won.tolist() == pytest.approx([0.25, 0.5, 0.5, 0.5])
    assert shares.lost.tolist() == pytest.approx([0, 0.25, 0.25, 0.5])
    assert shares.undecided == pytest.approx(0)


def test_open_deals_stay_at_risk_until_they_are_last_seen() -> None:
    """Worked by hand: 4 at risk at age 1, one won; 2 at age 2 after one was censored, one lost."""
    shares = incidence(observed([(0, 1, 1), (0, 1, -1), (0, 2, 0), (0, 5, -1)]))
    assert shares.won.tolist() == pytest.approx([0, 0.25, 0.25])
    assert shares.lost.tolist() == pytest.approx([0, 0, 0.75 / 2])
    assert shares.undecided == pytest.approx(0.375)


def test_late_entries_are_at_risk_only_from_their_entry() -> None:
    """At age 0 two are at risk and one is lost; the late one counts at age 2 beside the one that is left."""
    shares = incidence(observed([(0, 0, 0), (0, 2, 1), (2, 2, 0)]))
    assert shares.lost.tolist() == pytest.approx([0.5, 0.5, 0.75])
    assert shares.won.tolist() == pytest.approx([0, 0, 0.25])


def exported(seed: int = 4, deals: int = 6_000) -> Inputs:
    """Two years of deals as an export shows them: closes only of the last year, and what is open on the first day.

    Truth: 55 % won after 10 to 50 days, lost ones after 0 to 200 days.
    """
    rng = np.random.default_rng(seed)
    created = rng.integers(-730, 0, deals)
    won = rng.random(deals) < 0.55
    closed = created + np.where(won, rng.integers(10, 51, deals), rng.integers(0, 201, deals))

    def row(i: int) -> dict[str, Any]:
        deal = {"id": f"D{i}", "account": i % 12, "rep": i % 3, "product": i % 2, "created": created[i]}
        end = {"closed": closed[i], "outcome": int(won[i]), "amount": 100 * (i % 7 + 1) if won[i] else -1}
        return deal | {"stage": "Working"} | (end if closed[i] < 0 else {})

    rows = [row(i) for i in range(deals)]
    visible = [row for row in rows if "closed" not in row or row["closed"] >= -365]
    known = opportunities([row for row in visible if "closed" in row])
    return replace(
        world(), history=known, pipeline=opportunities([row for row in visible if "closed" not in row])
    )


def test_the_truth_is_found_in_a_truncated_and_censored_export() -> None:
    inputs = exported()
    resolved, notes = estimate(inputs, spec(**FROM_DATA, estimate={}))
    (stage,) = resolved.stages
    naive = float(np.mean(inputs.history.outcome == 1))
    assert abs(float(stage.advance) - 0.55) < 4 * np.sqrt(0.55 * 0.45 / 3_000)
    assert stage.duration_lost is not None
    assert mean(stage.duration.knots()) == pytest.approx(30, abs=0.7)
    assert mean(stage.duration_lost.knots()) == pytest.approx(100, abs=6)
    assert reached(stage.duration.knots(), 9) == 0
    assert resolved.arrivals is not None
    assert resolved.arrivals.leads == pytest.approx(3_000, abs=4 * np.sqrt(3_000))
    assert resolved.estimate is None
    assert any(f"{naive:.1%}" in note for note in notes)


def test_what_was_estimated_is_a_block_that_gives_the_same_bookings() -> None:
    inputs = exported(deals=800)
    asked = spec(**FROM_DATA, estimate={"sizes": "lognormal"}, replications=5)
    written, _ = estimate(inputs, asked)
    again = PipelineSpec.model_validate(written.model_dump(mode="json"))
    assert again == written
    measures = {"bookings": Measure()}
    one = simulate(inputs, aligned(inputs), asked, measures, seed=6)
    two = simulate(inputs, aligned(inputs), again, measures, seed=6)
    assert np.array_equal(one.cube, two.cube)
    assert one.resolved == written
    assert one.notes
    assert not two.notes


def test_what_is_given_is_not_estimated() -> None:
    asked = spec(estimate={}, mix={"S1": 1})
    resolved, notes = estimate(exported(deals=800), asked)
    assert resolved == asked.model_copy(update={"estimate": None})
    assert notes == ()


def test_sources_that_are_given_stay_and_only_the_rest_is_estimated() -> None:
    from_sources = FROM_DATA | {"sources": {"web": {"leads": 300}, "fair": {"leads": 100}}}
    base = spec(**from_sources, estimate={"uncertainty": True})
    resolved, _ = estimate(exported(), base)
    assert resolved.arrivals is None
    assert {name: one.leads for name, one in resolved.sources.items()} == {"web": 300, "fair": 100}
    assert [stage.name for stage in resolved.stages] == ["Working"]
    (process,) = resolved.processes
    assert process.stages["Working"].odds > 0  # type: ignore[attr-defined]
    assert process.leads == {}  # type: ignore[attr-defined]
    with pytest.raises(BadInput, match="some are given"):
        estimate(exported(), spec(**from_sources, estimate={"leads_from": "closes"}))


def test_deals_that_outlive_every_close_are_lost_by_the_age_told() -> None:
    rows = [{"id": f"C{i}", "created": -100, "closed": -90, "outcome": 1, "amount": 100} for i in range(5)]
    still = [{"id": f"O{i}", "created": -60, "stage": "Working"} for i in range(5)]
    inputs = replace(world(), history=opportunities(rows), pipeline=opportunities(still))
    asked = spec(**FROM_DATA, estimate={"give_up": 110, "closes_since": "2026-07-01"})
    resolved, notes = estimate(inputs, asked)
    (stage,) = resolved.stages
    assert float(stage.advance) == 0.5
    assert stage.duration_lost is not None
    assert mean(stage.duration_lost.knots()) == pytest.approx((10 + 110) / 2, abs=1)
    assert any("50.0% of deals outlive" in note for note in notes)


def test_the_history_may_not_know_the_future() -> None:
    rows = [{"id": "F", "created": -10, "closed": 3, "outcome": 1, "amount": 5}]
    with pytest.raises(BadInput, match="1 closes of the history lie in the plan"):
        estimate(replace(world(), history=opportunities(rows)), spec(**FROM_DATA, estimate={}))


def test_an_export_without_closes_or_days_is_refused() -> None:
    with pytest.raises(BadInput, match="no closed deals"):
        estimate(world(), spec(**FROM_DATA, estimate={}))
    with pytest.raises(BadInput, match="days of arrivals"):
        estimate(exported(deals=800), spec(**FROM_DATA, estimate={"since": "2026-12-20"}))


def test_an_estimate_from_fewer_than_twenty_closed_deals_is_warned_of() -> None:
    rows = [
        {"id": f"W{k}", "created": -300 + k, "closed": -200 + k, "outcome": k % 2, "amount": 5}
        for k in range(20)
    ]
    few, enough = (replace(world(), history=opportunities(some)) for some in (rows[:19], rows))
    (told,) = thin(few, spec(**FROM_DATA, estimate={}))
    assert told.startswith(
        "W_THIN: pipeline.estimate: win probability and days rest on 19 closed deals alone."
    )
    assert told in check(few, spec(**FROM_DATA, estimate={}), {"bookings": Measure()})
    assert thin(enough, spec(**FROM_DATA, estimate={})) == ()
    assert thin(few, spec()) == ()


def test_amounts_keep_their_mean_and_rare_products_their_price() -> None:
    amounts = np.random.default_rng(1).lognormal(8, 1, 1_000)
    assert mean(size_law(amounts, "empirical").knots()) == pytest.approx(amounts.mean(), rel=1e-6)
    law = size_law(amounts, "lognormal")
    assert mean(law.knots()) == pytest.approx(amounts.mean(), rel=1e-4)
    rows = [
        {"id": f"C{i}", "created": -90, "closed": -60, "outcome": 1, "amount": 700, "product": 0}
        for i in range(9)
    ]
    resolved, notes = estimate(replace(world(), history=opportunities(rows)), spec(**FROM_DATA, estimate={}))
    assert resolved.sizes is not None
    assert resolved.sizes.by_product == {"S0": Empirical(values=(7.0,) * 9)}
    assert any("S1: only 0 won deals" in note for note in notes)


def test_a_gap_in_the_closes_stays_a_gap() -> None:
    """Half close on day 5, half on day 60: nothing closes in between."""
    shares = np.where(np.arange(61) < 5, 0.0, np.where(np.arange(61) < 60, 0.5, 1.0))
    knots = days_law(np.arange(61) + 0.5, shares).knots()
    assert reached(knots, 5.5) == pytest.approx(0.5)
    assert reached(knots, 59.4) == pytest.approx(0.5)
    assert reached(knots, 4.4) == 0


def test_month_weights_are_events_per_day_of_each_month() -> None:
    days = np.arange("2024-01-01", "2027-01-01", dtype="datetime64[D]")
    twice = np.concatenate((days, days[days.astype("datetime64[M]").astype(int) % 12 == 2]))
    weights = np.array(month_weights(twice, np.datetime64("2024-01-15"), np.datetime64("2027-01-01")))
    assert weights[2] / weights[0] == pytest.approx(2, abs=0.01)
    assert weights[3] / weights[0] == pytest.approx(30 / 31, abs=0.01)
    assert month_weights(days, np.datetime64("2026-06-01"), np.datetime64("2027-01-01")) == ()


def maven(folder: Path) -> Inputs:
    """The export as known on 1 October 2017, with the fourth quarter as the plan; undated prospects are set aside."""
    deals = pd.read_csv(folder / "sales_pipeline.csv", parse_dates=["engage_date", "close_date"])
    deals["product"] = deals["product"].replace("GTXPro", "GTX Pro")
    names = sorted(pd.read_csv(folder / "products.csv")["product"])
    cut = pd.Timestamp("2017-10-01")
    deals = deals[deals["engage_date"] < cut]
    agents, closed = sorted(deals["sales_agent"].unique()), deals["close_date"] < cut
    accounts = sorted(deals["account"].dropna().unique())

    def rows(part: pd.DataFrame, known: bool) -> Opportunities:
        none = np.full(len(part), np.datetime64("NaT", "D"), dtype="datetime64[D]")
        still = np.full(len(part), -1, np.int8)
        created = part["engage_date"].to_numpy().astype("datetime64[D]")
        return Opportunities(
            id=tuple(part["opportunity_id"]),
            account=pd.Index(accounts).get_indexer(part["account"]).astype(np.int64),
            rep=pd.Index(agents).get_indexer(part["sales_agent"]).astype(np.int64),
            product=pd.Index(names).get_indexer(part["product"]).astype(np.int64),
            stage=("Engaging",) * len(part),
            outcome=(part["deal_stage"] == "Won").to_numpy().astype(np.int8) if known else still,
            created=created, entered=created,
            closed=part["close_date"].to_numpy().astype("datetime64[D]") if known else none,
            amount=(100 * part["close_value"]).to_numpy().astype(np.int64) if known else np.full(len(part), -1),
        )  # fmt: skip

    base = world(len(accounts), len(agents), len(names))
    return replace(
        base,
        calendar=calendar(CalendarSpec(start="2017-10-01", length=3)),
        accounts=replace(base.accounts, id=tuple(accounts)),
        products=replace(base.products, id=tuple(names)),
        spells=replace(
            base.spells,
            rep=np.empty(0, np.int64),
            id=(),
            start=np.empty(0, "M8[D]"),
            end=np.empty(0, "M8[D]"),
        ),
        history=rows(deals[closed], True),
        pipeline=rows(deals[~closed], False),
    )


def test_a_real_export_forecasts_its_next_quarter(shared: Path) -> None:
    """Bookings of the fourth quarter of 2017 were 2,802,496, on half the arrivals that the months before suggest."""
    inputs = maven(shared / "data" / "crm" / "maven")
    asked = spec(
        **FROM_DATA, slots=500, replications=100, estimate={},
        open_stages={"Engaging": "Working"},
    )  # fmt: skip
    result = simulate(inputs, aligned(inputs), asked, {"bookings": Measure()}, seed=1)
    assert result.resolved is not None
    (stage,) = result.resolved.stages
    closed = float(np.mean(inputs.history.outcome == 1))
    assert float(stage.advance) < closed - 0.05
    days = stage.duration.knots()
    assert reached(days, 60) - reached(days, 30) < 0.5 * reached(days, 30)
    total = result.measure("bookings").sum(axis=(1, 2)) / 100
    assert 0.7 * 2_802_496 < total.mean() < 1.4 * 2_802_496
