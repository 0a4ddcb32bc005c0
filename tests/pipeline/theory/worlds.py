"""What the worlds of theory have in common: `pipeline:` blocks as text, and tables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.inputs import Contracts, Inputs
from engine.pipeline.layout import TICKS
from tests.pipeline.settings import with_open, with_spells
from tests.worlds import world

DAYS = 365
"""Days of the plan of `tests.worlds.world`, 2027."""
MONTHS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
"""Days of its months."""


EVERYTHING = """
slots: 4
sources:
  web: {leads: 150, spread: new, routing: {to: least_loaded}, patience: {kind: exponential, mean: 60}}
  fair: {leads: 80, spread: new, routing: {to: round_robin}}
  own: {leads: 150, spread: potential}
stages:
- {name: Qualify, advance: 60%, duration: {kind: lognormal, mean: 20, cv: 1}}
- name: Demo
  advance: 60%
  recycle: {to: Qualify, chance: 20%}
  duration: {kind: exponential, mean: 9}
  cases: [{tenure_below: 3, days_times: 1.5}, {months_of_quarter: [3], advance_times: 1.2}]
- {name: Close, advance: 50%, duration: {kind: gamma, mean: 25, shape: 2}, duration_lost: {kind: fixed, value: 7}}
sizes: {law: {kind: lognormal, mean: 50000, cv: 1}}
ramp: [30%, 60%, 80%]
market: {sd: 10%}
processes:
- {kind: resource, name: engineers, units: 2, stages: {Demo: {share: 70%}}}
- {kind: resource, name: legal, units: 2, stages: {Close: {hold: {kind: exponential, mean: 4}}}}
- {kind: priority, by: source, order: [fair, own]}
- {kind: attrition, rates: [{from_month: 0, rate: 80%}, {from_month: 6, rate: 40%}]}
- {kind: backfill, delay: {kind: exponential, mean: 30}}
- {kind: reassignment, deals: reassign, handover_days: 3}
- {kind: rep_factor, sd: 20%, applies_to: wins}
- {kind: product_factor, sd: 20%, correlation: 50%}
- {kind: over_dispersion, variance: 0.1}
"""
"""A pipeline with all that there is, for three seats."""


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


def busy() -> Inputs:
    """Three seats with open deals and people who have come at different times."""
    rows = [
        {"id": f"O{k:02d}", "rep": k % 3, "stage": ("Qualify", "Demo", "Close")[k % 3], "created": -7 * k}
        for k in range(15)
    ]
    inputs = with_spells(world(12, 3), [(0, -900, None), (1, -100, None), (2, -20, None)])
    return with_open(inputs, rows)
