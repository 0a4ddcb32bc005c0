"""Beside: what other plans would have paid each person on the same deals."""

from __future__ import annotations

import pandas as pd

from engine.columns import Column
from engine.inputs import Inputs
from engine.pay.discreet import PLAN_B

PLAN_B_PEOPLE = (Column("person", "text", "Person"), *PLAN_B)


def beside(ours: pd.DataFrame, other: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """Return what both pay by person, plan and period; arguments are ledgers without adjustments."""
    by = ["person", "plan", "period"]
    a, b = (frame.groupby(by)["paid"].sum() for frame in (ours, other))
    both = pd.DataFrame({"a": a, "b": b}).fillna(0).astype("int64").reset_index()
    year = both.assign(period="year").groupby(by)[["a", "b"]].sum().reset_index()
    rank = {label: i for i, label in enumerate((*inputs.calendar.labels, "year"))}
    rows = pd.concat([both, year], ignore_index=True)
    rows = rows.assign(difference=rows["b"] - rows["a"], _p=rows["period"].map(rank))
    rows = rows.sort_values(["person", "plan", "_p"], kind="stable")
    return rows[[column.name for column in PLAN_B_PEOPLE]].reset_index(drop=True)
