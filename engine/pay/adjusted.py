"""Adjusted: which lines of closed periods are worked out otherwise now, so that an adjustment says what changed.

A line of a closed period is told apart by its person, period, component, kind and deal. Where its amount is another one
now, or it is gone, or new, the difference is a line of the current period. These lines add up to the adjustment of the
ledger; what an earlier folder without lines cannot explain stays one line.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from engine.pay.money import money

KEY = ["person", "spell", "period", "component", "line", "deal"]
FIGURES = ["credit", "to_date", "quota", "target", "amount"]


def adjusted(old: pd.DataFrame, again: pd.DataFrame, current: str, currency: str) -> pd.DataFrame:
    """Return a line for each difference, with the columns of lines and `adjusts`, the period that it changes.

    Args:
        old: lines of closed periods as they were worked out when these were last paid.
        again: the same as they are worked out now.
        current: period in which the differences are paid.
        currency: ISO code of the amounts.

    """
    both = _told_apart(old).merge(
        _told_apart(again), on=[*KEY, "nth"], how="outer", suffixes=("_old", ""), indicator=True
    )
    amounts = both[["amount", "amount_old"]].fillna(0).astype("int64")
    both = both.assign(now=amounts["amount"], before=amounts["amount_old"])
    both = both[both["now"] != both["before"]]
    both = both.assign(last=lambda frame: frame["deal"] == "").sort_values(
        ["person", "spell", "period", "component", "last"], kind="stable"
    )
    gone = both["_merge"] == "left_only"
    for name in again.columns.difference(KEY):
        both[name] = both[name].where(~gone, both[f"{name}_old"])
    both = both.fillna(dict.fromkeys(FIGURES, 0)).astype(dict.fromkeys(FIGURES, "int64"))
    both = both.assign(
        amount=both["now"] - both["before"],
        adjusts=both["period"],
        period=current,
        rule=[_words(row, currency) for row in both.to_dict("records")],
    )
    both = both.assign(line="adjustment of " + both["adjusts"].astype(str))
    return both[[*again.columns, "adjusts"]].reset_index(drop=True)


def _told_apart(lines: pd.DataFrame) -> pd.DataFrame:
    """Return lines with a number for those that are otherwise alike."""
    return lines.assign(nth=lines.groupby(KEY).cumcount())


def _words(row: Mapping[Hashable, Any], currency: str) -> str:
    """Say what a line was and is; beside its deal where it has one."""
    was, now = money(row["before"], currency), money(row["now"], currency)
    if row["_merge"] == "left_only":
        said = f"was {was}{_why(row['rule_old'])}, is gone"
    elif row["_merge"] == "right_only":
        said = f"new: {now}{_why(row['rule'])}"
    elif row["rule_old"] == row["rule"]:
        said = f"was {was}, is {now}{_why(row['rule'])}"
    else:
        said = f"was {was}{_why(row['rule_old'])}, is {now}{_why(row['rule'])}"
    return said if row["deal"] else f"{row['line']}: {said}"


def _why(rule: str) -> str:
    return f" ({rule})" if rule else ""
