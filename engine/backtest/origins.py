"""Origins: the plan that begins the day after, and the tables as known on the day.

The reader itself cuts the deals (`known_at`): those created later are gone, those closed later are open, without their
amount. Whatever stands in the export about later days, the inputs of an origin are the same.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from engine import data
from engine.backtest.spec import BacktestSpec, Horizon, Origins
from engine.calendar import CalendarSpec, calendar
from engine.errors import BadInput, Fault
from engine.inputs import Inputs, IntArray
from engine.scenario import Scenario

_DAY = dt.timedelta(days=1)
MONTHS_OF_QUARTER = 3


@dataclass(frozen=True)
class Origin:
    """A day at whose end forecasts are made."""

    day: dt.date
    """Last day that is known."""
    into_quarter: int
    """Months of the quarter of the next day that lie before it."""

    @property
    def start(self) -> dt.date:
        """First day that is forecast."""
        return self.day + _DAY

    def months(self, horizon: Horizon) -> int:
        """Return the length of a horizon in months."""
        return 1 if horizon == "month" else MONTHS_OF_QUARTER - self.into_quarter

    def plan(self, spec: CalendarSpec, months: int) -> CalendarSpec:
        """Return the calendar of the months after the origin, with the fiscal year of the scenario."""
        return CalendarSpec(start=self.start, first_month=spec.first_month, length=months)


def month_ends(origins: Origins, before: int, first_month: int) -> tuple[Origin, ...]:
    """Return every month end from `before` months ahead of the first origin to the last one."""
    first = np.datetime64(origins.first, "M") - before
    found = []
    for month in np.arange(first, np.datetime64(origins.last, "M") + 1):
        start = (month + np.timedelta64(1, "M")).astype("datetime64[D]").astype(dt.date)
        found.append(Origin(start - _DAY, (start.month - first_month) % MONTHS_OF_QUARTER))
    return tuple(found)


def known(scenario: Scenario, origin: Origin, months: int) -> Inputs:
    """Read the tables as known at an origin, for a plan of some months from then on.

    Raises:
        BadInput: the tables have faults.

    """
    source, table = scenario.source, scenario.data.opportunities
    assert table is not None
    cut = table.model_copy(update={"known_at": origin.day})
    spec = scenario.data.model_copy(update={"opportunities": cut, "actuals": None})
    plan = calendar(origin.plan(scenario.calendar, months))
    return data.read(spec, plan, scenario.currency, source.base, source.roots)


def whole(scenario: Scenario, last: Origin) -> Inputs:
    """Read the tables with everything that the longest horizons of the origins reach: what came."""
    month = np.datetime64(last.start, "M") + MONTHS_OF_QUARTER - last.into_quarter
    eve = month.astype("datetime64[D]").astype(dt.date) - _DAY
    return known(scenario, Origin(eve, 0), 1)


def seats_of(inputs: Inputs) -> IntArray:
    """Return the seat of each account: that of its latest deal, or its owner, or seats in turn; shape (account,)."""
    seats = len(inputs.reps)
    found = np.where(
        inputs.accounts.owner >= 0, inputs.accounts.owner, np.arange(len(inputs.accounts)) % seats
    )
    for deals in (inputs.history, inputs.pipeline):
        dated = (deals.account >= 0) & (deals.rep >= 0) & ~np.isnat(deals.created)
        order = np.flatnonzero(dated)[np.argsort(deals.created[dated], kind="stable")]
        found[deals.account[order]] = deals.rep[order]
    return np.asarray(found, dtype=np.int64)


def refuse_unusable(scenario: Scenario, spec: BacktestSpec) -> None:
    """Refuse a scenario whose past cannot be cut.

    Raises:
        BadInput: no table of opportunities, open deals in a table of their own, nothing to estimate, weeks.

    """
    faults, tables = list[Fault](), scenario.data
    if tables.opportunities is None:
        hint = "Give data.opportunities with created and closed dates."
        faults.append(Fault("E_REQUIRED", "there are no opportunities to look back on", hint, field="data"))
    if tables.open_deals is not None:
        message = "a table of open deals tells of one day alone, so nobody knows what was open earlier"
        hint = "Give open and closed deals in one table of opportunities."
        faults.append(Fault("E_CONFLICT", message, hint, field="data.open_deals"))
    if scenario.pipeline.estimate is None and not spec.candidates:
        message = "nothing is estimated, so nothing can be fitted to the past"
        faults.append(
            Fault("E_REQUIRED", message, "Give pipeline.estimate, or candidates.", field="backtest")
        )
    if scenario.calendar.periods != "months":
        message = f"origins are month ends, and the periods of the plan are {scenario.calendar.periods}"
        faults.append(Fault("E_UNSUPPORTED", message, "Use a calendar of months.", field="calendar.periods"))
    if faults:
        raise BadInput(faults)
