"""Process: something that happens beside the plain course of a deal; and what processes may change.

A process turns into changes of what both engines know already: rates and when they hold, people in seats, queues,
shared resources, prices, factors, renewals. So a new process is one file, and neither engine has to know of it.
"""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from engine.blocks import Block
from engine.inputs import Inputs

if TYPE_CHECKING:
    from engine.pipeline.law import Law

Refuse = Callable[[str, str, str, str], None]
"""(code, message, hint, field below the process): adds a fault."""


@dataclass(frozen=True)
class Demand:
    """A factor on the rate of leads in some days."""

    begin: float
    """Day of the plan."""
    end: float
    factor: float
    segments: tuple[str, ...]
    """None named means all."""
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Dispersion:
    """Over-dispersion of leads: a gamma factor with mean 1 of each source and segment."""

    variance: float
    segments: tuple[str, ...]
    sources: tuple[str, ...]
    together: bool = False
    """Whether all segments of a source share one factor, which comes on top of those of segments."""


@dataclass(frozen=True)
class Quitting:
    """How people quit: hazards a year from months in the seat on."""

    months: tuple[int, ...]
    rates: tuple[float, ...]
    plans: tuple[str, ...]
    """Comp plans of those whom it concerns; none named means everybody."""


@dataclass(frozen=True)
class Backfilling:
    """How seats are filled again."""

    delay: Law
    planned: bool
    """Also where the end was planned."""


@dataclass(frozen=True)
class Leaving:
    """What becomes of the deals of somebody who leaves."""

    deals: Literal["reassign", "lose"]
    within: str | None
    handover: float
    """Days that a deal in progress stays longer in its stage."""


@dataclass(frozen=True)
class Demanded:
    """What a stage demands of a resource."""

    share: float
    """Share of the deals in the stage that ask for a unit."""
    hold: Law | None
    """Days for which a unit is held; None for as long as the deal is in the stage."""


@dataclass(frozen=True)
class Shared:
    """A resource that seats share."""

    name: str
    steps: tuple[tuple[float, int], ...]
    """(day of the plan, units from then on), the first at or before day 0."""
    stages: dict[str, Demanded]


@dataclass(frozen=True)
class Spread:
    """A lognormal factor with mean 1."""

    sd: float
    correlation: float
    """That of its normal variable with that of the market."""


@dataclass(frozen=True)
class Renewals:
    """How contracts of some segments renew."""

    segments: tuple[str, ...]
    churn: float
    factor: Law
    expansions: float
    """Expected expansions a year of a contract."""
    expansion: Law


@dataclass(frozen=True)
class Paying:
    """When customers of some segment pay."""

    terms: float
    """Days from the day on which a deal is won to that on which its payment is due."""
    late: Law | None
    """Days by which they pay after that."""
    earlier: bool
    """Whether deals that were won before the plan are paid likewise."""


@dataclass
class Changes:
    """What the processes of a pipeline change."""

    demand: list[Demand] = field(default_factory=list)
    dispersion: list[Dispersion] = field(default_factory=list)
    quitting: list[Quitting] = field(default_factory=list)
    backfilling: Backfilling | None = None
    late: Law | None = None
    """Days by which planned starts are late."""
    frozen: list[tuple[float, float]] = field(default_factory=list)
    """Days [begin, end) in which nobody starts."""
    leaving: Leaving | None = None
    rank: list[Callable[[str, str], int]] = field(default_factory=list)
    """Class of a lead by its source and segment, lower ones first; several are compared in order."""
    shared: list[Shared] = field(default_factory=list)
    prices: list[tuple[float, float, tuple[str, ...]]] = field(default_factory=list)
    """(day, factor from then on, products; none named means all); factors multiply."""
    until: dict[str, float] = field(default_factory=dict)
    """Day from which a product is sold no more."""
    seats: Spread | None = None
    seats_win: bool = False
    """Whether the factor of a seat multiplies the chance of the last stage, and not amounts."""
    products: dict[str, Spread] = field(default_factory=dict)
    mix: int = 0
    """Deals that the shares of products were counted from; 0 where they are exact."""
    renewals: list[Renewals] = field(default_factory=list)
    paying: dict[str, Paying] = field(default_factory=dict)
    """When customers pay, by segment; that of all others by the empty word."""
    odds: dict[str, float] = field(default_factory=dict)
    """Standard deviation of the log-odds of advancing, by stage: how well they are known."""
    days: dict[str, float] = field(default_factory=dict)
    """Standard deviation of the logarithm of the days in a stage."""


@dataclass(frozen=True)
class Place:
    """What a process may look at, and where it tells its faults."""

    inputs: Inputs
    segments: tuple[str, ...]
    sources: tuple[str, ...]
    stages: tuple[str, ...]
    refuse: Refuse
    unknown: Callable[[tuple[str, ...], tuple[str, ...], str, str], None]
    """(names, known ones, what they name, field): adds a fault for each that is not known."""
    warn: Refuse
    """Adds something that is odd, but simulated as it stands; arguments as those of `refuse`."""

    def day(self, date: dt.date, below: str) -> float:
        """Return a date as days from the first of the plan; outside the plan it is a fault of the field."""
        day = self._day(date)
        if not 0 <= day < self.inputs.calendar.days:
            self._outside(f"{date} lies", below)
        return day

    def days(self, start: dt.date, end: dt.date | None, below: str) -> tuple[float, float]:
        """Return the days [start, end) of the plan, up to its end where none is given.

        No day of the plan among them is a fault of the field.
        """
        length = float(self.inputs.calendar.days)
        begin, until = self._day(start), length if end is None else self._day(end)
        if begin >= length or until <= 0:
            self._outside(f"{start} lies" if end is None else f"{start} to {end} lie", below)
        return begin, until

    def _day(self, date: dt.date) -> float:
        return float((np.datetime64(date, "D") - self.inputs.calendar.start).astype(int))

    def _outside(self, what: str, below: str) -> None:
        plan = self.inputs.calendar
        message = f"{what} outside the plan, {plan.start} to {plan.end - np.timedelta64(1, 'D')}"
        self.refuse("E_DATE", message, "Choose days of the plan, or leave it out.", below)


class Process(Block):
    """What happens beside the plain course of a deal; derived classes give `kind` and `change`."""

    kind: str
    """What sort of process it is."""

    @abstractmethod
    def change(self, changes: Changes, place: Place) -> None:
        """Write what it changes; what does not fit the tables is told to `place`."""
