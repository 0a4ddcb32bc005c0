"""Lines as a table: deal, credit, measure, attainment to date, rule, amount."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import amounts
from engine.columns import Column
from engine.crediting.credits import KINDS
from engine.inputs import IntArray
from engine.pay.cashed import told
from engine.pay.credit import Credits
from engine.pay.lines import CARRIED, MEMBER, REASON, SHARED, SHARED_BACK, TEAM, WORDS, Lines
from engine.pay.money import money
from engine.pay.rules import rules
from engine.pay.settlement import Settlement
from engine.pay.tables import Tables

COLUMNS = (
    Column("person", "text", "Person"),
    Column("spell", "text", "Spell of the person in a seat"),
    Column("period", "text", "Period in which it was earned"),
    Column("component", "text", "Component of the plan"),
    Column(
        "line",
        "text",
        "What the line is: a deal, the opening of a period, a rule of the period such as a gate or a cap, a clawback",
    ),
    Column("deal", "text", "Deal; blank where no deal causes the line"),
    Column("date", "date", "Day of the deal"),
    Column("role", "text", "How the person comes to be credited: owner, split, overlay or team"),
    Column("measure", "text", "Measure that is credited"),
    Column("credit", "money", "Credit of the deal"),
    Column("to_date", "money", "Credit to date with the deal"),
    Column("quota", "money", "Quota that credit to date is held against; 0 for none"),
    Column(
        "target", "money", "Target incentive of the component over the interval of that quota; 0 without one"
    ),
    Column("attainment", "ratio", "Credit to date over that quota; blank without one"),
    Column(
        "rule",
        "text",
        "Tier or piece of the curve that the line falls into, or what the rule of the period found",
    ),
    Column("amount", "money", "What it adds to what is earned"),
)
"""Columns of the lines, in their order."""


def shown(found: Settlement, tables: Tables, credits: Credits, first: int, closed: int) -> pd.DataFrame:
    """Return the lines of the periods from `first` up to `closed` as a table with the columns of `COLUMNS`."""
    lines = found.lines.take(np.flatnonzero((found.lines.period >= first) & (found.lines.period < closed)))
    spells, labels = tables.inputs.spells, np.array(tables.inputs.calendar.labels, dtype=object)
    row = np.maximum(lines.row, 0)
    caused = lines.row >= 0
    deal = credits.lines.deal[row] if credits.spell.size else row
    day = np.where(
        caused,
        tables.deals.day[deal] if len(tables.deals) else np.datetime64("NaT", "D"),
        np.datetime64("NaT"),
    )
    measure, credit = _credited(found, lines, credits)
    # A count stands in a column of money as so many currency units.
    unit = np.where(np.isin(measure, list(tables.counts)), 10 ** amounts.decimals(tables.inputs.currency), 1)
    ratio = np.full(len(lines), np.nan)
    np.divide(lines.to_date, lines.quota, out=ratio, where=lines.quota > 0)
    read = rules(found.components, lines, found.rows, tables.inputs.currency, tables.counts)
    columns: dict[str, Any] = {
        "person": _words(spells.person)[lines.spell],
        "spell": _words(spells.id)[lines.spell],
        "period": labels[lines.period],
        "component": _words(tuple(part.label for _, part in found.components))[lines.component],
        "line": _words(WORDS)[lines.kind],
        "deal": np.where(caused, _padded(tables.deals.id)[deal], ""),
        "date": day.astype("datetime64[us]"),
        "role": np.where(
            caused & ~np.isin(lines.kind, (SHARED, SHARED_BACK)),
            _words(KINDS)[credits.lines.kind[row] if credits.spell.size else row],
            "",
        ),
        "measure": measure,
        "credit": credit * unit,
        "to_date": lines.to_date * unit,
        "quota": lines.quota * unit,
        "target": np.where(lines.quota > 0, lines.target, 0),
        "attainment": ratio,
        "rule": _joined(read, _joined(_receipts(tables, deal, caused), lines.why)),
        "amount": lines.amount,
    }
    rank = {name: i for i, name in enumerate(sorted(set(spells.person)))}
    person = np.array([*(rank[name] for name in spells.person), -1], dtype=np.int64)[lines.spell]
    within = np.where(lines.kind >= REASON, len(credits.spell), lines.row)
    order = np.lexsort((within, lines.component, lines.period, lines.spell, person))
    return pd.DataFrame(columns).iloc[order].reset_index(drop=True)


def with_adjustments(
    table: pd.DataFrame, ledger: pd.DataFrame, differences: pd.DataFrame, currency: str
) -> pd.DataFrame:
    """Return the lines with those of the differences and exceptions of a ledger, so that both add up to the same.

    Args:
        table: lines of the periods that are paid now.
        ledger: rows of the ledger of these periods.
        differences: lines of closed periods that changed, with the period that each adjusts.
        currency: ISO code of the amounts.

    """
    rows = ledger[(ledger["adjusts"] != "") | (ledger["reason"] != "")]
    told = differences.groupby(["spell", "component", "adjusts"])["amount"].sum()
    keys = pd.MultiIndex.from_frame(rows[["spell", "component", "adjusts"]])
    explained = told.reindex(keys).where((rows["reason"] == "").to_numpy())
    rest = rows["earned"] - explained.fillna(0).astype("int64").to_numpy()
    left = explained.isna().to_numpy() | (rest != 0)
    rows, rest = rows[left], rest[left]
    more = pd.DataFrame(
        {
            **{name: rows[name] for name in ("person", "spell", "period", "component")},
            "line": [
                _beside(*row) for row in rows[["adjusts", "reason", "approved_by"]].itertuples(index=False)
            ],
            **dict.fromkeys(("deal", "role", "measure"), ""),
            "rule": [
                "" if reason or earned == paid else f"{money(paid, currency)} is paid of it now"
                for reason, earned, paid in rows[["reason", "earned", "paid"]].itertuples(index=False)
            ],
            "date": np.datetime64("NaT", "us"),
            **dict.fromkeys(("credit", "to_date", "quota", "target"), 0),
            "attainment": np.nan,
            "amount": rest,
        }
    )[list(table.columns)]
    parts = [part[list(table.columns)].astype(table.dtypes) for part in (differences, more) if not part.empty]
    if not parts:
        return table
    both = pd.concat([table, *parts], ignore_index=True)
    return both.sort_values(["person", "spell", "period"], kind="stable").reset_index(drop=True)


def _beside(adjusts: str, reason: str, approved_by: str) -> str:
    """Say what a row of the ledger is that no line explains."""
    said = [f"adjustment of {adjusts}"] if adjusts else []
    return ", ".join([*said, f"exception: {reason} (approved by {approved_by})"] if reason else said)


def _joined(rule: NDArray[Any], why: NDArray[Any]) -> NDArray[Any]:
    """Return what the table says and why, either of which may be blank."""
    both = (rule != "") & (why != "")
    return np.where(both, rule + "; " + why, np.where(why == "", rule, why))


def _receipts(tables: Tables, deal: IntArray, caused: NDArray[np.bool_]) -> NDArray[Any]:
    said = np.full(deal.size, "", dtype=object)
    said[caused] = told(tables.deals, deal[caused])
    return said


def _words(words: tuple[str, ...]) -> Any:
    return np.array([*words, ""], dtype=object)


def _padded(words: Any) -> Any:
    return words if words.size else np.array([""], dtype=object)


def _credited(found: Settlement, lines: Lines, credits: Credits) -> tuple[Any, IntArray]:
    """Return the first measure of each line's component, and what the deal, or the team, is credited in it."""
    names, credit = np.full(len(lines), "", dtype=object), np.zeros(len(lines), dtype=np.int64)
    for k, (_, part) in enumerate(found.components):
        of_team = np.flatnonzero((lines.component == k) & np.isin(lines.kind, (MEMBER, TEAM, CARRIED)))
        if of_team.size:
            names[of_team], credit[of_team] = part.measures()[0], lines.counted[of_team]
        at = np.flatnonzero(
            (lines.component == k) & (lines.row >= 0) & ~np.isin(lines.kind, (SHARED, SHARED_BACK))
        )
        if at.size:
            names[at] = part.measures()[0]
            credit[at] = credits.lines.credit[part.measures()[0]][lines.row[at]]
    return names, credit
