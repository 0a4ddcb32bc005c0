"""Quotas set by product: a measure of some products is held against the quotas of these products."""

from __future__ import annotations

import numpy as np
import pytest

from engine import comp
from engine.comp.exact import Rows
from engine.comp.typical import pay_at, target_of_plan, typical
from engine.errors import BadInput
from engine.measures import Measure
from engine.quota.quotas import Quotas
from tests.comp.test_teams import TEAM
from tests.comp.worlds import BONUS, COMMISSION, SALARY, bookings, spec
from tests.worlds import world

MEASURES = {"bookings": Measure(), "core": Measure(products=("S0",)), "wins": Measure(quantity="count")}
CORE = {**COMMISSION, "name": "core", "measure": "core", "weight": "40%"}
WHOLE = {**BONUS, "name": "whole", "weight": "60%"}
REPLICATIONS = 5


def company():
    return world(reps=3)


def by_product(inputs, core=4_000_000, other=6_000_000):
    """Quotas of both products that differ by seat."""
    seat = np.arange(1, len(inputs.reps) + 1)[:, None, None]
    cells = np.broadcast_to(np.array([core, other])[:, None], (len(inputs.reps), 2, inputs.calendar.periods))
    return Quotas("bookings", cells * seat, (), ())


def sold(inputs):
    """Lumpy months; bookings are at least what is sold of the first product."""
    rng = np.random.default_rng(3)
    shape = (REPLICATIONS, len(inputs.reps), inputs.calendar.periods)
    core, rest = (np.rint(rng.lognormal(0, 0.6, shape) * mean) for mean in (8_000_000, 9_000_000))
    return bookings(np.stack([core + rest, core, core > 0], axis=-1), "bookings", "core", "wins")


def settled(inputs, quotas, rules, measures=MEASURES):
    return comp.settle(inputs, sold(inputs), quotas, rules, measures=measures)


def test_a_measure_of_one_product_is_held_against_its_quota():
    inputs, rules = company(), spec(SALARY, CORE, WHOLE)
    quotas, credits = by_product(inputs), sold(inputs)
    payouts = settled(inputs, quotas, rules)
    spell, period = (axis.reshape(-1) for axis in np.indices((len(inputs.spells), inputs.calendar.periods)))
    seat = inputs.spells.rep[spell]
    for r in range(REPLICATIONS):
        credit = {name: credits.measure(name)[r][seat, period] for name in ("bookings", "core")}
        exact = comp.pay(
            inputs, quotas.by_period, rules, Rows(spell, period, credit), quotas={"core": quotas.cells[:, 0]}
        )
        np.testing.assert_allclose(payouts.cost[r, :, 0], exact.pay.sum(axis=(0, 1)), atol=2 * len(spell))


def test_the_quota_of_a_product_decides_what_it_pays():
    inputs, rules = company(), spec(CORE)
    easy, hard = (settled(inputs, by_product(inputs, core=core), rules) for core in (2_000_000, 16_000_000))
    other = settled(inputs, by_product(inputs, other=60_000_000), rules)
    assert easy.variable.sum() > hard.variable.sum()
    assert (other.variable == settled(inputs, by_product(inputs), rules).variable).all()


@pytest.mark.parametrize("quota_of", ["team", "own"])
def test_a_team_is_held_against_the_quota_of_the_product_too(quota_of):
    """What the stage pays is paid again by its audit; the quota of the other product is of no account."""
    tiers = [{"start": 0, "rate": "1%"}, {"start": "90%", "rate": "2%"}]
    lead = {"kind": "override", "measure": "core", "team": TEAM, "accumulate": "period", "closed": "left"}
    lead |= {"quota_of": quota_of, "mode": "retroactive", "tiers": tiers}
    inputs, rules = company(), spec(lead)
    easy, same, hard = (
        settled(inputs, by_product(inputs, *each), rules).variable.sum()
        for each in ((2_000_000, 1), (2_000_000, 9_000_000), (90_000_000, 1))
    )
    assert easy == same > hard


def test_at_100_percent_of_each_quota_the_plan_pays_its_target():
    inputs, rules = company(), spec(CORE, {**COMMISSION, "name": "all"})
    quotas = by_product(inputs).measured(MEASURES, inputs.products.id)
    person = typical(inputs, sold(inputs), quotas, rules, "AE")
    assert person.credit["core"].tolist() == person.single["core"].tolist() != person.quota.tolist()
    assert pay_at(inputs, rules, "AE", person, np.array([1.0])) == target_of_plan(inputs, rules, person)


@pytest.mark.parametrize(
    ("measures", "cells"),
    [
        pytest.param(MEASURES, 1, id="quotas are not set by product"),
        pytest.param(
            {**MEASURES, "core": Measure(products=("S0",), segments=("SMB",))}, 2, id="of some segments"
        ),
        pytest.param({**MEASURES, "core": Measure(quantity="count", products=("S0",))}, 2, id="a count"),
        pytest.param({**MEASURES, "core": Measure(kinds=("renewal",))}, 2, id="of some kinds"),
        pytest.param(
            {**MEASURES, "bookings": Measure(products=("S1",))}, 2, id="quotas are on another product"
        ),
    ],
)
def test_what_has_no_quota_is_refused(measures, cells):
    inputs = company()
    quotas = by_product(inputs)
    quotas = Quotas("bookings", quotas.cells[:, :cells], (), ())
    with pytest.raises(BadInput, match="'core' has no quota to compare with; quotas are set on 'bookings'"):
        settled(inputs, quotas, spec(CORE), measures)
