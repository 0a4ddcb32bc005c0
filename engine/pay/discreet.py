"""What everybody may see of pay: distributions over groups of people, from which no single person's can be read.

Which plans may be shown beside the total is said by `engine.comp.groups`; here the total of fewer than `FEWEST` people
is hidden as well.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from engine.columns import Column
from engine.comp.groups import FEWEST, shown
from engine.inputs import FloatArray, Inputs
from engine.pay.ledger import accruals

ALL = "all"


def groups(people: Mapping[str, int]) -> tuple[str, ...]:
    """Return the plans whose figures may be shown, after `all` for the total, given how many people each pays."""
    there = {plan: count for plan, count in people.items() if count}
    if sum(there.values()) < FEWEST:
        return ()
    kept = shown(there)
    return (ALL, *(plan for plan in there if plan in kept))


def people_by_plan(frame: pd.DataFrame, plans: tuple[str, ...]) -> dict[str, int]:
    """Return how many people of a ledger each plan pays."""
    count = frame.groupby("plan")["person"].nunique()
    return {plan: int(count.get(plan, 0)) for plan in plans}


PAYOUTS = (
    Column("plan", "text", "Comp plan, or `all`"),
    Column("period", "text", "Period of payment, or `year` for all that are paid here"),
    Column("people", "whole", "People who are paid"),
    Column("mean", "real", "Mean over people", "currency units"),
    Column("p10", "real", "10 % of people are paid at most this, to three digits", "currency units"),
    Column("p50", "real", "Half of the people are paid at most this, to three digits", "currency units"),
    Column("p90", "real", "90 % of people are paid at most this, to three digits", "currency units"),
)


def payouts(frame: pd.DataFrame, inputs: Inputs, plans: tuple[str, ...], minor: int) -> pd.DataFrame:
    """Return quantiles over people by plan and period; a period in which fewer than `FEWEST` are paid is left out."""
    rows = []
    for plan in plans:
        mine = frame if plan == ALL else frame[frame["plan"] == plan]
        by = mine.groupby(["person", "period"])["paid"].sum().unstack(fill_value=0)
        # Who is paid nothing in a period is among its people as long as they are in the ledger at all.
        for label in (*(name for name in inputs.calendar.labels if name in by), "year"):
            pay = (by.sum(axis=1) if label == "year" else by[label]).to_numpy(dtype=np.float64) / minor
            if pay.size >= FEWEST:
                rows.append((plan, label, pay.size, pay.mean(), *_roughly(pay)))
    return pd.DataFrame(rows, columns=[column.name for column in PAYOUTS]).astype(
        {"plan": "str", "period": "str", "people": "int64"}
    )


def _roughly(pay: FloatArray) -> list[float]:
    """Return quantiles to three digits: in a group of odd size the median is what somebody is paid."""
    return [float(f"{value:.3g}") for value in np.percentile(pay, (10, 50, 90))]


ACCRUALS = (
    Column("plan", "text", "Comp plan, or `all`"),
    Column("period", "text", "Period"),
    Column("earned", "money", "Earned in the period"),
    Column("paid", "money", "Paid in the period"),
    Column("owed", "money", "Earned to date and not paid yet, at the end of the period"),
)


def accrued(frame: pd.DataFrame, inputs: Inputs, plans: tuple[str, ...]) -> pd.DataFrame:
    """Return earned, paid and owed by plan and period."""
    total = accruals(frame, inputs, [])
    total.insert(0, "plan", ALL)
    parts = accruals(frame, inputs, ["plan"])
    both = pd.concat([total, parts], ignore_index=True)
    return both[both["plan"].isin(plans)].astype({"plan": "str"}).reset_index(drop=True)
