"""Table of pay that is earned and waits for the cash of customers, where pay is released by it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.columns import Column, Table
from engine.comp.component import paid
from engine.comp.fast import Fast
from engine.comp.given import Given
from engine.comp.groups import shown_plans
from engine.comp.tables.frames import quantiles, table
from engine.inputs import FloatArray, IntArray

REPLICATIONS = 200
"""Replications that are looked at, evenly spaced."""
CELLS = 1 << 16
"""(replication, spell, period) cells that are looked at together."""
_LEVELS = (10, 50, 90)


def waiting_pay(given: Given) -> Sequence[Table]:
    """Return what each plan that is shown earns, what of it is due, and what waits; nothing where none does."""
    if not given.waits:
        return ()
    rows = []
    told = shown_plans(given.inputs, given.spec.plans)
    count = given.bookings.replications
    chosen = np.unique(np.linspace(0, max(count - 1, 0), min(REPLICATIONS, count)).astype(np.int64))
    for plan in given.spec.plans:
        spells = np.array([i for i, name in enumerate(given.inputs.spells.plan) if name == plan])
        if plan not in told or not spells.size or not count:
            continue
        earned, due = _sums(given, plan, spells, chosen)
        left = np.cumsum(earned - due, axis=1)
        for p, label in enumerate(given.inputs.calendar.labels):
            figures = earned[:, p].mean(), due[:, p].mean(), *quantiles(left[:, p], _LEVELS)
            rows.append((plan, label, *(float(figure) for figure in figures)))
    columns = [
        Column("plan", "text", "Comp plan."),
        Column("period", "text", "Period."),
        Column(
            "earned", "money", "Variable pay that is earned in the period, mean, rounded to the minor unit."
        ),
        Column("due", "money", "What becomes due in the period, likewise; it is paid as the plan pays."),
        Column(
            "waiting",
            "money",
            "Earned up to the end of the period and not due by then, mean; after the last one, what falls outside the "
            "plan. Rounded to the minor unit.",
        ),
        *(
            Column(
                f"waiting_p{level}", "money", f"{level} % of replications lie at or below, rounded likewise."
            )
            for level in _LEVELS
        ),
    ]
    meaning = f"Pay that waits for the cash of customers; over {chosen.size} replications."
    return (table("waiting_pay", meaning, columns, rows),)


def _sums(given: Given, plan: str, spells: IntArray, chosen: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return what all people of a plan earn, and what becomes due, shape (replication, period) both."""
    block, periods = given.spec.plans[plan], given.inputs.calendar.periods
    labels = [part.label for part in block.components if not part.fixed]
    step = max(CELLS // (spells.size * periods), 1)
    sums = np.zeros((2, chosen.size, periods))
    for start in range(0, chosen.size, step):
        few = chosen[start : start + step]
        book = given.simulated(block, spells, few)
        paid(block.components, book, block.pay)
        for side, amounts in enumerate((book.earned, book.due)):
            for label in labels:
                amount = amounts[label]
                assert isinstance(amount, Fast)
                shape = (few.size, spells.size, periods)
                sums[side, start : start + step] += np.broadcast_to(amount.values, shape).sum(axis=1)
    return sums[0], sums[1]
