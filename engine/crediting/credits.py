"""Credits: deals turned into credited lines, one for each person and deal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from engine.comp.rounding import Rounding, divide
from engine.comp.scaled import product
from engine.crediting.deals import WHOLE, Deals, Shares
from engine.crediting.rollups import rolled_up
from engine.crediting.shares import largest_remainder, part
from engine.crediting.spec import CreditingSpec, CreditMeasure
from engine.inputs import IntArray, Spells

OWNER, SPLIT, OVERLAY, TEAM = 0, 1, 2, 3
KINDS = ("owner", "split", "overlay", "team")
"""How somebody comes to be credited, by the code of a line."""


@dataclass(frozen=True)
class Credited:
    """Credited lines in order of deal; shape (line,)."""

    deal: IntArray
    rep: IntArray
    """Seat that is credited."""
    kind: IntArray
    """Index into `KINDS`."""
    credit: Mapping[str, IntArray]
    """Credit by measure, minor units or a count."""
    whole: Mapping[str, IntArray]
    """The same of the whole deal."""

    def take(self, lines: IntArray) -> Credited:
        """Return some of the lines."""
        credit, whole = (
            {name: values[lines] for name, values in table.items()} for table in (self.credit, self.whole)
        )
        return Credited(self.deal[lines], self.rep[lines], self.kind[lines], credit, whole)


def measured(
    deals: Deals, numbers: Mapping[str, IntArray], measure: CreditMeasure, rounding: Rounding
) -> IntArray:
    """Return a measure of every deal, minor units or a count; shape (deal,).

    Args:
        deals: the deals.
        numbers: their columns in one currency.
        measure: what is counted.
        rounding: rounding of a factor that is no whole number.

    """
    value = _counts(deals) if measure.column == "id" else numbers[measure.column]
    times = Fraction(measure.times)
    if times != 1:
        value = np.asarray(
            divide(product(value, times.numerator), times.denominator, rounding), dtype=np.int64
        )
    counts = np.ones(len(deals), dtype=bool)
    for column, wanted in measure.where.items():
        counts &= np.isin(deals.texts[column], list(wanted))
    value = np.where(counts, value, 0)
    cash = deals.cash
    if measure.basis == "booking":
        return np.where(cash.rows, 0, value)
    whole = np.maximum(cash.whole, 1)
    before, after = (
        np.asarray(divide(product(value, to_date), whole, rounding), dtype=np.int64)
        for to_date in (cash.before, cash.after)
    )
    return after - before


def _counts(deals: Deals) -> IntArray:
    """Return 1 for a deal, -1 for the reversal with which the whole of a deal is taken back, 0 for those before it.

    A reversal of a deal of an earlier year counts -1.
    """
    back = np.flatnonzero(deals.reverses >= 0)
    of = deals.reverses[back]
    order = np.argsort(of, kind="stable")
    amount, of = deals.numbers["amount"][back[order]], of[order]
    first = np.flatnonzero(np.diff(of, prepend=-1))
    to_date = np.cumsum(amount)
    earlier = np.repeat(to_date[first] - amount[first], np.diff(np.append(first, of.size)))
    counts = np.where(deals.past >= 0, -1, 1).astype(np.int64)
    counts[back[order]] = -(to_date - earlier == -deals.numbers["amount"][of]).astype(np.int64)
    return counts


def credited(
    deals: Deals,
    numbers: Mapping[str, IntArray],
    shares: Shares,
    managers: IntArray,
    spec: CreditingSpec,
    rounding: Rounding,
) -> Credited:
    """Credit every deal: to its owner or by its splits, on top of it to overlays, and to managers above.

    Args:
        deals: the deals; a row that reverses one, or is cash for it, is credited and shared as that one was.
        numbers: their columns in one currency.
        shares: the table of splits.
        managers: seat of the manager of each seat, -1 for none.
        spec: the rules.
        rounding: rounding of overlays; shares of the whole need none, they add up.

    """
    whole = {name: measured(deals, numbers, each, rounding) for name, each in spec.measures.items()}
    source = deals.of
    deal, row = _joined(source, shares, len(deals))
    alone = np.ones(len(deals), dtype=bool)
    alone[deal[~shares.overlay[row]]] = False
    owners = np.flatnonzero(alone)
    lines = Credited(
        deal=np.concatenate([owners, deal]),
        rep=np.concatenate([deals.rep[source[owners]], shares.rep[row]]),
        kind=np.concatenate([np.full(owners.size, OWNER), np.where(shares.overlay[row], OVERLAY, SPLIT)]),
        credit={},
        whole={},
    )
    share = np.concatenate([np.full(owners.size, WHOLE), shares.share[row]])
    order = np.lexsort((lines.kind, lines.deal))
    lines, share = lines.take(order), share[order]
    inner = lines.kind != OVERLAY
    credit = {}
    for name, values in whole.items():
        amount = values[lines.deal]
        out = part(amount, share, rounding)
        out[inner] = largest_remainder(amount[inner], lines.deal[inner], share[inner])
        credit[name] = out
    lines = Credited(lines.deal, lines.rep, lines.kind, credit, _of_lines(whole, lines.deal))
    if spec.rollups is None:
        return lines
    above = rolled_up(lines.deal, lines.rep, credit, managers, whole, spec.rollups.double_credit)
    of = np.concatenate([lines.deal, above.deal])
    joined = Credited(
        of,
        np.concatenate([lines.rep, above.rep]),
        np.concatenate([lines.kind, np.full(above.deal.size, TEAM)]),
        {name: np.concatenate([values, above.credit[name]]) for name, values in credit.items()},
        _of_lines(whole, of),
    )
    return joined.take(np.lexsort((joined.kind, joined.deal)))


def _of_lines(whole: Mapping[str, IntArray], deal: IntArray) -> dict[str, IntArray]:
    return {name: values[deal] for name, values in whole.items()}


def _joined(source: IntArray, shares: Shares, deals: int) -> tuple[IntArray, IntArray]:
    """Return (deal, row of shares) for every share that a deal, or the deal that it reverses, has."""
    order = np.argsort(shares.deal, kind="stable")
    count = np.bincount(shares.deal, minlength=deals)
    start = np.concatenate([[0], np.cumsum(count)])[:-1]
    each = count[source]
    deal = np.repeat(np.arange(deals), each)
    within = np.arange(deal.size) - np.repeat(np.cumsum(each) - each, each)
    return deal, order[start[source[deal]] + within]


def spell_of(spells: Spells, rep: IntArray, day: IntArray) -> IntArray:
    """Return the spell that holds a seat on a day (days since 1970), -1 for a vacant seat; shape (line,)."""
    if not len(spells):
        return np.full(rep.shape, -1, dtype=np.int64)
    start = spells.start.astype(np.int64)
    end = np.where(np.isnat(spells.end), 2**31, spells.end.astype(np.int64))
    key = 2**32
    at = np.searchsorted(spells.rep * key + start, rep * key + day, side="right") - 1
    found = np.maximum(at, 0)
    holds = (at >= 0) & (spells.rep[found] == rep) & (day < end[found])
    return np.where(holds, found, -1)
