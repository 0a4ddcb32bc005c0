"""The SimPy reference and the compiled kernel agree on deals, on what happens to them and on bookings, bit by bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from engine.inputs import Inputs
from engine.pipeline.build import build
from engine.pipeline.factors import futures as drawn_factors
from tests.pipeline.agreement import MEASURES, agree, equal
from tests.pipeline.drawn import futures, models
from tests.pipeline.drawn_words import scenarios
from tests.pipeline.features import known, said
from tests.pipeline.simulated import alone
from tests.pipeline.theory.simulated import spec_of
from tests.pipeline.theory.worlds import EVERYTHING, busy
from tests.worlds import world


@settings(max_examples=60)
@given(st.data())
def test_engines_are_equal_on_drawn_arrays(data: st.DataObject) -> None:
    """Every field of a model, also what no words say, and with much at one tick."""
    model = data.draw(models(plain=data.draw(st.booleans())))
    equal(model, alone(data.draw(futures(model))))


@settings(max_examples=40)
@given(scenarios(), st.integers(0, 2**63 - 1), st.integers(0, 1000))
def test_engines_are_equal_on_drawn_words(scenario: tuple[str, Inputs], seed: int, first: int) -> None:
    """Every source, case, law and process in the words of a block."""
    agree(*scenario, seed, first)


def test_engines_are_equal_where_seats_have_many_slots_and_leads_wait() -> None:
    """Forty slots of a seat are kept in a heap, ten in line."""
    inputs = world(accounts=4, reps=2)
    inputs = replace(inputs, accounts=replace(inputs.accounts, owner=np.arange(4) // 2))
    for slots, leads in ((10, 300), (40, 1200)):
        block = f"""
        slots: {slots}
        arrivals: {{leads: {leads}}}
        stages:
        - {{name: Qualify, advance: 70%, duration: {{kind: lognormal, mean: 20, cv: 1}}}}
        - {{name: Propose, advance: 60%, duration: {{kind: exponential, mean: 30}}}}
        sizes: {{law: {{kind: lognormal, mean: 50000, cv: 1}}}}
        """
        line = agree(block, inputs, 5, 0).line
        assert np.count_nonzero(line["start"] > line["arrival"]) > leads / 10


@pytest.mark.slow
def test_drawn_scenarios_have_every_feature_that_a_block_can_have() -> None:
    """A new kind, field or choice is drawn before the suite passes."""
    seen: set[str] = set()

    @seeded(1)
    @settings(max_examples=400, database=None, suppress_health_check=list(HealthCheck))
    @given(scenarios())
    def draw(scenario: tuple[str, Inputs]) -> None:
        seen.update(said(spec_of(scenario[0]), scenario[1]))

    draw()
    assert set(known()) - seen == set()
    assert len(known()) > 150


def test_engines_are_equal_on_crowded_years() -> None:
    inputs = busy()
    built = build(inputs, inputs.accounts.owner, spec_of(EVERYTHING), MEASURES)
    assert len(equal(built.model, drawn_factors(built.spreads, 5, 9, 4)).line) > 1_200
