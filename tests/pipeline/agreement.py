"""`python -m tests.pipeline.agreement [--scenarios N] [--seed S]`: how far the two engines were compared.

Draws scenarios in the words of a `pipeline:` block, simulates each by the reference and by the compiled kernel, and
stops at the first bit in which they differ. It counts what was compared, how often everything that can happen did, and
how many scenarios had each feature that a block can have (`features`).
"""

from __future__ import annotations

import argparse
from collections import Counter

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from engine.inputs import Inputs
from engine.measures import Measure
from engine.pipeline.build import build
from engine.pipeline.factors import futures
from engine.pipeline.layout import OUTCOMES
from engine.pipeline.model import Futures, Model
from tests.pipeline import features
from tests.pipeline.drawn_words import scenarios
from tests.pipeline.engines import Simulated, by_kernel, by_reference
from tests.pipeline.theory.simulated import spec_of

MEASURES = {
    "bookings": Measure(),
    "deals": Measure(quantity="count"),
    "some": Measure(products=("S0",), segments=("SMB",), kinds=("new", "expansion")),
    "renewals": Measure(quantity="count", kinds=("renewal",)),
}
EVENTS = (
    "arrived", "started", "entered", "asked for a unit", "got it", "gave it back", "advanced", "went back", "moved",
    "discarded", "lost", "won", "gave up",
)  # fmt: skip


def agree(text: str, inputs: Inputs, seed: int, first: int) -> Simulated:
    """Hold the engines to each other on one replication of a drawn scenario."""
    built = build(inputs, inputs.accounts.owner, spec_of(text), MEASURES)
    return equal(built.model, futures(built.spreads, seed, first, 1))


def equal(model: Model, drawn: Futures) -> Simulated:
    """Hold the engines to each other on some replications; without a log the kernel may take a shorter way."""
    slow, fast, shorter = (
        by_reference(model, drawn),
        by_kernel(model, drawn),
        by_kernel(model, drawn, log=False),
    )
    assert slow.event.tolist() == fast.event.tolist()
    for other in (fast, shorter):
        assert slow.line.tolist() == other.line.tolist()
        assert slow.booking.tolist() == other.booking.tolist()
        assert np.array_equal(slow.cube, other.cube)
    return slow


def main() -> int:
    """Compare drawn scenarios and print what was compared."""
    parser = argparse.ArgumentParser(prog="python -m tests.pipeline.agreement", description=__doc__)
    parser.add_argument("--scenarios", type=int, default=1000, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    asked = parser.parse_args()
    seen: Counter[str] = Counter()
    had: Counter[str] = Counter()

    @seeded(asked.seed)
    @settings(
        max_examples=asked.scenarios, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(scenarios(), st.integers(0, 2**63 - 1), st.integers(0, 1000))
    def compare(scenario: tuple[str, Inputs], seed: int, first: int) -> None:
        done = agree(*scenario, seed, first)
        seen.update({"scenarios": 1, "deals": len(done.line), "entries of the log": len(done.event)})
        had.update(features.said(spec_of(scenario[0]), scenario[1]))
        seen.update(f"outcome {OUTCOMES[one]}" for one in done.line["outcome"].tolist())
        seen.update(f"event {EVENTS[one]}" for one in done.event["what"].tolist())
        seen["minor units booked"] += int(done.cube[..., 0].sum())

    compare()
    print("Equal, bit by bit, by the reference and by the kernel:")
    for name, count in seen.items():
        print(f"  {name}: {count:,}")
    print("Scenarios with each feature:")
    for name in features.known():
        print(f"  {name}: {had[name]:,}")
    never = [name for name in features.known() if not had[name]]
    print(f"Features that no scenario had: {', '.join(never) or 'none'}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
