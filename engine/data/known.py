"""Known deals: which were closed before the plan, which since it began, and which are open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.calendar import Calendar
from engine.data.actuals import actuals
from engine.data.currencies import Exchange
from engine.data.cut import cut, last_known
from engine.data.deals import OPEN, Axes, Deals, again, deals
from engine.data.raw import BoolArray
from engine.data.rows import Rows
from engine.data.spec import DataSpec
from engine.data.verdicts import Verdicts
from engine.errors import Fault
from engine.inputs import Opportunities

_DAYS = np.empty(0, dtype="datetime64[D]")
_NUMBERS = np.empty(0, dtype=np.int64)
NO_DEALS = Opportunities(
    (), _NUMBERS, _NUMBERS, _NUMBERS, (), _NUMBERS.astype(np.int8), _DAYS, _DAYS, _DAYS, _NUMBERS
)


@dataclass(frozen=True)
class DealTables:
    """The tables that tell of deals; None where there is none."""

    opportunities: Rows | None
    open_deals: Rows | None
    actuals: Rows | None


@dataclass(frozen=True)
class Known:
    """Deals as known on the day of the cut; each deal is in one of the three."""

    history: Opportunities
    """Closed before the plan."""
    actuals: Opportunities | None
    """Closed since; None without `as_of`, and where no table can tell."""
    pipeline: Opportunities
    """Still open."""
    renewed: Opportunities | None = None
    """Renewals and expansions booked since the plan began; None where no table can tell."""


def known_deals(
    spec: DataSpec, tables: DealTables, axes: Axes, calendar: Calendar, currency: str, verdicts: Verdicts
) -> Known:
    """Read the tables of deals and part them by what was known on the day of the cut.

    Deals closed since the plan began come from the table of actuals where there is one, and else from the
    opportunities. A deal of that table that is open among the opportunities was closed since their export.
    """
    known, exchange = last_known(spec.opportunities, calendar, verdicts), _exchange(spec, currency, verdicts)
    history, booked, renewed, pipeline = NO_DEALS, None, None, NO_DEALS
    if tables.actuals:
        booked, renewed = actuals(tables.actuals, spec.actuals, axes, calendar, exchange)
    if tables.opportunities and spec.opportunities:
        table = deals(tables.opportunities, axes, spec.opportunities.outcomes, exchange)
        cut(table, known, spec.opportunities.stage_at_cut)
        kind, repeated = again(table.rows)
        if booked is not None:
            _count_once(table, booked, calendar)
        elif calendar.as_of is not None:
            since = _closed_since(table, calendar)
            booked = table.opportunities(since & ~repeated)
            renewed = table.renewals(since & repeated, kind) if table.rows.has("kind") else None
        _set_apart(table, repeated & ~_closed_since(table, calendar))
        if spec.open_deals:
            what = "open, and there is a table of open deals"
            table.rows.drop(table.outcome == OPEN, what, lambda row: str(table.id[row]), "stage")
        else:
            _note_age(table, calendar)
        history = table.opportunities((table.outcome != OPEN) & ~_closed_since(table, calendar))
        pipeline = table.opportunities(table.outcome == OPEN)
    if tables.open_deals:
        table = deals(tables.open_deals, axes, {}, exchange)
        cut(table, known, spec.opportunities.stage_at_cut if spec.opportunities else "")
        _refuse_closed(table, history, "the opportunities")
        _refuse_closed(table, booked or NO_DEALS, "the deals closed since the plan began")
        pipeline = table.opportunities(np.ones(len(table.id), dtype=bool))
    return Known(history, booked, pipeline, renewed)


def _exchange(spec: DataSpec, currency: str, verdicts: Verdicts) -> Exchange:
    if currency in spec.rates:
        message = f"a rate of {currency}, the plan's currency"
        verdicts.faults.append(Fault("E_CONFLICT", message, "Leave it out.", field=f"data.rates.{currency}"))
    return Exchange(currency, spec.rates)


def _set_apart(table: Deals, repeated: BoolArray) -> None:
    """Leave out renewals and expansions that are open or were closed before the plan: deals here are new business."""
    for which, when in ((table.outcome == OPEN, "open"), (table.outcome != OPEN, "closed before the plan")):
        what = f"renewal or expansion, {when}: contracts tell of those to come"
        table.rows.drop(repeated & which, what, lambda row: str(table.id[row]), "kind")


def _closed_since(table: Deals, calendar: Calendar) -> BoolArray:
    return np.asarray((table.outcome != OPEN) & (table.closed >= calendar.start), dtype=bool)


def _among(table: Deals, others: Opportunities) -> BoolArray:
    ids = frozenset(others.id)
    return np.array([key in ids for key in table.id.to_pylist()], dtype=bool)


def _count_once(table: Deals, booked: Opportunities, calendar: Calendar) -> None:
    """Leave out of the opportunities what the table of actuals tells."""
    both, since = _among(table, booked), _closed_since(table, calendar)

    def say(row: int) -> str:
        return str(table.id[row])

    what = f"closed since {calendar.start}, and there is a table of actuals"
    table.rows.drop(since, what, say, "closed")
    table.rows.drop(both & (table.outcome == OPEN), "open, and closed among the actuals", say, "stage")
    table.rows.contradiction(
        both, "E_DUPLICATE_ID", "closed before the plan, and again among the actuals", "id", say
    )


def _refuse_closed(table: Deals, closed: Opportunities, where: str) -> None:
    table.rows.contradiction(
        _among(table, closed),
        "E_DUPLICATE_ID",
        f"an open deal is closed among {where}",
        "id",
        lambda row: str(table.id[row]),
    )


def _note_age(table: Deals, calendar: Calendar) -> None:
    """Note open deals of an export that seems to be older than `as_of`."""
    if calendar.as_of is None:
        return
    news = (table.created >= calendar.start) | (table.entered >= calendar.start)
    if not (news & table.rows.keep).any():
        what = f"open, in an export that tells nothing since {calendar.start}: as_of is {calendar.as_of}"
        table.rows.note(table.outcome == OPEN, what, lambda row: str(table.id[row]), "stage")
