"""Recredited: the road from deals and cash to credit, gone again plainly for some deals.

From the rows of the file alone, in fractions: an amount is converted at the rate of its day, multiplied, and counted
where the measure says so; by booking it is credited in the period of the deal, by cash in those in which

    min(received, amount - taken back) / amount

grows or falls. A measure of `id` counts 1, and -1 with what takes back the last of a deal. What is credited of a row is
shared again: owners and splits by the largest remainders, overlays on top, and managers with what everybody below them
has, up to the deal or beyond it. Every line must be that to the minor unit, for the person who holds its seat.

It shares no arithmetic with `engine.crediting`. Deals of earlier years are there with what takes them back and with
their cash; how much of that cash had come before, which the year does not know, is taken as given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from engine.comp.rounding import Rounding
from engine.crediting.credits import KINDS, Credited
from engine.crediting.spec import CreditingSpec
from engine.inputs import IntArray
from engine.pay.credited_again import Again, Line
from engine.pay.tables import Tables


def violations(
    spec: CreditingSpec, tables: Tables, lines: Credited, spell: IntArray, rounding: Rounding
) -> Iterator[str]:
    """Yield what is wrong with the credit of deals, a sentence each.

    Args:
        spec: who is credited with what.
        tables: deals, receipts, rates, shares, managers and people.
        lines: what is to be checked.
        spell: who is credited with each line, -1 for nobody; shape (line,).
        rounding: rounding of converted and multiplied amounts.

    """
    again = Again(spec, tables, rounding)
    order = np.argsort(tables.deals.of[lines.deal], kind="stable")
    of = tables.deals.of[lines.deal[order]]
    for deal in again.chosen():
        at = order[slice(*np.searchsorted(of, [deal, deal + 1]))]
        keys: list[Line] = list(
            zip(lines.deal[at].tolist(), lines.rep[at].tolist(), lines.kind[at].tolist(), strict=True)
        )
        for (row, seat, _), who in zip(keys, spell[at].tolist(), strict=True):
            if who != again.holder(row, seat):
                yield f"{again.named(row)} is credited to another person than who holds {again.seat(seat)} on its day"
        for name, measure in spec.measures.items():
            found = _summed(zip(keys, lines.credit[name][at].tolist(), strict=True))
            wanted = again.lines(deal, measure)
            for line in sorted(wanted.keys() | found.keys()):
                one, other = found.get(line, 0), wanted.get(line, 0)
                if one != other:
                    row, seat, kind = line
                    yield (
                        f"{name} of {again.named(row)} in {again.label(row)} is {one} minor units, credited again it "
                        f"is {other}, for {again.seat(seat)} ({KINDS[kind]})"
                    )
            if measure.basis == "cash":
                yield from again.by_cash(deal, name, measure, found)


def _summed(amounts: Iterator[tuple[Line, int]]) -> dict[Line, int]:
    found: dict[Line, int] = defaultdict(int)
    for line, amount in amounts:
        found[line] += amount
    return found
