"""Deals: the table of what was sold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.calendar import Calendar, DateArray
from engine.crediting.deals import RATIO, Cash, Deals, PastDeals
from engine.data import numbers
from engine.data.cells import blank, days, fixed, keys, signed, whole
from engine.data.currencies import in_currencies
from engine.data.identity import identify
from engine.data.raw import BoolArray
from engine.data.references import Axis, reference
from engine.data.rows import Rows, filled
from engine.inputs import IntArray
from engine.pay.reversals import judge
from engine.pay.spec import PayScenario


@dataclass(frozen=True)
class DealRows:
    """Deals as read: those of the plan, and where the rows of the file went."""

    kept: Deals
    ids: Axis
    """Ids of the file in its order."""
    place: IntArray
    """Index among the kept deals of each row of the file, -1 where it was left out."""
    past: PastDeals
    """Deals that were booked before the plan."""
    past_place: IntArray
    """Index among those of each row of the file, -1 where it is none."""
    amount: IntArray
    """Of each row of the file, in minor units of its currency."""
    currency: pa.Array
    """ISO code of each row of the file."""
    cash: DateArray
    """Day on which the customer of each row of the file paid all of it; NaT while that is not known."""
    back: BoolArray
    """Whether a row of the file takes a deal back."""
    reverses: IntArray
    """Row of the file that each row takes back, -1 for none."""
    day: DateArray
    """Day of each row of the file."""
    rep: IntArray
    """Seat of each row of the file, -1 where it names none that is known."""
    taken: Callable[[IntArray], Deals]
    """Returns deals of some rows of the file, by themselves."""


def read_deals(rows: Rows, scenario: PayScenario, seats: Axis | None, calendar: Calendar) -> DealRows:
    """Read the deals that fall into the plan, up to `as_of`."""
    extra = scenario.data.deals.extra
    ids = identify(rows)
    rep = reference(rows, "rep", seats, blank=False)
    day = days(rows, "date")
    _filled_days(rows, day)
    codes = _currencies(rows, scenario.currency)
    blank(rows, "amount")
    read = in_currencies(codes)
    values = {"amount": signed(rows, "amount", read)}
    values |= {name: signed(rows, name, read) for name, kind in extra.items() if kind == "money"}
    values |= {name: signed(rows, name, numbers.whole) for name, kind in extra.items() if kind == "whole"}
    values |= {name: _ratio(rows, name) for name, kind in extra.items() if kind == "ratio"}
    texts = {
        name: keys(rows, name) for name in ("product", *(n for n, kind in extra.items() if kind == "text"))
    }
    cash, term = days(rows, "cash"), whole(rows, "term_months")
    all_ids = Axis("deals", ids)
    reverses = reference(rows, "reverses", all_ids)
    _answered(rows, scenario, reverses)
    credited = dict.fromkeys(each.column for each in scenario.crediting.measures.values())
    others = {name: values[name] for name in credited if name in extra and rows.has(name)}
    judge(rows, ids, reverses, values["amount"], day, codes, term, scenario.crediting.clawback, others)
    early = rows.keep & ~rows.refused & (reverses < 0) & (day < calendar.start)
    _outside(rows, day, calendar, scenario)
    known = np.datetime64(scenario.as_of, "D") if scenario.as_of else calendar.end
    cash[~(cash < known)] = np.datetime64("NaT", "D")
    at = np.flatnonzero(rows.keep & (rep >= 0) & ~np.isnat(day))
    table = pa.table({"day": day[at].astype(np.int64), "id": ids.take(pa.array(at))})
    order = at[np.asarray(pc.sort_indices(table, sort_keys=[("day", "ascending"), ("id", "ascending")]))]
    place = np.full(rows.raw.rows, -1, dtype=np.int64)
    place[order] = np.arange(order.size)
    past_at = np.flatnonzero(early)
    past_place = np.full(rows.raw.rows, -1, dtype=np.int64)
    past_place[past_at] = np.arange(past_at.size)
    back = reverses[order]
    past = np.where(back >= 0, past_place[np.maximum(back, 0)], -1)
    gone = np.zeros(rows.raw.rows, dtype=bool)
    gone[order] = (past >= 0) & (scenario.data.deal_pay is None)
    rows.fault(
        gone, "E_REQUIRED", "a deal of an earlier year is taken back, and nothing says what it was paid", "reverses",
        lambda row: f"{ids[row]} of {ids[reverses[row]]}",
        "Give data.deal_pay: the table deal_pay of that year's folder, or one of your own.",
    )  # fmt: skip
    gone = np.zeros(rows.raw.rows, dtype=bool)
    gone[order] = (back >= 0) & (past < 0) & (place[np.maximum(back, 0)] < 0)
    rows.fault(
        gone, "E_REFERENCE", "a deal that is reversed was left out", "reverses", lambda row: str(ids[row]),
        "Leave the reversal out as well, or keep the deal.",
    )  # fmt: skip

    def taken(at: IntArray) -> Deals:
        take = pa.array(at)
        return Deals(
            file=rows.raw.file,
            line=at + 2,
            id=np.asarray(ids.take(take).to_pylist(), dtype=object),
            rep=rep[at],
            day=day[at],
            period=np.zeros(at.size, dtype=np.int64),
            currency=np.asarray(codes.take(take).to_pylist(), dtype=object),
            numbers={name: column[at] for name, column in values.items()},
            money=frozenset(name for name in values if extra.get(name, "money") == "money"),
            ratios=frozenset(name for name in values if extra.get(name) == "ratio"),
            texts={
                name: np.asarray(cells.take(take).to_pylist(), dtype=object) for name, cells in texts.items()
            },
            reverses=np.full(at.size, -1),
            past=np.full(at.size, -1),
            term=term[at],
            of=np.arange(at.size),
            booked=day[at],
            held=day[at],
            cash=Cash.none(at.size),
        )

    reversed_one = np.where(back >= 0, place[np.maximum(back, 0)], -1)
    of = np.where(reversed_one >= 0, reversed_one, np.arange(order.size))
    kept = taken(order)
    kept = replace(
        kept, period=calendar.period_of(calendar.day(kept.day)), reverses=reversed_one, past=past, of=of,
        booked=kept.day[of], held=kept.day[of],
    )  # fmt: skip
    amount = values["amount"]
    earlier = PastDeals(
        past_at + 2,
        np.asarray(ids.take(pa.array(past_at)).to_pylist(), dtype=object),
        day[past_at],
        amount[past_at],
        term[past_at],
    )
    return DealRows(
        kept,
        all_ids,
        place,
        earlier,
        past_place,
        amount,
        codes,
        cash,
        reverses >= 0,
        reverses,
        day,
        rep,
        taken,
    )


def _ratio(rows: Rows, column: str) -> IntArray:
    """Return ratios in parts of `RATIO`, and judge percentages without their sign."""
    values = fixed(rows, column, 8)
    rows.fault(
        values > RATIO, "E_RANGE", f"{column} is above 100%", column, lambda row: str(rows.cells(column)[row]),
        "Write 25%, or 0.25.",
    )  # fmt: skip
    return values


def _answered(rows: Rows, scenario: PayScenario, reverses: IntArray) -> None:
    """Judge deals that do not say what plans ask them: no cell of a number, no column of words."""
    asked = dict.fromkeys(
        (asked.column, asked.words is None)
        for _, spec in scenario.compared
        for plan in spec.plans.values()
        for part in plan.components
        for asked in part.asks()
    )
    for column, number in asked:
        silent = ~filled(rows.cells(column)) if number or not rows.has(column) else np.zeros(1, dtype=bool)
        rows.fault(
            silent & (reverses < 0), "E_REQUIRED", f"{column} is blank, and a plan asks for it", column,
            lambda row: str(rows.cells("id")[row]), "Fill it, or give a value under defaults.",
        )  # fmt: skip


def _filled_days(rows: Rows, day: DateArray) -> None:
    ids = rows.cells("id")
    wrong = np.isnat(day) & ~rows.refused
    rows.fault(wrong, "E_REQUIRED", "date is blank", "date", lambda row: str(ids[row]), "Fill it.")


def _currencies(rows: Rows, currency: str) -> pa.Array:
    """Return the currency of each row, and judge what is no code."""
    cells = keys(rows, "currency")
    wrong = filled(cells) & ~np.asarray(pc.match_substring_regex(cells, "^[A-Z]{3}$"))
    rows.fault(
        wrong, "E_CURRENCY", "no ISO code", "currency", lambda row: repr(cells[row].as_py()), "Such as EUR."
    )
    return pc.if_else(pc.equal(cells, ""), currency, cells)


def _outside(rows: Rows, day: DateArray, calendar: Calendar, scenario: PayScenario) -> None:
    ids = rows.cells("id")

    def say(row: int) -> str:
        return str(ids[row])

    rows.drop(np.asarray((day < calendar.start) | (day >= calendar.end)), "outside the plan", say, "date")
    if scenario.as_of is not None:
        late = np.asarray(day >= np.datetime64(scenario.as_of, "D"))
        rows.drop(late, f"on or after {scenario.as_of}", say, "date")
