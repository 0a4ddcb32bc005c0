"""Tables and KPIs: their definitions and the identities between them."""

from __future__ import annotations

import numpy as np
import pytest

from engine.measures import Measure
from engine.pipeline import simulate
from engine.pipeline.bookings import Bookings
from engine.pipeline.kpis.counted import Counted
from engine.pipeline.kpis.definitions import kpi_values
from engine.pipeline.summary import summed_up
from tests.pipeline.settings import aligned, spec, with_open
from tests.worlds import world

INPUTS = with_open(world(), [{"rep": i % 3, "stage": "Qualify", "created": -9} for i in range(9)])


@pytest.fixture(scope="module")
def bookings() -> Bookings:
    measures = {"bookings": Measure(), "deals": Measure(quantity="count")}
    return simulate(INPUTS, aligned(INPUTS), spec(), measures, seed=3)


def test_tables_are_the_promised_ones(bookings: Bookings) -> None:
    frames = {table.name: list(table.frame.columns) for table in bookings.tables}
    fan = ["mean", "p05", "p10", "p25", "p50", "p75", "p90", "p95"]
    assert frames == {
        "bookings": ["basis", "period", "measure", *fan],
        "bookings_by_rep": ["rep", "measure", "mean", "p10", "p50", "p90"],
        "funnel": ["stage", "entered", "advanced", "lost", "open_at_end", "conversion", "mean_days"],
        "kpis": ["kpi", "unit", "mean", "p10", "p50", "p90", "replications", "definition"],
        "kpis_by_group": ["by", "group", "kpi", "unit", "mean", "p10", "p50", "p90"],
        "stages": [
            "by", "group", "stage", "entered", "advanced", "recycled", "lost", "open_at_end", "conversion",
            "conversion_of_left", "won_from", "mean_days", "mean_open",
        ],
        "slippage": [
            "period", "open_value", "expected_deals", "expected_value", "slip_rate", "slip_rate_p10", "slip_rate_p90",
            "slip_rate_by_value", "replications",
        ],
        "replications": [
            "replication", "booked: bookings", "booked: deals", "won", "lost", "open", "waiting", "dropped",
            "abandoned",
        ],
        "precision": [
            "output", "statistic", "estimate", "low", "high", "half_width", "demanded", "confidence", "adjusted",
            "replications",
        ],
        "variance": [
            "output", "statistic", "estimate", "half_width", "adjusted", "adjusted_half_width", "factor", "controls",
        ],
    }  # fmt: skip


def test_every_replication_has_its_row(bookings: Bookings) -> None:
    rows = next(table.frame for table in bookings.tables if table.name == "replications")
    assert rows["replication"].tolist() == list(range(60))
    for name in bookings.measures:
        assert rows[f"booked: {name}"].tolist() == bookings.measure(name).sum(axis=(1, 2)).tolist()
    count = {name: bookings.kpis[:, place] for place, name in enumerate(bookings.kpi_names)}
    assert rows["won"].tolist() == count["won"].tolist() == rows["booked: deals"].tolist()
    assert rows["open"].tolist() == count["open_at_end"].tolist()
    assert rows["waiting"].tolist() == count["waiting_at_end"].tolist()


def test_bookings_add_up_over_periods_seats_and_to_the_cube(bookings: Bookings) -> None:
    frames = {table.name: table.frame for table in bookings.tables}
    table, by_rep = frames["bookings"], frames["bookings_by_rep"]
    periods = table[(table["basis"] == "period") & (table["measure"] == "bookings")]
    last = table[(table["basis"] == "cumulative") & (table["measure"] == "bookings")].iloc[-1]
    total = bookings.measure("bookings").sum(axis=(1, 2)) / 100
    assert periods["mean"].sum() == pytest.approx(total.mean())
    assert by_rep.loc[by_rep["measure"] == "bookings", "mean"].sum() == pytest.approx(total.mean())
    assert last["p90"] == pytest.approx(np.quantile(total, 0.9))
    count = table[(table["basis"] == "cumulative") & (table["measure"] == "deals")].iloc[-1]
    assert count["mean"] == pytest.approx(bookings.measure("deals").sum(axis=(1, 2)).mean())


def test_the_funnel_narrows_as_counted(bookings: Bookings) -> None:
    funnel = next(table.frame for table in bookings.tables if table.name == "funnel").set_index("stage")
    assert list(funnel.index) == ["queue", "Qualify", "Close"]
    left = funnel[["advanced", "lost", "open_at_end"]].sum(axis=1)
    assert funnel["entered"].tolist() == pytest.approx(left.tolist())
    assert funnel.loc["Qualify", "entered"] == pytest.approx(funnel.loc["queue", "advanced"] + 9)
    assert funnel.loc["Close", "entered"] == pytest.approx(funnel.loc["Qualify", "advanced"])
    assert funnel["conversion"].tolist() == pytest.approx((funnel["advanced"] / funnel["entered"]).tolist())


def test_kpis_are_their_definitions(bookings: Bookings) -> None:
    value = kpi_values(Counted(bookings.kpis, 100.0, 365.0))
    closed = value["won"] + value["lost"]
    assert value["win_rate"] == pytest.approx(value["won"] / closed)
    assert value["average_deal"] * value["won"] == pytest.approx(value["bookings"])
    both = value["cycle_won"] * value["won"] + value["cycle_lost"] * value["lost"]
    assert value["cycle"] * closed == pytest.approx(both)
    assert value["utilisation"] * 30 == pytest.approx(value["open_deals"])
    velocity = value["open_deals"] * value["win_rate"] * value["average_deal"] / value["cycle"]
    assert value["velocity"] == pytest.approx(velocity)
    assert np.all(value["utilisation"] <= 1)


def test_velocity_is_the_bookings_of_a_day_in_a_steady_state() -> None:
    """n = rate x E[T] (Little), so n w D / L is rate x w x D when L is the cycle of all closed deals."""
    stages = [
        {
            "name": "Work", "advance": "50%", "duration": {"kind": "exponential", "mean": 6},
            "duration_lost": {"kind": "exponential", "mean": 2},
        }
    ]  # fmt: skip
    sizes = {"law": {"kind": "fixed", "value": 1000}}
    pipeline = spec(stages=stages, slots=1000, arrivals={"leads": 20_000}, sizes=sizes, replications=10)
    result = simulate(world(), aligned(world()), pipeline, {"bookings": Measure()}, seed=3)
    velocity = kpi_values(Counted(result.kpis, 100.0, 365.0))["velocity"].mean()
    assert velocity == pytest.approx(20_000 * 0.5 * 1000 / 365, rel=0.02)


def test_a_year_without_any_deal_has_undefined_ratios_and_no_warning() -> None:
    result = simulate(world(), aligned(world()), spec(arrivals={"leads": 0}), {"bookings": Measure()}, seed=3)
    kpis = next(table.frame for table in result.tables if table.name == "kpis").set_index("kpi")
    assert np.isnan(kpis.loc["win_rate", "mean"])
    assert kpis.loc["won", "p90"] == 0


def test_undefined_replications_are_left_out() -> None:
    assert summed_up(np.array([1.0, np.nan, 3.0]), 50) == {"mean": 2.0, "p50": 2.0}
