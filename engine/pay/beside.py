"""Beside: what other plans would have paid on the same deals."""

from __future__ import annotations

import pandas as pd

from engine.columns import Column
from engine.inputs import Inputs
from engine.pay.discreet import ALL

PLAN_B = (
    Column("plan", "text", "Comp plan, or `all`"),
    Column("period", "text", "Period of payment, or `year` for all that are paid here"),
    Column("a", "money", "Paid under the plans"),
    Column("b", "money", "Paid under the other plans, on the same deals"),
    Column("difference", "money", "b less a"),
)
PLAN_B_PEOPLE = (Column("person", "text", "Person"), *PLAN_B)


def beside(
    ours: pd.DataFrame, other: pd.DataFrame, inputs: Inputs, shown: tuple[str, ...]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what both pay, by plan and period, and by person as well; arguments are ledgers without adjustments."""
    by = ["person", "plan", "period"]
    a, b = (frame.groupby(by)["paid"].sum() for frame in (ours, other))
    both = pd.DataFrame({"a": a, "b": b}).fillna(0).astype("int64").reset_index()
    year = both.assign(period="year").groupby(by)[["a", "b"]].sum().reset_index()
    both = pd.concat([both, year], ignore_index=True)
    total = both.assign(plan=ALL)
    plans = pd.concat([total, both]).groupby(["plan", "period"])[["a", "b"]].sum().reset_index()
    plans = plans[plans["plan"].isin(shown)]
    return _ordered(plans, ["plan"], inputs), _ordered(both, ["person", "plan"], inputs)


def _ordered(frame: pd.DataFrame, by: list[str], inputs: Inputs) -> pd.DataFrame:
    rank = {label: i for i, label in enumerate((*inputs.calendar.labels, "year"))}
    frame = frame.assign(difference=frame["b"] - frame["a"], _p=frame["period"].map(rank))
    frame = frame.sort_values([*by, "_p"], kind="stable")
    return frame[[*by, "period", "a", "b", "difference"]].reset_index(drop=True)
