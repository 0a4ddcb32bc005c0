"""What the worlds of theory have in common: `pipeline:` blocks as text, and tables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.inputs import Contracts, Inputs
from engine.pipeline.model import TICKS
from tests.worlds import world

DAYS = 365
"""Days of the plan of `tests.worlds.world`, 2027."""
MONTHS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
"""Days of its months."""


def one_seat() -> Inputs:
    """One seat with one account."""
    return world(1, 1)


def station(slots: int, rate: float, duration: str, more: str = "") -> str:
    """One stage that every lead passes in one of the slots; `rate` in leads a day."""
    return f"""
slots: {slots}
arrivals: {{leads: {rate * DAYS!r}{more}}}
stages: [{{name: Work, advance: 1, duration: {duration}}}]
sizes: {{law: {{kind: fixed, value: 1}}}}
"""


def exponential(mean: float) -> str:
    """Days without memory."""
    return f"{{kind: exponential, mean: {mean!r}}}"


def ticks(days: float) -> int:
    """Days as ticks."""
    return round(days * TICKS)


def with_contracts(inputs: Inputs, count: int, amount: int, renews: np.datetime64, months: int) -> Inputs:
    """The same world with contracts of one kind, all at the first account."""
    zero = np.zeros(count, dtype=np.int64)
    return replace(
        inputs,
        contracts=Contracts(
            tuple(f"C{place:04d}" for place in range(count)),
            zero,
            zero - 1,
            zero,
            zero + amount,
            np.full(count, renews, dtype="datetime64[D]"),
            zero + months,
        ),
    )
