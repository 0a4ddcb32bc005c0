"""Periods: the quota of a seat by period, with quarters and the plan summed, and what was reached of it so far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.inputs import Inputs, IntArray
from engine.letters import words
from engine.quota.shape import quarter_names

if TYPE_CHECKING:
    import pandas as pd

    from engine.cli.recalled import Recalled

PERIOD, QUARTER, PLAN = "period", "quarter", "plan"
NONE = "\u2013"


@dataclass(frozen=True)
class Row:
    """One line of the table. All amounts are text, without decimals where none on the page needs any."""

    label: str
    kind: str
    """period, quarter (a sum), or plan (the sum of all)."""
    quota: Sequence[str]
    """The sum, then an amount by product where there are several; a dash where there is no quota."""
    attained: str
    """'' in what has not begun, or where nothing tells."""
    share: str
    """attained / quota; '' where the quota was partly somebody else's to reach."""


@dataclass(frozen=True)
class Reached:
    """What was credited before `as_of`, on the measure of the quotas. Minor units."""

    seat: IntArray
    """Of each deal, shape (deal,)."""
    day: np.ndarray[tuple[int], np.dtype[np.datetime64]]
    period: IntArray
    amount: IntArray

    def by(self, inputs: Inputs, seat: int, spells: Sequence[int]) -> IntArray:
        """Return what a seat was credited with by period, on the days of some spells; on all days without any."""
        mine = self.seat == seat
        if spells:
            own = np.zeros_like(mine)
            for spell in spells:
                start, end = inputs.spells.start[spell], inputs.spells.end[spell]
                own |= (np.isnat(start) | (self.day >= start)) & (np.isnat(end) | (self.day < end))
            mine &= own
        found = np.zeros(inputs.calendar.periods, dtype=np.int64)
        np.add.at(found, self.period[mine], self.amount[mine])
        return found


def reached(run: Recalled) -> Reached | None:
    """Return what was won in the plan so far; None before it begins, without a table of it, or on no money booked."""
    from engine.pipeline.actual import booked

    inputs, name = run.inputs, run.scenario.quotas.measure
    measure = run.scenario.measures[name]
    if (
        inputs.calendar.today <= inputs.calendar.start
        or measure.quantity != "amount"
        or measure.basis == "cash"
    ):
        return None
    found = booked(inputs, {name: measure})
    if found is None:
        return None
    deals = found.deals
    return Reached(deals.seat, deals.day, deals.period, deals.credit[name])


def rows(inputs: Inputs, quotas: pd.DataFrame, credit: IntArray | None, *, whole: bool) -> list[Row]:
    """Return the lines of the table of one seat.

    Args:
        inputs: the tables.
        quotas: of the seat, as the table `quotas` has them.
        credit: what was reached so far, minor units, shape (period,); None where nothing tells.
        whole: whether the person held the seat from the start of the plan on; only then it is set against the quota,
            which is the seat's.

    """
    products = list(dict.fromkeys(quotas["product"]))
    columns = ["", *products] if len(products) > 1 else [""]
    cells = _cells(quotas)
    spans = list(_spans(inputs))
    begun = int((inputs.calendar.edges[:-1] < inputs.calendar.today).sum())
    found: list[tuple[list[int | None], int | None]] = []
    for _, _, periods in spans:
        labels = [inputs.calendar.labels[p] for p in periods]
        quota = [_sum([cells.get((product, label)) for label in labels]) for product in columns]
        known = credit is not None and periods[0] < begun
        found.append((quota, int(credit[periods].sum()) if known and credit is not None else None))
    numbers = [value for quota, got in found for value in (*quota, got) if value is not None]
    said = dict(zip(numbers, words.amounts(numbers, inputs.currency), strict=True))
    return [
        Row(
            label,
            kind,
            [NONE if value is None else said[value] for value in quota],
            "" if got is None or not (got or whole) else said[got],
            f"{got / quota[0]:.0%}" if whole and got is not None and quota[0] else "",
        )
        for (label, kind, _), (quota, got) in zip(spans, found, strict=True)
    ]


def so_far(inputs: Inputs, quotas: pd.DataFrame, credit: IntArray | None, *, whole: bool) -> str:
    """Return a sentence on what was reached; `whole` where the person held the seat from the start of the plan on."""
    if credit is None:
        return ""
    today, closed = inputs.calendar.today, inputs.calendar.closed
    total, over = int(credit.sum()), int(credit[:closed].sum())
    cells = _cells(quotas)
    due = sum(cells.get(("", label), 0) for label in inputs.calendar.labels[:closed])
    plan = sum(cells.get(("", label), 0) for label in inputs.calendar.labels)
    texts = words.amounts([total, over, due], inputs.currency)
    day = today - np.timedelta64(1, "D")
    said = f"Up to {day}, {texts[0]} was credited to {'you' if whole else 'you in your time in the seat'}"
    if not whole or not plan:
        return f"{said}."
    said += f": {total / plan:.0%} of the plan's quota"
    if due:
        said += f". The periods that are over ask for {texts[2]}; {texts[1]} came in them, {over / due:.0%}"
    return f"{said}."


def _cells(quotas: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Return quotas by product and period, '' for all products together, minor units; none where there is none."""
    cells: dict[tuple[str, str], int] = {}
    there = quotas[quotas["quota"].notna()]
    for product, period, quota in there[["product", "period", "quota"]].itertuples(index=False):
        for place in ((product, period), ("", period)):
            cells[place] = cells.get(place, 0) + int(quota)
    return cells


def _spans(inputs: Inputs) -> Iterator[tuple[str, str, list[int]]]:
    """Yield label, kind and periods of each line: a quarter behind its periods where there are several quarters."""
    quarters, labels = quarter_names(inputs), inputs.calendar.labels
    summed = len(quarters) > 1 and any(len(periods) > 1 for periods in quarters.values())
    for name, periods in quarters.items():
        yield from ((labels[period], PERIOD, [period]) for period in periods)
        if summed:
            yield name, QUARTER, periods
    yield "Plan", PLAN, list(range(len(labels)))


def _sum(amounts: Sequence[int | None]) -> int | None:
    """Return the sum of those that are there; None where none is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None
