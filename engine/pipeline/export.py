"""Export: the deals that a CRM shows on a day, and how far back it shows them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.calendar import DateArray
from engine.inputs import Inputs, IntArray, Opportunities
from engine.pipeline.competing_risks import Observed
from engine.pipeline.spec import IGNORED, QUEUE, PipelineSpec

DAY = np.timedelta64(1, "D")
YEAR = 365 * DAY
"""Window of arrivals unless one is given."""


@dataclass(frozen=True)
class Export:
    """Closed and open deals as known on the morning of `today`."""

    inputs: Inputs
    closes_since: dt.date | None
    """First day whose closes are in the export; the earliest close unless given."""
    since: dt.date | None
    """First day from which created dates count as arrivals; a year before today unless given."""
    queued: frozenset[str] = frozenset()
    """Stages of open deals on which nobody works yet."""

    @classmethod
    def of(
        cls, inputs: Inputs, spec: PipelineSpec, closes_since: dt.date | None, since: dt.date | None
    ) -> Export:
        """Return the export of a scenario whose pipeline says which stages are queues."""
        names = dict.fromkeys(inputs.pipeline.stage)
        return cls(
            inputs, closes_since, since,
            frozenset(name for name in names if spec.open_stages.get(name, name) in (QUEUE, IGNORED)),
        )  # fmt: skip

    @property
    def today(self) -> np.datetime64:
        """First day that is not known: `as_of`, or the start of the plan."""
        plan = self.inputs.calendar
        return plan.start if plan.as_of is None else plan.as_of

    @property
    def parts(self) -> tuple[Opportunities, ...]:
        """Closed deals, those closed since the plan began, and open ones."""
        inputs = self.inputs
        return tuple(part for part in (inputs.history, inputs.actuals, inputs.pipeline) if part is not None)

    @property
    def outcome(self) -> NDArray[np.int8]:
        """1 won, 0 lost, -1 open; shape (deal,), as all that follow."""
        return np.concatenate([part.outcome for part in self.parts])

    @property
    def product(self) -> IntArray:
        """Index of the product; -1 where unknown."""
        return np.concatenate([part.product for part in self.parts])

    @property
    def account(self) -> IntArray:
        """Index of the account; -1 where unknown."""
        return np.concatenate([part.account for part in self.parts])

    @property
    def rep(self) -> IntArray:
        """Index of the seat; -1 where unknown."""
        return np.concatenate([part.rep for part in self.parts])

    @property
    def amount(self) -> IntArray:
        """Amount in minor units; -1 where unknown."""
        return np.concatenate([part.amount for part in self.parts])

    @property
    def created(self) -> DateArray:
        """Created dates; NaT where unknown."""
        return np.concatenate([part.created for part in self.parts]).astype("datetime64[D]")

    @property
    def closed(self) -> DateArray:
        """Day of the close; NaT while open."""
        return np.concatenate([part.closed for part in self.parts]).astype("datetime64[D]")

    @property
    def visible(self) -> np.datetime64:
        """First day whose closes are in the export; today where there are none."""
        if self.closes_since is not None:
            return np.datetime64(self.closes_since, "D")
        closed = self.closed[self.outcome >= 0]
        return np.datetime64(closed.min(), "D") if len(closed) else self.today

    @property
    def window(self) -> tuple[np.datetime64, int]:
        """First day of the window of arrivals, and its length in days."""
        wanted = self.today - YEAR if self.since is None else np.datetime64(self.since, "D")
        first = max(wanted, self.visible)
        return first, int((self.today - first) / DAY)

    @property
    def arrived(self) -> NDArray[np.bool_]:
        """Whether a deal was created in the window."""
        first, _ = self.window
        return (self.created >= first) & (self.created < self.today)

    @property
    def last_seen(self) -> DateArray:
        """Day of the close, or yesterday while a deal is worked on; NaT for those in a queue."""
        waits = [name in self.queued for name in self.inputs.pipeline.stage]
        open_ = np.full(len(waits), self.today - DAY, dtype="datetime64[D]")
        open_[np.array(waits, dtype=bool)] = np.datetime64("NaT", "D")
        ended = self.closed
        ended[len(ended) - len(open_) :] = open_
        return ended

    def observed(self) -> tuple[Observed, IntArray]:
        """Return deals by age, and which deals those are; what closed before closes are visible is left out."""
        created, ended = self.created, self.last_seen
        at = np.flatnonzero(~np.isnat(created) & ~np.isnat(ended) & (ended >= self.visible))
        entry = days(np.maximum(created[at], self.visible) - created[at])
        leave = days(ended[at] - created[at])
        seen = leave >= entry
        return Observed(entry[seen], leave[seen], self.outcome[at][seen]), at[seen]


def days(spans: NDArray[np.timedelta64]) -> IntArray:
    """Return spans in whole days."""
    return spans.astype("timedelta64[D]").astype(np.int64)
