"""Cash: when a deal is paid, and by how much what is paid of it grows or falls.

Of a deal of amount A, R(t) received and T(t) taken back by day t,

    paid(t) = min(R(t), A - T(t))

so that a reversal first cancels what is not paid yet, and then takes back what was received beyond what is left of the
deal. A measure of value V of the deal with `basis: cash` has the credit V x paid(t) / A to date, rounded; its steps add
up to V once all is paid. Cash before the booking counts at the booking.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from engine.calendar import DateArray
from engine.crediting.deals import Receipts
from engine.inputs import IntArray


@dataclass(frozen=True)
class Steps:
    """Changes of what is paid, in order of deal, then day; shape (step,), in minor units of the deal's currency."""

    deal: IntArray
    """Row of the deal in its file, from 0."""
    day: DateArray
    before: IntArray
    after: IntArray
    whole: IntArray
    """Amount of the deal."""
    gross: IntArray
    """What has counted as paid so far, before anything of it was taken back."""
    number: IntArray
    """Receipts of the deal so far."""

    def take(self, at: IntArray) -> Steps:
        """Return some of them."""
        return Steps(*(getattr(self, field.name)[at] for field in fields(self)))


def steps(receipts: Receipts, back: IntArray, reverses: IntArray, amount: IntArray, day: DateArray) -> Steps:
    """Return when, and by how much, what is paid of deals changes.

    Args:
        receipts: cash of deals.
        back: rows of the file that take deals back, and are known.
        reverses: row of the deal that each row of the file takes back.
        amount: amount of each row of the file, minor units.
        day: day of each row of the file.

    """
    of = receipts.line - 2
    worth = np.maximum(amount, 1)
    # A receipt of the whole says 1 of 1.
    to_date = receipts.to_date * (worth[of] // np.maximum(receipts.whole, 1))
    gain = to_date - _earlier(of, to_date)
    deal = np.concatenate([of, reverses[back]])
    when = np.concatenate([receipts.day, day[back]])
    when = np.maximum(when, day[deal])
    taken = np.arange(deal.size) >= of.size
    change = np.concatenate([gain, -amount[back]])
    order = np.lexsort((taken, when, deal))
    deal, when, taken, change = deal[order], when[order], taken[order], change[order]
    received = running(deal, np.where(taken, 0, change))
    left = worth[deal] - running(deal, np.where(taken, change, 0))
    after = np.maximum(np.minimum(received, left), 0)
    before = _earlier(deal, after)
    gross = running(deal, np.maximum(after - before, 0))
    found = Steps(deal, when, before, after, worth[deal], gross, running(deal, 1 - taken.astype(np.int64)))
    return found.take(np.flatnonzero(after != before))


def running(of: IntArray, amount: IntArray) -> IntArray:
    """Return running sums within each group; groups never fall."""
    sums = np.cumsum(amount)
    first = np.searchsorted(of, of)
    return np.asarray(sums - (sums - amount)[first], dtype=np.int64)


def _earlier(of: IntArray, values: IntArray) -> IntArray:
    """Return the value before each within its group, 0 for the first; groups never fall."""
    same = np.concatenate([[False], of[1:] == of[:-1]])[: of.size]
    return np.where(same, np.concatenate([[0], values[:-1]])[: of.size], 0)
