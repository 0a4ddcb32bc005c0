"""Both engines agree on whatever the words of a block say: deals, what happened to them and bookings, bit by bit."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.inputs import Inputs
from tests.pipeline.agreement import agree
from tests.pipeline.drawn_words import scenarios


@settings(max_examples=100)
@given(scenarios(), st.integers(0, 2**63 - 1), st.integers(0, 1000))
def test_reference_and_kernel_are_equal_on_drawn_scenarios(
    scenario: tuple[str, Inputs], seed: int, first: int
) -> None:
    agree(*scenario, seed, first)
