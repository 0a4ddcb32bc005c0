"""Books: the accounts of what was earned and paid, with on-costs, and the journal that finance posts.

Both are private: by period and component they may be the pay of a single person.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine import amounts
from engine.columns import Table
from engine.comp.accrual import Schedule, schedule
from engine.comp.component import Component
from engine.comp.oncosts import OnCost
from engine.comp.scaled import Scaled
from engine.comp.spec import CompSpec
from engine.comp.tables.journal import journal
from engine.comp.tables.schedule import schedule_table, together
from engine.inputs import Inputs, IntArray

SCHEDULE = (
    "Accrual schedule: cash and what was earned, with what is capitalised and amortised; without on-costs."
)
JOURNAL = "Journal of pay, with on-costs due on what was paid; each entry balances in every period."


def books(
    frame: pd.DataFrame,
    components: Sequence[tuple[str, Component]],
    spec: CompSpec,
    inputs: Inputs,
    closed: int,
    before: pd.DataFrame,
) -> tuple[Table, Table]:
    """Return the accrual schedule by component and the journal, of the periods that are closed.

    Args:
        frame: the ledger.
        components: (plan, component) of all plans.
        spec: the plans.
        inputs: calendar and currency.
        closed: how many periods have ended.
        before: what was owed when the plan began, by person, plan and component.

    """
    minor, labels = 10 ** amounts.decimals(inputs.currency), inputs.calendar.labels[:closed]
    owed = before.groupby(["plan", "component"])["amount"].sum().to_dict()
    found = {
        (plan, part.label): _accounts(frame, plan, part, spec, inputs).changed(
            opening_liability=int(owed.get((plan, part.label), 0))
        )
        for plan, part in components
    }
    found |= spec.accounting.before(inputs.calendar, minor, spec.rounding)
    found = {key: its.until(closed) for key, its in found.items()}
    due = sum((_due(frame, cost, components, spec, inputs) for cost in spec.on_costs), np.zeros(1, np.int64))
    on_costs = np.broadcast_to(due, inputs.calendar.periods)[:closed]
    plans = tuple(spec.plans)
    return (
        schedule_table("accrual_schedule", SCHEDULE, labels, found, plans, private=True),
        journal(together(found), on_costs, spec.accounting.accounts, labels, JOURNAL, private=True),
    )


def _accounts(frame: pd.DataFrame, plan: str, part: Component, spec: CompSpec, inputs: Inputs) -> Schedule:
    """Return the accounts of one component of a plan."""
    mine = frame[(frame["plan"] == plan) & (frame["component"] == part.label)]
    earned, paid = (_by_period(mine, figure, inputs) for figure in ("earned", "paid"))
    its = schedule(paid, earned, part.capitalise, spec.rounding)
    return its if part.fixed else spec.accounting.reserved(its, spec.rounding)


def _by_period(frame: pd.DataFrame, figure: str, inputs: Inputs) -> IntArray:
    labels = list(inputs.calendar.labels)
    return frame.groupby("period")[figure].sum().reindex(labels, fill_value=0).to_numpy(dtype=np.int64)


def _due(
    frame: pd.DataFrame,
    cost: OnCost,
    components: Sequence[tuple[str, Component]],
    spec: CompSpec,
    inputs: Inputs,
) -> IntArray:
    """Return what is due on everybody's payments, shape (period,); all seats of a person count together."""
    fixed = {(plan, part.label) for plan, part in components if part.fixed}
    counts = [
        cost.of == "total" or key not in fixed for key in zip(frame["plan"], frame["component"], strict=True)
    ]
    labels = list(inputs.calendar.labels)
    paid = frame[counts].groupby(["person", "period"])["paid"].sum().unstack(fill_value=0)
    base = paid.reindex(columns=labels, fill_value=0).to_numpy(dtype=np.int64)
    base = base * cost.holds(inputs.calendar).astype(np.int64)
    minor = 10 ** amounts.decimals(inputs.currency)
    due = cost.due(Scaled(base), len(labels), minor, spec.rounding).minor()
    return np.asarray(due.sum(axis=0), dtype=np.int64)
