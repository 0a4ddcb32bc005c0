"""Clawbacks: a row that reverses a deal takes back a share of what the deal was paid, in its own period.

    taken back = share x (amount reversed / amount of the deal) x what the deal earned

and never more than is left of it. Of that, what was not paid yet is cancelled, and what was paid is taken back (see
`engine.pay.release`). Whether credit falls as well is another question, which `quota_credit` answers: it moves later
deals in their tiers, but not what this one takes.

A deal of an earlier year is taken back from the people and components that `data.deal_pay` names, by the same rule.
Credit falls then for whoever holds the seat of the reversal on its day. People who are no longer in the plan keep what
they were paid.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from engine.comp.rounding import Rounding, divide
from engine.crediting.deals import Deals
from engine.crediting.spec import Clawback
from engine.inputs import BoolArray, IntArray
from engine.pay.credit import Credits
from engine.pay.deal_pay import DealPay
from engine.pay.lines import CAP, CLAWBACK, DEAL, SHARED, SHARED_BACK, Lines, joined


def taken_back(
    lines: Lines, rule: Clawback, deals: Deals, credits: Credits, rounding: Rounding
) -> tuple[Lines, Lines]:
    """Return the lines with clawbacks in the place of reversals, and what that changes in what is earned."""
    back = deals.falls[credits.lines.deal]
    reversal = (lines.kind == DEAL) & back[np.maximum(lines.row, 0)]
    ours = np.flatnonzero(((lines.kind == DEAL) | (lines.kind == SHARED)) & ~reversal)
    paid: dict[int, list[int]] = {}
    fallen = deals.falls & (deals.past < 0)
    reversed_ones = np.unique(deals.of[fallen])
    touched = np.isin(deals.of[credits.lines.deal[lines.row[ours]]], reversed_ones)
    for at in ours[touched].tolist():
        paid.setdefault(int(lines.row[at]), []).append(at)
    origin = _origins(credits, deals, reversed_ones)
    left = {at: int(lines.net[at]) for found in paid.values() for at in found}
    new: list[tuple[int, int, int]] = []
    for reverse in np.flatnonzero(fallen[credits.lines.deal]).tolist():
        deal = int(credits.lines.deal[reverse])
        of = int(deals.of[deal])
        share = share_taken(
            rule, deals, deal, int(deals.numbers["amount"][of]), int(deals.term[of]), deals.booked[of]
        )
        taken_of: dict[tuple[int, int, str], tuple[int, int]] = {}
        for line in (
            line for row in origin.get(_key(credits, deals, reverse), ()) for line in paid.get(row, ())
        ):
            amount = _part(int(lines.net[line]), share, left[line], rounding)
            left[line] -= amount
            # What receipts of one deal earned is taken back in one line.
            same = int(lines.component[line]), int(lines.spell[line]), str(lines.why[line])
            first, so_far = taken_of.get(same, (line, 0))
            taken_of[same] = first, so_far - amount
        new += [(line, reverse, amount) for line, amount in taken_of.values()]
    of_line, row, taken = np.array(new, dtype=np.int64).reshape(-1, 3).T
    component, spell = lines.component[of_line], lines.spell[of_line]
    gone = lines.take(np.flatnonzero(reversal))
    claws = Lines.of(component, spell, credits.period[row], CLAWBACK, taken, row=row, why=lines.why[of_line])
    claws = _with_credit(claws, gone, lines.kind[of_line] == SHARED)
    undone = gone.changed(amount=-gone.net, net=-gone.net)
    uncut = gone.changed(
        amount=gone.amount - gone.net, net=gone.amount - gone.net, kind=np.full_like(gone.kind, CAP),
        row=np.full_like(gone.row, -1),
        why=np.full(len(gone), "what rules of the period had changed of the reversal that is replaced", dtype=object),
    )  # fmt: skip
    uncut = uncut.take(np.flatnonzero(uncut.amount))
    return joined([lines.take(np.flatnonzero(~reversal)), claws, uncut]), joined([claws, undone])


def _with_credit(claws: Lines, gone: Lines, of_share: BoolArray) -> Lines:
    """Return clawbacks with the credit of the reversals that they replace; those of a share of payout have none."""
    at = {key: i for i, key in enumerate(zip(gone.component.tolist(), gone.row.tolist(), strict=True))}
    keys = zip(claws.component.tolist(), claws.row.tolist(), strict=True)
    place = np.array(
        [-1 if shared else at.get(key, -1) for key, shared in zip(keys, of_share.tolist(), strict=True)],
        dtype=np.int64,
    )
    known = {
        name: np.append(getattr(gone, name), 0)[place] for name in ("counted", "to_date", "quota", "target")
    }
    return claws.changed(kind=np.where(of_share, SHARED_BACK, CLAWBACK), **known)


def _origins(
    credits: Credits, deals: Deals, reversed_ones: IntArray
) -> dict[tuple[int, int, int, bool], list[int]]:
    """Return the credited lines of each reversed deal, one or one for each receipt, by `_key`."""
    lines, found = credits.lines, dict[tuple[int, int, int, bool], list[int]]()
    for i in np.flatnonzero(np.isin(deals.of[lines.deal], reversed_ones) & ~deals.falls[lines.deal]).tolist():
        found.setdefault(_key(credits, deals, i), []).append(i)
    return found


def _key(credits: Credits, deals: Deals, row: int) -> tuple[int, int, int, bool]:
    """Return (deal, seat, kind, whether it is cash) of a credited line, or of the deal that it takes back."""
    lines, deal = credits.lines, int(credits.lines.deal[row])
    return int(deals.of[deal]), int(lines.rep[row]), int(lines.kind[row]), bool(deals.cash.rows[deal])


def taken_from_before(
    pay: DealPay, rule: Clawback, deals: Deals, credits: Credits, rounding: Rounding, by_cash: BoolArray
) -> tuple[Lines, IntArray]:
    """Return a line for each payment of an earlier year of which a reversal takes something back, and its place.

    `by_cash` says which components credit cash.
    """
    past, left = pay.deals, (pay.earned - pay.taken).tolist()
    some = np.full(len(deals), -1, dtype=np.int64)
    some[credits.lines.deal[::-1]] = np.arange(len(credits.lines.deal))[::-1]
    new: list[tuple[int, int, int, int]] = []
    cash, which = deals.cash.rows, np.where(deals.past >= 0, deals.past, deals.cash.past)
    for deal in np.flatnonzero(deals.falls & (which >= 0)).tolist():
        of = int(which[deal])
        share = share_taken(rule, deals, deal, int(past.amount[of]), int(past.term[of]), past.day[of])
        for entry in np.flatnonzero((pay.deal == of) & (by_cash[pay.component] == cash[deal])).tolist():
            amount = _part(int(pay.earned[entry]), share, left[entry], rounding)
            left[entry] -= amount
            new.append((entry, int(deals.period[deal]), int(some[deal]), -amount))
    place, period, row, taken = np.array(new, dtype=np.int64).reshape(-1, 4).T
    return Lines.of(pay.component[place], pay.spell[place], period, CLAWBACK, taken, row=row), place


def _part(earned: int, share: Fraction, left: int, rounding: Rounding) -> int:
    amount = rounded(Fraction(earned) * share, rounding)
    return min(amount, left) if left >= 0 else max(amount, left)


def share_taken(
    rule: Clawback, deals: Deals, deal: int, worth: int, term: int, booked: np.datetime64
) -> Fraction:
    """Return the share of what a deal earned that a reversal takes back, given what the deal was."""
    part = part_of(deals, deal, worth)
    if rule.take == "share":
        return part * Fraction(rule.share or 0)
    if rule.take == "unearned":
        return part * Fraction(max(term - months(booked, deals.day[deal]), 0), term)
    return part


def part_of(deals: Deals, deal: int, worth: int) -> Fraction:
    """Return the part of a deal, given what it was, that a reversal takes back; of cash, the part of what was paid."""
    if deals.cash.rows[deal]:
        return Fraction(int(deals.cash.before[deal] - deals.cash.after[deal]), int(deals.cash.gross[deal]))
    return Fraction(-int(deals.numbers["amount"][deal]), worth)


def months(start: np.datetime64, end: np.datetime64) -> int:
    """Return the whole months that have passed from one day to another.

    A month has passed on the same day of the next one, or on its last day where it is shorter.
    """
    first, last = start.astype("datetime64[M]"), end.astype("datetime64[M]")
    day = min(
        start - first.astype("datetime64[D]"),
        (last + 1).astype("datetime64[D]") - last.astype("datetime64[D]") - 1,
    )
    return int((last - first).astype(int)) - int(end - last.astype("datetime64[D]") < day)


def rounded(value: Fraction, rounding: Rounding) -> int:
    """Return a fraction as a whole number."""
    return int(divide(np.array(value.numerator, dtype=object), value.denominator, rounding))
