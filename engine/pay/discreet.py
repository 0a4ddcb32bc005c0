"""What everybody may see of pay: distributions over groups of people, from which no single person's can be read.

Which plans may be shown beside the total is said by `engine.comp.groups`; here the total of fewer than `FEWEST` people
is hidden as well, and periods in which few are paid are told together (`engine.pay.spans`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from engine.columns import Column, Table
from engine.comp.groups import FEWEST, shown
from engine.inputs import FloatArray, IntArray
from engine.pay.money import money
from engine.pay.spans import ALL, Span


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


def figure(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return one figure of a ledger by person, plan and period, as `spans` takes it."""
    return frame.groupby(["person", "plan", "period"])[name].sum().rename("amount").reset_index()


PAYOUTS = (
    Column("plan", "text", "Comp plan, or `all`"),
    Column("period", "text", "Period of payment or periods told together; `year` for all that are paid here"),
    Column("people", "whole", "People who are paid"),
    Column("mean", "money", "Mean over people, rounded to the minor unit"),
    Column("p10", "money", "10 % of people are paid at most this, to three digits"),
    Column("p50", "money", "Half of the people are paid at most this, to three digits"),
    Column("p90", "money", "90 % of people are paid at most this, to three digits"),
)


def payouts(frame: pd.DataFrame, told: Sequence[str], over: Sequence[Span]) -> pd.DataFrame:
    """Return quantiles over people by plan and span; who is paid nothing in a span is among its people."""
    rows = []
    for plan in told:
        mine = _of(frame, plan)
        by = mine.groupby(["person", "period"])["paid"].sum().unstack(fill_value=0)
        for label, periods in _with_year(over):
            pay = by[[name for name in periods if name in by]].sum(axis=1).to_numpy(dtype=np.float64)
            if pay.size >= FEWEST:
                rows.append((plan, label, pay.size, round(pay.mean()), *_roughly(pay)))
    return _framed(rows, PAYOUTS)


def _roughly(pay: FloatArray) -> IntArray:
    """Return quantiles to three digits: in a group of odd size the median is what somebody is paid."""
    exact = np.percentile(pay, (10, 50, 90))
    return np.array([round(float(f"{value:.3g}")) for value in exact], dtype=np.int64)


ACCRUALS = (
    Column("plan", "text", "Comp plan, or `all`"),
    Column("period", "text", "Period, or periods told together"),
    Column("earned", "money", "Earned in it"),
    Column("paid", "money", "Paid in it"),
    Column("owed", "money", "Earned to date, in this year or before, and not paid yet, at its end"),
)


def accrued(
    frame: pd.DataFrame, before: pd.DataFrame, told: Sequence[str], over: Sequence[Span]
) -> pd.DataFrame:
    """Return earned, paid and owed by plan and span; `before` is what was owed when the plan began."""
    rows = []
    for plan in told:
        mine, owed = _of(frame, plan), int(_of(before, plan)["amount"].sum())
        for span in over:
            here = mine[mine["period"].isin(span.periods)]
            earned, paid = int(here["earned"].sum()), int(here["paid"].sum())
            owed += earned - paid
            rows.append((plan, span.label, earned, paid, owed))
    return _framed(rows, ACCRUALS)


PLAN_B = (
    Column("plan", "text", "Comp plan, or `all`"),
    Column("period", "text", "Period of payment or periods told together; `year` for all that are paid here"),
    Column("a", "money", "Paid under the plans"),
    Column("b", "money", "Paid under the other plans, on the same deals"),
    Column("difference", "money", "b less a"),
)


def plan_b(
    ours: pd.DataFrame, other: pd.DataFrame, told: Sequence[str], over: Sequence[Span]
) -> pd.DataFrame:
    """Return what both pay by plan and span; arguments are ledgers without adjustments."""
    rows = []
    for plan in told:
        for label, periods in _with_year(over):
            a, b = (
                int(mine[mine["period"].isin(periods)]["paid"].sum())
                for mine in (_of(ours, plan), _of(other, plan))
            )
            rows.append((plan, label, a, b, b - a))
    return _framed(rows, PLAN_B)


def sums(tables: Sequence[Table], currency: str) -> list[str]:
    """Return what is earned, paid and owed in all, and what plan B would have paid, in words that everybody may read.

    Args:
        tables: with `accruals`, and `plan_b` where other plans are held beside.
        currency: of the amounts.

    """
    frames = {table.name: table.frame for table in tables}
    if not (frames["payouts"]["plan"] == ALL).any():
        return [f"fewer than {FEWEST} people are paid, so the sums stand in private/ledger.csv alone"]
    whole = frames["accruals"][frames["accruals"]["plan"] == ALL]
    earned, paid = int(whole["earned"].sum()), int(whole["paid"].sum())
    said = [
        f"earned {money(earned, currency)} {currency}, paid {money(paid, currency)}, "
        f"owed {money(int(whole['owed'].iloc[-1]), currency)}"
        if len(whole)
        else f"what is earned or owed tells of fewer than {FEWEST} people: the sums stand in private/ledger.csv alone"
    ]
    if "plan_b" in frames:
        year = frames["plan_b"][(frames["plan_b"]["plan"] == ALL) & (frames["plan_b"]["period"] == "year")]
        for b, more in year[["b", "difference"]].to_numpy():
            how = f", {money(abs(more), currency)} {'more' if more > 0 else 'less'}" if more else ", the same"
            said.append(f"plan B would have paid {money(b, currency)} {currency}{how}")
        if year.empty:
            said.append(f"plan B changes the pay of fewer than {FEWEST} people: private/plan_b_people.csv")
    return said


def _of(frame: pd.DataFrame, plan: str) -> pd.DataFrame:
    return frame if plan == ALL else frame[frame["plan"] == plan]


def _with_year(over: Sequence[Span]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the spans and the whole of them; nothing where there are none."""
    whole = tuple(period for span in over for period in span.periods)
    return [*((span.label, span.periods) for span in over), *([("year", whole)] if whole else [])]


def _framed(rows: Sequence[tuple[object, ...]], columns: Sequence[Column]) -> pd.DataFrame:
    kinds = {column.name: "str" if column.type == "text" else "int64" for column in columns}
    return pd.DataFrame.from_records(list(rows), columns=list(kinds)).astype(kinds)
