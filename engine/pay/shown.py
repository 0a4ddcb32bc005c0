"""Lines as a table: deal, credit, measure, attainment to date, rule, amount."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from engine import amounts
from engine.columns import Column
from engine.comp.component import Component
from engine.comp.pieces import Pieces
from engine.crediting.credits import KINDS
from engine.inputs import IntArray
from engine.pay.credit import Credits
from engine.pay.lines import CAP, FLOOR, SHARED, WORDS, Lines
from engine.pay.settlement import Settlement
from engine.pay.tables import Tables

COLUMNS = (
    Column("person", "text", "Person"),
    Column("spell", "text", "Spell of the person in a seat"),
    Column("period", "text", "Period in which it was earned"),
    Column("component", "text", "Component of the plan"),
    Column(
        "line", "text", "What the line is: a deal, a clawback, a cap, the opening or the whole of a period"
    ),
    Column("deal", "text", "Deal; blank where no deal causes the line"),
    Column("date", "date", "Day of the deal"),
    Column("role", "text", "How the person comes to be credited: owner, split, overlay or team"),
    Column("measure", "text", "Measure that is credited"),
    Column("credit", "money", "Credit of the deal"),
    Column("to_date", "money", "Credit to date with the deal"),
    Column("quota", "money", "Quota that credit to date is held against; 0 for none"),
    Column("attainment", "ratio", "Credit to date over that quota; blank without one"),
    Column("rule", "text", "Tier or piece of the curve that the line falls into"),
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
    columns: dict[str, Any] = {
        "person": _words(spells.person)[lines.spell],
        "spell": _words(spells.id)[lines.spell],
        "period": labels[lines.period],
        "component": _words(tuple(part.label for _, part in found.components))[lines.component],
        "line": _words(WORDS)[lines.kind],
        "deal": np.where(caused, _padded(tables.deals.id)[deal], ""),
        "date": day.astype("datetime64[us]"),
        "role": np.where(
            caused & (lines.kind != SHARED),
            _words(KINDS)[credits.lines.kind[row] if credits.spell.size else row],
            "",
        ),
        "measure": measure,
        "credit": credit * unit,
        "to_date": lines.to_date * unit,
        "quota": lines.quota * unit,
        "attainment": ratio,
        "rule": _rules(found, lines, tables),
        "amount": lines.amount,
    }
    rank = {name: i for i, name in enumerate(sorted(set(spells.person)))}
    person = np.array([*(rank[name] for name in spells.person), -1], dtype=np.int64)[lines.spell]
    within = np.where((lines.kind == CAP) | (lines.kind == FLOOR), len(credits.spell), lines.row)
    order = np.lexsort((within, lines.component, lines.period, lines.spell, person))
    return pd.DataFrame(columns).iloc[order].reset_index(drop=True)


def with_adjustments(table: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """Return the lines with one for each difference and exception of a ledger, so that both add up to the same."""
    rows = ledger[(ledger["adjusts"] != "") | (ledger["reason"] != "")]
    more = pd.DataFrame(
        {
            **{name: rows[name] for name in ("person", "spell", "period", "component")},
            "line": [
                _beside(*row) for row in rows[["adjusts", "reason", "approved_by"]].itertuples(index=False)
            ],
            **dict.fromkeys(("deal", "role", "measure", "rule"), ""),
            "date": np.datetime64("NaT", "us"),
            **dict.fromkeys(("credit", "to_date", "quota"), 0),
            "attainment": np.nan,
            "amount": rows["earned"],
        }
    )[list(table.columns)]
    if more.empty:
        return table
    both = pd.concat([table, more.astype(table.dtypes)], ignore_index=True)
    return both.sort_values(["person", "spell", "period"], kind="stable").reset_index(drop=True)


def _beside(adjusts: str, reason: str, approved_by: str) -> str:
    """Say what a row of the ledger is that no line explains."""
    said = [f"adjustment of {adjusts}"] if adjusts else []
    return ", ".join([*said, f"exception: {reason} (approved by {approved_by})"] if reason else said)


def _words(words: tuple[str, ...]) -> Any:
    return np.array([*words, ""], dtype=object)


def _padded(words: Any) -> Any:
    return words if words.size else np.array([""], dtype=object)


def _credited(found: Settlement, lines: Lines, credits: Credits) -> tuple[Any, IntArray]:
    """Return the first measure of each line's component, and what the deal is credited in it."""
    names, credit = np.full(len(lines), "", dtype=object), np.zeros(len(lines), dtype=np.int64)
    for k, (_, part) in enumerate(found.components):
        at = np.flatnonzero((lines.component == k) & (lines.row >= 0) & (lines.kind != SHARED))
        if at.size:
            names[at] = part.measures()[0]
            credit[at] = credits.lines.credit[part.measures()[0]][lines.row[at]]
    return names, credit


def _rules(found: Settlement, lines: Lines, tables: Tables) -> Any:
    """Say into which tier of its table each deal falls."""
    words = np.full(len(lines), "", dtype=object)
    minor = 10 ** amounts.decimals(tables.inputs.currency)
    for k, (_, part) in enumerate(found.components):
        table = part.table(minor)
        at = np.flatnonzero((lines.component == k) & (lines.row >= 0) & (lines.kind == 0))
        if table is None or not at.size:
            continue
        on_credit = getattr(part, "tiers_on", "attainment") == "credit"
        unit = np.ones(at.size, dtype=np.int64) if on_credit else lines.quota[at]
        upto = _piece(table, lines.to_date[at], unit)
        since = _piece(table, lines.to_date[at] - lines.counted[at], unit)
        named = list(_tiers(table, part, minor, on_credit))
        code, inverse = np.unique(since * len(named) + upto, return_inverse=True)
        said = [_said(named, *divmod(int(pair), len(named))) for pair in code]
        words[at] = np.array(said, dtype=object)[inverse]
        words[at[unit == 0]] = "no quota"
    return words


def _piece(table: Pieces, value: IntArray, unit: IntArray) -> IntArray:
    scaled, piece = table.scaled, np.zeros(value.size, dtype=np.int64)
    level = value.astype(np.float64) * scaled.knot_scale
    for knot in scaled.knots:
        reach = unit.astype(np.float64) * float(knot)
        piece += level >= reach if table.closed == "left" else level > reach
    return piece


def _tiers(table: Pieces, part: Component, minor: int, on_credit: bool) -> Iterator[str]:
    starts = [Fraction(0), *table.knots]
    of_rate = getattr(part, "rates", None) == "of_credit"
    for start, slope in zip(starts, table.slopes, strict=True):
        where = f"{float(start) / minor:,.0f}" if on_credit else f"{float(start):.4g}"
        where = where if on_credit else f"{100 * float(start):.4g}%"
        yield (
            f"{100 * float(slope):.6g}%" + f" from {where}"
            if of_rate
            else f"{float(slope):.4g} x target from {where}"
        )


def _said(named: list[str], since: int, upto: int) -> str:
    return named[upto] if since == upto else f"{named[since]}, then {named[upto]}"
