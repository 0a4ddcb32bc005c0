"""Ledger: what each person earned and was paid, by period and component; what was paid stays as it was.

A settlement works the whole year out anew. Where an earlier ledger has closed a period, its rows stand, and what the
new figures differ by is a row of the current period that names the period it adjusts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from engine.columns import Column
from engine.inputs import Inputs
from engine.pay.settlement import Settlement

KEY = ["spell", "component", "of", "reason", "approved_by"]
COLUMNS = (
    Column("person", "text", "Person"),
    Column("spell", "text", "Spell of the person in a seat"),
    Column("rep", "text", "Seat"),
    Column("plan", "text", "Comp plan"),
    Column("role", "text", "Role of the person by the table of people; the plan where it has none"),
    Column("period", "text", "Period to which the row belongs"),
    Column("component", "text", "Component of the plan"),
    Column(
        "adjusts",
        "text",
        "Closed period whose figures changed afterwards; blank for pay of the period itself",
    ),
    Column("earned", "money", "What was earned"),
    Column("paid", "money", "What is paid"),
    Column("reason", "text", "Why, for an approved exception; blank for what the plan pays"),
    Column("approved_by", "text", "Who approved it"),
)
"""Columns of the ledger, in its order."""


def ledger(
    found: Settlement,
    inputs: Inputs,
    closed: int,
    before: pd.DataFrame | None = None,
    exceptions: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the ledger of the first `closed` periods.

    Args:
        found: everything, worked out anew.
        inputs: calendar, seats and people.
        closed: how many periods have ended.
        before: the ledger so far; None for a first one.
        exceptions: rows that were approved beside the plans; None for none.

    Returns:
        Rows with the columns of `COLUMNS`, by person, spell, period and component.

    """
    anew = _anew(found, inputs, closed)
    if exceptions is not None and len(exceptions):
        anew = pd.concat([anew, exceptions], ignore_index=True)
    if before is None:
        return _ordered(anew, inputs)
    labels = list(inputs.calendar.labels)
    past = set(before["period"])
    last = max(labels.index(period) for period in past) if past else -1
    current = labels[closed - 1]
    fresh = anew[anew["period"].map(labels.index) > last]
    old = before.assign(of=before["adjusts"].where(before["adjusts"] != "", before["period"]))
    again = anew[anew["period"].map(labels.index) <= last].assign(of=lambda frame: frame["period"])
    rows = _differences(old, again).assign(period=current)
    # A difference is told to whom the person reports when it is paid.
    now = dict(
        zip(inputs.spells.id, (inputs.reps.id[seat] for seat in found.seat[:, closed - 1]), strict=True)
    )
    rows = rows.assign(rep=rows["spell"].map(now).fillna(rows["rep"]))
    return _ordered(pd.concat([before, fresh, rows], ignore_index=True), inputs)


def _differences(old: pd.DataFrame, again: pd.DataFrame) -> pd.DataFrame:
    """Return what the figures of closed periods changed by, one row for each that did."""
    sums = pd.concat(
        [again.groupby(KEY)[["earned", "paid"]].sum(), -old.groupby(KEY)[["earned", "paid"]].sum()]
    )
    changes = sums.groupby(level=KEY).sum()
    changes = changes[(changes != 0).any(axis=1)].reset_index()
    who = (
        pd.concat([old, again])
        .drop_duplicates("spell", keep="last")
        .set_index("spell")[["person", "rep", "plan"]]
    )
    return changes.join(who, on="spell").rename(columns={"of": "adjusts"})


def _anew(found: Settlement, inputs: Inputs, closed: int) -> pd.DataFrame:
    c, s, p = np.nonzero((found.earned != 0) | (found.paid != 0))
    c, s, p = (index[p < closed] for index in (c, s, p))
    spells, labels = inputs.spells, np.array(inputs.calendar.labels, dtype=object)
    columns: dict[str, Any] = {
        "person": _taken(spells.person, s),
        "spell": _taken(spells.id, s),
        "rep": _taken(inputs.reps.id, found.seat[s, p]),
        "plan": _taken(tuple(plan for plan, _ in found.components), c),
        "period": labels[p],
        "component": _taken(tuple(part.label for _, part in found.components), c),
        "adjusts": np.full(c.size, "", dtype=object),
        "earned": found.earned[c, s, p],
        "paid": found.paid[c, s, p],
        "reason": np.full(c.size, "", dtype=object),
        "approved_by": np.full(c.size, "", dtype=object),
    }
    return pd.DataFrame(columns)


def _taken(words: tuple[str, ...], at: Any) -> Any:
    return np.array([*words, ""], dtype=object)[at]


def _ordered(frame: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    rank = {label: i for i, label in enumerate(inputs.calendar.labels)}
    roles = frame["spell"].map(dict(zip(inputs.spells.id, inputs.spells.roles, strict=True)))
    frame = frame.assign(role=frame["role"].fillna(roles) if "role" in frame else roles)
    at = frame["period"].map(rank)
    order = frame.assign(_p=at).sort_values(
        ["person", "spell", "_p", "adjusts", "component", "reason"], kind="stable"
    )
    return order[[column.name for column in COLUMNS]].reset_index(drop=True)
