"""Public: the tables of pay that everybody may read, each over periods in which it is the pay of enough people.

What can be worked out from two figures is held to that as well: what is owed is earned less paid, and what adjustments
add to a period is what was paid in it less what the plans pay there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.columns import Table
from engine.pay.discreet import (
    ACCRUALS,
    PAYOUTS,
    PLAN_B,
    accrued,
    figure,
    groups,
    payouts,
    people_by_plan,
    plan_b,
)
from engine.pay.settlement import Settlement
from engine.pay.spans import filled, spans

FEW = "; small groups are left out, and periods in which few are paid are told together."


@dataclass(frozen=True)
class Paying:
    """What some plans pay as they are now, with exceptions and without adjustments of closed periods."""

    ledger: pd.DataFrame
    fixed: frozenset[tuple[str, str]]
    """(plan, component) of salaries."""

    @classmethod
    def of(cls, settled: Settlement, ledger: pd.DataFrame) -> Paying:
        """Return that of a settlement."""
        return cls(ledger, frozenset((plan, part.label) for plan, part in settled.components if part.fixed))

    def variable(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of a ledger under the plans that are no salary."""
        pairs = zip(frame["plan"], frame["component"], strict=True)
        return frame[np.array([pair not in self.fixed for pair in pairs], dtype=np.bool_)]


def public(
    frame: pd.DataFrame,
    before: pd.DataFrame,
    ours: Paying,
    theirs: Paying | None,
    plans: tuple[str, ...],
    labels: tuple[str, ...],
    unit: int,
) -> Iterator[Table]:
    """Yield the spread of pay, accruals and what other plans would have paid.

    Args:
        frame: the ledger.
        before: what was owed when the plan began.
        ours: what the plans pay.
        theirs: what other plans would have paid on the same deals; None for no others.
        plans: names of the plans.
        labels: periods that are closed.
        unit: minor units of the currency unit.

    """
    told = groups(people_by_plan(frame, plans))
    variable = ours.variable(frame)
    paid, earned = figure(frame, "paid"), figure(frame, "earned")
    figures = [paid, figure(variable, "paid")]
    over = spans(figures, [(label,) for label in labels], told)
    yield Table("payouts", PAYOUTS, payouts(frame, told, over), f"Spread of what people are paid{FEW}")
    units, owed = list(filled(over, labels)), _less(earned, paid)
    to_date = [pd.concat([owed, before.assign(period=labels[0])], ignore_index=True)]
    wide = spans([*figures, earned, figure(variable, "earned")], units, told, [owed], to_date, unit)
    yield Table("accruals", ACCRUALS, accrued(frame, before, told, wide), f"Earned, paid and owed{FEW}")
    if theirs is not None:
        a, b = figure(ours.ledger, "paid"), figure(theirs.ledger, "paid")
        figures += [a, b, *(figure(both.variable(both.ledger), "paid") for both in (ours, theirs))]
        wide = spans(figures, units, told, [_less(a, paid), _less(b, a)], unit=unit)
        meaning = f"What other plans would have paid on the same deals{FEW}"
        yield Table("plan_b", PLAN_B, plan_b(ours.ledger, theirs.ledger, told, wide), meaning)


def _less(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([one, other.assign(amount=-other["amount"])], ignore_index=True)
