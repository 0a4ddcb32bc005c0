"""Fresh replications: none of those that were looked at, with parameters that are drawn."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from engine.inputs import Inputs, Opportunities
from engine.pipeline.fresh import stage_error, uncertain
from engine.pipeline.processes.uncertainty import Uncertainty
from tests.pipeline.settings import START, spec
from tests.pipeline.test_simulation import run
from tests.worlds import world


def known(won: int, lost: int) -> Inputs:
    """A world with so many closed deals of product S0, won for 10,000 and 30,000 in turn, created last year."""
    count = won + lost
    outcome = np.repeat(np.array([1, 0], np.int8), [won, lost])
    created = np.full(count, START - np.timedelta64(100, "D"))
    amount = np.where(outcome == 1, np.where(np.arange(count) % 2 == 0, 1_000_000, 3_000_000), -1)
    deals = Opportunities(
        tuple(f"D{k}" for k in range(count)), np.zeros(count, np.int64), np.zeros(count, np.int64),
        np.zeros(count, np.int64), ("",) * count, outcome, created, created, created + np.timedelta64(50, "D"), amount,
    )  # fmt: skip
    return replace(world(), history=deals)


def test_fresh_replications_are_repeatable_and_none_of_those_that_were_looked_at() -> None:
    booked = run(spec(), world())
    assert booked.fresh is not None
    once = booked.fresh(20)
    np.testing.assert_array_equal(once, booked.fresh(20))
    np.testing.assert_array_equal(once[:5], booked.fresh(5))
    totals = booked.cube.sum(axis=(1, 2))[:, 0]
    assert not np.isin(once.sum(axis=(1, 2))[:, 0], totals[totals > 0]).any()


def test_errors_are_those_that_the_export_allows() -> None:
    inputs, block = known(30, 70), spec()
    errors = next(p for p in uncertain(inputs, block).processes if isinstance(p, Uncertainty))
    odds = stage_error(sqrt(1 / 30 + 1 / 70), [0.6, 0.5])
    assert {name: error.odds for name, error in errors.stages.items()} == pytest.approx(
        {"Qualify": odds, "Close": odds}, abs=1e-4
    )
    assert float(errors.leads["leads"]) == pytest.approx(0.1)
    won = np.where(np.arange(30) % 2 == 0, 1.0, 3.0)
    assert float(errors.amounts["S0"]) == pytest.approx(won.std(ddof=1) / won.mean() / sqrt(30), abs=1e-4)


def test_what_says_how_well_it_is_known_or_knows_nothing_is_left_as_it_is() -> None:
    told = spec(processes=[{"kind": "uncertainty", "leads": {"leads": "20%"}}])
    assert uncertain(known(30, 70), told) is told
    block = spec()
    assert uncertain(world(), block) is block


def test_errors_of_stages_make_that_of_winning() -> None:
    """By simulation: stages with the error that is told win with log-odds that have the error that was given."""
    advance, error = np.array([0.6, 0.7, 0.5]), 0.05
    each = stage_error(error, advance.tolist())
    stream = np.random.Generator(np.random.Philox(1))
    logits = np.log(advance / (1 - advance)) + each * stream.normal(size=(40_000, 3))
    win = (1 / (1 + np.exp(-logits))).prod(axis=1)
    assert np.log(win / (1 - win)).std() == pytest.approx(error, rel=0.02)
    assert stage_error(0.3, [0.4]) == pytest.approx(0.3)
    assert stage_error(0.3, [1.0]) == 0


def test_drawn_parameters_spread_the_company_more() -> None:
    block = spec(replications=400)
    wide = run(block, known(8, 12)).fresh
    narrow = run(block, world()).fresh
    assert wide is not None
    assert narrow is not None
    sums = [one(400).sum(axis=(1, 2))[:, 0] for one in (wide, narrow)]
    assert sums[0].std() > 1.3 * sums[1].std()
