"""Lines of statements as arrays: what a deal, a cap or a period adds to a component."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from engine.comp.reason import Line
from engine.inputs import IntArray

DEAL, EVENT, OPENING, PERIOD, CLAWBACK, SHARED, SHARED_BACK, CARRIED = range(8)
WORDS = (
    "deal",
    "deal of a SPIF",
    "quota and target of the period",
    "whole period",
    "clawback",
    "share of payout",
    "clawback of a share",
    "credit carried from earlier",
    *get_args(Line),
)
"""What a line is, by its kind; from `REASON` on, it is a reason of its component."""
REASON = CARRIED + 1
CLAWBACKS = (CLAWBACK, SHARED_BACK)
"""Lines that take back what a deal earned: its own, and shares of it."""
CAP = WORDS.index("cap")
MEMBER, TEAM = WORDS.index("credit of a member"), WORDS.index("credit of the team")


@dataclass(frozen=True)
class Lines:
    """Shape (line,); amounts are minor units. What no deal causes has no row, and 0 to date."""

    component: IntArray
    spell: IntArray
    period: IntArray
    kind: IntArray
    """Index into `WORDS`."""
    amount: IntArray
    """What the line adds to what is earned in its period; what a rule of the period changes stands in a line of its
    own."""
    row: IntArray
    """Credited line that causes it; -1 for none."""
    net: IntArray
    """The amount after the rules of periods, but for a floor and a budget."""
    counted: IntArray
    """Credit of the line that the component counts."""
    to_date: IntArray
    """Counted credit to date with the line."""
    quota: IntArray
    """Quota that it is held against; 0 for none."""
    target: IntArray
    """Target incentive of the component over the same interval as the quota; 0 without one."""
    why: NDArray[Any]
    """Why it is what it is, in words; blank where the other columns say it."""

    @classmethod
    def of(
        cls,
        component: IntArray | int,
        spell: IntArray,
        period: IntArray,
        kind: int,
        amount: IntArray,
        *,
        row: IntArray | int = -1,
        net: IntArray | None = None,
        counted: IntArray | int = 0,
        to_date: IntArray | int = 0,
        quota: IntArray | int = 0,
        target: IntArray | int = 0,
        why: NDArray[Any] | str = "",
    ) -> Lines:
        """Return lines of one kind; single numbers stand for all of them."""

        def full(value: IntArray | int) -> IntArray:
            return np.broadcast_to(np.asarray(value, dtype=np.int64), amount.shape)

        return cls(
            full(component), full(spell), full(period), full(kind), amount, full(row),
            amount if net is None else net, full(counted), full(to_date), full(quota), full(target),
            np.broadcast_to(np.asarray(why, dtype=object), amount.shape),
        )  # fmt: skip

    def __len__(self) -> int:
        return self.amount.size

    def take(self, at: IntArray) -> Lines:
        """Return some of the lines."""
        return Lines(*(getattr(self, field.name)[at] for field in fields(self)))

    def changed(self, **values: NDArray[Any]) -> Lines:
        """Return the lines with other columns."""
        return replace(self, **values)


def joined(parts: Sequence[Lines]) -> Lines:
    """Return all lines one after the other."""
    names = [field.name for field in fields(Lines)]
    return Lines(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def nobody() -> Lines:
    """Return no lines at all."""
    none = np.empty(0, dtype=np.int64)
    return Lines.of(none, none, none, DEAL, none)
