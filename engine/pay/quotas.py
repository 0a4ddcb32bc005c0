"""Quotas and exchange rates: the small tables beside the deals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine import amounts
from engine.calendar import Calendar
from engine.crediting.deals import Rates
from engine.crediting.exchange import NANO
from engine.data.cells import blank, days, fixed, keys, money
from engine.data.references import Axis, reference
from engine.data.rows import Rows, filled
from engine.inputs import IntArray


@dataclass(frozen=True)
class Quotas:
    """Quotas by (rep, period), minor units."""

    file: str
    """File that they stand in; blank where there is none."""
    every: IntArray
    """Of every measure that has none of its own."""
    single: Mapping[str, IntArray]
    """Of single measures."""
    line: IntArray
    """Row of the file in which a seat first stands, 0 for none; shape (rep,)."""


def read_quotas(
    rows: Rows | None,
    seats: Axis | None,
    calendar: Calendar,
    measures: tuple[str, ...],
    counts: frozenset[str],
    currency: str,
) -> Quotas:
    """Return the quotas; 0 where no row stands. Measures among `counts` have counts for quotas."""
    shape = (len(seats.ids) if seats else 0, calendar.periods)
    line = np.zeros(shape[0], dtype=np.int64)
    every = np.zeros(shape, dtype=np.int64)
    if rows is None or seats is None:
        return Quotas("", every, {}, line)
    rep = reference(rows, "rep", seats, blank=False)
    periods = Axis("periods of the calendar", pa.array(calendar.labels, pa.string()))
    period = reference(rows, "period", periods, blank=False)
    measure = reference(rows, "measure", Axis("measures", pa.array(measures, pa.string())))
    blank(rows, "quota")
    amount = money(rows, "quota", currency)
    _once(rows, rep, period, measure, shape)
    at = np.flatnonzero(rows.keep & (rep >= 0) & (period >= 0))
    tables = {}
    for k in sorted(set(measure[at].tolist())):
        mine = at[measure[at] == k]
        table = np.zeros(shape, dtype=np.int64)
        table[rep[mine], period[mine]] = amount[mine]
        tables[k] = table
    line[rep[at][::-1]] = at[::-1] + 2
    every = tables.pop(-1, every)
    single = {measures[k]: table for k, table in tables.items()}
    unit = 10 ** amounts.decimals(currency)
    single |= {name: single.get(name, every) // unit for name in counts}
    return Quotas(rows.raw.file, every, single, line)


def _once(rows: Rows, rep: IntArray, period: IntArray, measure: IntArray, shape: tuple[int, int]) -> None:
    key = ((measure + 1) * shape[0] + rep) * shape[1] + period
    at = np.flatnonzero(rows.keep & (rep >= 0) & (period >= 0))
    _, first = np.unique(key[at], return_index=True)
    again = np.zeros(rows.raw.rows, dtype=bool)
    again[np.delete(at, first)] = True
    rows.fault(
        again, "E_DUPLICATE_ID", "a second quota of a seat in a period", "period",
        lambda row: f"{rows.cells('rep')[row]} {rows.cells('period')[row]}", "Keep one.",
    )  # fmt: skip


def read_rates(rows: Rows, currency: str) -> dict[str, Rates]:
    """Return exchange rates by currency; one of the plan's own currency must be 1."""
    code = keys(rows, "currency", required=True)
    wrong = filled(code) & ~np.asarray(pc.match_substring_regex(code, "^[A-Z]{3}$"))
    rows.fault(
        wrong, "E_CURRENCY", "no ISO code", "currency", lambda row: repr(code[row].as_py()), "Such as EUR."
    )
    day, rate = days(rows, "date"), fixed(rows, "rate", 9)
    rows.fault(
        np.isnat(day) & ~rows.refused,
        "E_REQUIRED",
        "date is blank",
        "date",
        lambda row: str(code[row]),
        "Fill it.",
    )
    rows.fault(
        (rate == 0) & ~rows.refused, "E_RANGE", "a rate of 0", "rate", lambda row: str(code[row]), "Give it."
    )
    rows.fault(
        np.asarray(pc.equal(code, currency)) & (rate != NANO) & ~rows.refused,
        "E_RANGE",
        "the plan's own currency is not worth 1",
        "rate",
        lambda row: str(code[row]),
        "Remove the row, or give the currency that is meant.",
    )
    found = {}
    for name in sorted(set(code.to_pylist())):
        at = np.flatnonzero(rows.keep & np.asarray(pc.equal(code, name)))
        at = at[np.argsort(day[at], kind="stable")]
        twice = np.zeros(rows.raw.rows, dtype=bool)
        twice[at[1:][day[at[1:]] == day[at[:-1]]]] = True
        rows.fault(
            twice,
            "E_DUPLICATE_ID",
            "two rates of a currency on a day",
            "date",
            lambda row: str(day[row]),
            "Keep one.",
        )
        found[name] = Rates(day[at], rate[at])
    return found
