"""Sequential runs of the pipeline: what they stop at, and what does not matter to it; controls of real replications."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.calendar import CalendarSpec, calendar
from engine.errors import BadInput
from engine.measures import Measure
from engine.pipeline import simulate, trace
from engine.pipeline.bookings import Bookings
from engine.pipeline.build import build
from engine.pipeline.factors import futures
from engine.pipeline.known_means import known_means, leads_of
from engine.pipeline.precision import precision_of
from engine.pipeline.replications import Run, simulate_all
from engine.pipeline.spec import Target
from engine.progress import Remembering, Silent
from tests.pipeline.settings import aligned, opportunities, spec
from tests.worlds import world

MEASURES = {"bookings": Measure(), "deals": Measure(quantity="count")}
UNTIL = [
    {"output": "bookings", "half_width": "3%"},
    {"output": "deals", "reaches": 60, "half_width": "4%", "confidence": "90%"},
    {"output": "win_rate", "quantile": "50%", "half_width": "2%"},
]
RULE: dict[str, Any] = {"until": UNTIL, "check_every": 40, "least": 80, "most": 4_000}


def run(rule: dict[str, Any] | int, progress: Any = None, **options: Any) -> Bookings:
    block = spec(replications=rule, arrivals={"leads": 200}, market={"sd": "10%"})
    return simulate(world(), aligned(world()), block, MEASURES, seed=1, progress=progress, **options)


def frame(bookings: Bookings, name: str) -> Any:
    return next(table.frame for table in bookings.tables if table.name == name)


@pytest.fixture(scope="module")
def stopped() -> Bookings:
    return run(RULE)


def test_a_run_stops_at_the_first_look_that_reaches_every_target(stopped: Bookings) -> None:
    count = stopped.replications
    assert 80 < count < 4_000
    assert count % 40 == 0
    assert all(one.reached for one in stopped.precisions)
    place = stopped.kpi_names.index
    total = stopped.cube.sum(axis=(1, 2))
    won, lost = stopped.kpis[:, place("won")], stopped.kpis[:, place("lost")]
    outputs = (total[:, 0] / 100, total[:, 1] * 1.0, won / (won + lost))
    targets = [Target.model_validate(one) for one in UNTIL]
    for one, target, values in zip(stopped.precisions, targets, outputs, strict=True):
        assert one == precision_of(target, values)
    before = [
        precision_of(target, values[: count - 40]) for target, values in zip(targets, outputs, strict=True)
    ]
    assert not all(one.reached for one in before)


@pytest.mark.parametrize(
    "options", [{"workers": 3}, {"block": 1}, {"block": 7, "workers": 2}, {"block": 999}]
)
def test_neither_workers_nor_blocks_change_where_it_stops(stopped: Bookings, options: dict[str, int]) -> None:
    again = run(RULE, **options)
    assert again.cube.tobytes() == stopped.cube.tobytes()
    assert again.precisions == stopped.precisions
    for name in ("precision", "variance", "replications"):
        assert frame(again, name).equals(frame(stopped, name))


def test_the_replications_are_those_of_a_fixed_run(stopped: Bookings) -> None:
    fixed = spec(replications=stopped.replications, arrivals={"leads": 200}, market={"sd": "10%"})
    again = simulate(world(), aligned(world()), fixed, MEASURES, seed=1)
    assert again.cube.tobytes() == stopped.cube.tobytes()
    assert [one.output for one in again.precisions] == ["bookings", "deals"]
    assert all(np.isnan(one.demanded) for one in again.precisions)


def test_what_is_not_reached_is_told() -> None:
    said: list[str] = []
    short = run(RULE | {"most": 90}, Remembering(Silent(), said))
    assert short.replications == 90
    missed = [one for one in short.precisions if not one.reached]
    assert missed
    assert [line.split(":")[0] for line in said] == ["W_PRECISION"] * len(missed)
    assert "after 90 replications" in said[0]


def test_the_goal_is_an_output_by_name() -> None:
    """P(goal) is known in points of a probability, and stops a run as any output does."""
    goal = 320_000_000
    asked = RULE | {"until": [{"output": "P(goal)", "half_width": "6%"}]}
    (known,) = (found := run(asked, goal=("bookings", goal))).precisions
    reached = found.cube[..., 0].sum(axis=(1, 2)) >= goal
    assert 0.05 < reached.mean() < 0.95
    assert (known.output, known.statistic) == ("P(goal)", "probability")
    assert known.estimate.value == reached.mean()
    assert known.half_width == (known.estimate.high - known.estimate.low) / 2 <= 0.06
    assert known == replace(
        precision_of(Target.model_validate(asked["until"][0]), reached * 1.0), demanded=known.demanded
    )
    (same,) = run(
        asked | {"until": [{"output": "bookings", "reaches": goal // 100, "half_width": "6%"}]}
    ).precisions
    assert same.estimate == known.estimate
    fixed = run(100, goal=("bookings", goal))
    assert [one.output for one in fixed.precisions] == ["bookings", "deals", "P(goal)"]
    with pytest.raises(BadInput, match="P\\(goal\\)"):
        run(asked)


def test_an_unknown_output_is_refused() -> None:
    with pytest.raises(BadInput) as caught:
        run(RULE | {"until": [{"output": "win_rat", "half_width": "1%"}]})
    (fault,) = caught.value.faults
    assert fault.field == "pipeline.replications.until"
    assert "Did you mean 'win_rate'?" in fault.hint


def test_controls_narrow_a_target_that_asks_for_it() -> None:
    until = [{"output": "bookings", "half_width": "2.5%", "adjusted": "true"}]
    plain = run(RULE | {"until": [until[0] | {"adjusted": "false"}]})
    adjusted = run(RULE | {"until": until})
    assert adjusted.replications < plain.replications
    assert adjusted.precisions[0].adjusted
    row = frame(adjusted, "variance").set_index(["output", "statistic"]).loc[("bookings", "mean")]
    assert row["factor"] > 1.3
    assert row["adjusted"] == adjusted.precisions[0].estimate.value


PROCESSES: list[dict[str, Any]] = [
    {"kind": "over_dispersion", "variance": 0.2},
    {"kind": "rep_factor", "sd": "20%", "correlation": "50%", "applies_to": "amounts"},
    {"kind": "product_factor", "sd": "10%", "products": ["S0"]},
    {"kind": "uncertainty", "stages": {"Qualify": {"odds": 0.1}, "Close": {"days": 0.1}}},
    {"kind": "discontinued", "product": "S1", "start": "2027-07-01"},
]


@pytest.mark.parametrize("applies_to", ["amounts", "arrivals"])
def test_every_control_has_the_mean_that_is_claimed(applies_to: str) -> None:
    """|z| <= 4 for each control, over 4,000 replications of a world with every factor."""
    block = spec(
        replications=4_000,
        arrivals={"by_segment": {"SMB": 40, "ENT": 10}},
        seasonality={"months": [1, 0, 2, 0, 5, 1, 1, 1, 0, 1, 1, 0]},
        market={"sd": "15%", "applies_to": applies_to},
        processes=PROCESSES,
    )
    inputs = world()
    built = build(inputs, inputs.accounts.owner, block, MEASURES)
    _, counts = simulate_all(built, Run(9, 0, 4_000, 2), Silent())
    controls = known_means(built, 9, 0, leads_of(counts))
    off = controls.values.mean(axis=0) - controls.means
    error = controls.values.std(axis=0, ddof=1) / np.sqrt(4_000)
    assert len(controls.names) > 20
    assert len(futures(built.spreads, 9, 0, 1).seat[0]) == 3
    for name, wrong, allowed in zip(controls.names, off, error, strict=True):
        assert abs(wrong) <= 4 * allowed + 1e-9, name


def test_what_was_won_before_as_of_counts_in_outputs_and_in_a_trace() -> None:
    plan = calendar(CalendarSpec(year=2027), dt.date(2027, 5, 1))
    rows = [{"id": f"A{place}", "account": 0, "rep": 0, "outcome": 1, "created": 0, "closed": 40 * place,
             "amount": 10_000_000} for place in range(3)]  # fmt: skip
    known = replace(world(), calendar=plan, actuals=opportunities(rows))
    block = spec(arrivals={"leads": 60}, replications=20)
    found = simulate(known, aligned(known), block, MEASURES, seed=4)
    assert found.cube[:, 0, :3, 1].sum(axis=1).tolist() == [3] * 20
    mean = found.cube[..., 0].sum(axis=(1, 2)).mean() / 100
    assert found.precisions[0].estimate.value == pytest.approx(mean)
    traced = trace(known, aligned(known), block, MEASURES, seed=4, replication=11)
    row = frame(found, "replications").iloc[11]
    assert {name: int(row[name]) for name in traced.totals} == traced.totals
    assert np.array_equal(traced.cube, found.cube[11])
