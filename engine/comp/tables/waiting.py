"""Table of pay that is earned and waits for the cash of customers, where pay is released by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    told, chosen = shown_plans(given.inputs, given.spec.plans), _chosen(given)
    for plan in given.spec.plans:
        if plan not in told or not chosen.size:
            continue
        by_part = np.zeros((2, chosen.size, given.inputs.calendar.periods))
        for few, _, amounts in _settled(given, plan, chosen):
            by_part[:, few] += amounts.sum(axis=2)
        earned, due = by_part
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


def left_at_end(given: Given, plan: str) -> dict[str, FloatArray]:
    """Return what is earned and not due by the end of the plan, by component; mean, minor units, shape (everybody,)."""
    chosen, found = _chosen(given), dict[str, FloatArray]()
    for _, label, (earned, due) in _settled(given, plan, chosen):
        mean = (earned - due).sum(axis=(0, 2)) / chosen.size
        found.setdefault(label, np.zeros(len(given.inputs.spells)))[_spells(given, plan)] += mean
    return found


def _chosen(given: Given) -> IntArray:
    count = given.bookings.replications
    return np.unique(np.linspace(0, max(count - 1, 0), min(REPLICATIONS, count)).astype(np.int64))


def _spells(given: Given, plan: str) -> IntArray:
    return np.array([i for i, name in enumerate(given.inputs.spells.plan) if name == plan], dtype=np.int64)


def _settled(given: Given, plan: str, chosen: IntArray) -> Iterator[tuple[slice, str, FloatArray]]:
    """Yield places among the chosen replications, a component of variable pay, and what it earns and what is due.

    The latter are of shape (2, replication, spell, period).
    """
    block, spells, periods = given.spec.plans[plan], _spells(given, plan), given.inputs.calendar.periods
    step = max(CELLS // max(spells.size * periods, 1), 1)
    for start in range(0, chosen.size if spells.size else 0, step):
        few = chosen[start : start + step]
        book = given.simulated(block, spells, few)
        paid(block.components, book, block.pay)
        for part in block.components:
            if not part.fixed:
                both = (book.earned[part.label], book.due[part.label])
                shape = (few.size, spells.size, periods)
                values = [
                    np.broadcast_to(amount.values, shape) for amount in both if isinstance(amount, Fast)
                ]
                yield slice(start, start + few.size), part.label, np.stack(values)
