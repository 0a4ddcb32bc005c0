"""Where courses depend on their draws alone, sums give the same counters and bookings as deals do one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.pipeline.build import build
from engine.pipeline.draws import mark
from engine.pipeline.events.block import runs_courses, simulate_block, sum_up_block
from engine.pipeline.factors import futures as drawn_factors
from engine.pipeline.layout import NEVER, TICKS
from engine.pipeline.model import Future, Futures, Model, future_of
from tests.pipeline.agreement import MEASURES
from tests.pipeline.drawn import futures, models
from tests.pipeline.simulated import alone, empty
from tests.pipeline.theory.simulated import spec_of
from tests.worlds import world


def steady(model: Model) -> Model:
    """A model like another one, in which every stage is the same for all and nobody goes back, gives up or is lost."""
    spring, product = model.arising.spring.copy(), model.closing.product.copy()
    spring["patience"], product["until"] = -1, NEVER
    cell = np.broadcast_to(model.selling.cell[:, :1, :1, :1, :1], model.selling.cell.shape)
    row = model.selling.row.copy()
    row["recycle"], row["law_lost"] = 0.0, row["law"]
    return model._replace(
        arising=model.arising._replace(spring=spring),
        selling=model.selling._replace(row=row, cell=cell, seat_factor_wins=False),
        opening=model.opening._replace(deal=model.opening.deal[:0], first=0 * model.opening.first),
        closing=model.closing._replace(product=product),
    )


def hold_equal(model: Model, drawn: Futures) -> int:
    """Hold both ways to each other; return how many leads there were."""
    assert runs_courses(model)
    cube, tallies = empty(model, len(drawn.arrivals))
    sum_up_block(model, drawn, cube, tallies)
    cube_of_deals, tallies_of_deals = empty(model, len(drawn.arrivals))
    simulate_block(model, drawn, cube_of_deals, tallies_of_deals)
    assert np.array_equal(cube, cube_of_deals)
    assert np.array_equal(tallies, tallies_of_deals)
    return int(tallies[:, 0, 0].sum())


@settings(max_examples=60)
@given(st.data())
def test_sums_are_equal_to_deals_on_drawn_arrays(data: st.DataObject) -> None:
    """People come, go and are away; much is at one tick; periods begin within days."""
    model = steady(data.draw(models(plain=True)))
    hold_equal(model, alone(data.draw(futures(model))))


def leads_by_marks(model: Model, future: Future) -> int:
    """Leads of all springs, mark by mark."""
    found = 0
    for spring in model.arising.spring:
        index, mass = 0, mark(future, spring["key"], 0)
        while mass < spring["rate"]:
            index += 1
            mass += mark(future, spring["key"], index)
        found += index
    return found


BLOCK = """
slots: {slots}
arrivals: {{leads: {leads}}}
seasonality: {{months: {months}}}
stages:
- {{name: Qualify, advance: 70%, duration: {{kind: lognormal, mean: 20, cv: 1}}}}
- {{name: Propose, advance: 60%, duration: {{kind: empirical, values: [1, 2, 2, 30]}}}}
sizes: {{law: {{kind: lognormal, mean: 50000, cv: 1}}}}
"""
EVEN, CROWDED = [1] * 12, [0, 0, 100, *[1] * 9]


@pytest.mark.parametrize(
    ("slots", "leads", "months"), [(10, 300, EVEN), (40, 1200, EVEN), (10, 36_000, CROWDED)]
)
def test_sums_are_equal_to_deals_where_many_leads_wait(slots: int, leads: int, months: list[int]) -> None:
    """Few slots and many; few leads close to each other and many; more marks of an account than are drawn at once."""
    inputs = world(accounts=4, reps=2)
    inputs = replace(inputs, accounts=replace(inputs.accounts, owner=np.arange(4) // 2))
    spec = spec_of(BLOCK.format(slots=slots, leads=leads, months=months))
    built = build(inputs, inputs.accounts.owner, spec, MEASURES)
    drawn = drawn_factors(built.spreads, 5, 3, 1)
    assert hold_equal(built.model, drawn) == leads_by_marks(built.model, future_of(drawn, 0))


def _row(model: Model, name: str, value: float) -> Model:
    row = model.selling.row.copy()
    row[name] = value
    return model._replace(selling=model.selling._replace(row=row))


def _mixed(model: Model) -> Model:
    cell = model.selling.cell.copy()
    cell[0, ..., -1] = cell[1, ..., 0]
    return model._replace(selling=model.selling._replace(cell=cell))


OTHERWISE: dict[str, Callable[[Model], Model]] = {
    "goes back": lambda model: _row(model, "recycle", 0.1),
    "stays longer when it advances": lambda model: _row(model, "law_lost", 1),
    "depends on the month": _mixed,
    "depends on the seat": lambda model: model._replace(
        selling=model.selling._replace(seat_factor_wins=True)
    ),
    "is no longer sold": lambda model: model._replace(
        closing=model.closing._replace(product=_until(model, 30 * TICKS))
    ),
}


def _until(model: Model, tick: int) -> np.ndarray:
    product = model.closing.product.copy()
    product["until"] = tick
    return product


@pytest.mark.parametrize("what", OTHERWISE)
def test_a_deal_whose_course_depends_on_more_is_simulated(what: str) -> None:
    inputs = world(accounts=4, reps=2)
    inputs = replace(inputs, accounts=replace(inputs.accounts, owner=np.arange(4) // 2))
    spec = spec_of(BLOCK.format(slots=10, leads=50, months=EVEN))
    model = build(inputs, inputs.accounts.owner, spec, MEASURES).model
    assert runs_courses(model)
    assert not runs_courses(OTHERWISE[what](model))
