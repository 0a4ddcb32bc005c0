"""Reading the tables of a scenario, in the order in which they name each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from engine.calendar import Calendar
from engine.data.accounts import ALL, accounts
from engine.data.contracts import contracts
from engine.data.cut import last_known
from engine.data.deals import Axes
from engine.data.files import Files
from engine.data.goals import goals
from engine.data.known import DealTables, Known, known_deals
from engine.data.loading import load
from engine.data.neighbours import neighbours
from engine.data.observations import observe, won_in_last_year
from engine.data.owed import owed
from engine.data.owners import latest
from engine.data.people import people
from engine.data.products import products, single_product
from engine.data.references import Axis
from engine.data.rows import Rows
from engine.data.seats import reps, segments_of
from engine.data.spec import DataSpec
from engine.data.staff import staff
from engine.data.stage_history import stage_history
from engine.data.table_spec import TableSpec
from engine.data.verdicts import Verdicts
from engine.data.ways import ways
from engine.errors import Fault
from engine.history import StageHistory
from engine.inputs import Inputs


@dataclass
class _Tables:
    """The raw tables of a scenario; None where there is none, or where it cannot be read."""

    accounts: Rows | None
    reps: Rows | None
    spells: Rows | None
    products: Rows | None
    opportunities: Rows | None
    open_deals: Rows | None
    actuals: Rows | None
    owners: Rows | None
    contracts: Rows | None
    stage_history: Rows | None
    hr: Rows | None
    distances: Rows | None
    adjacency: Rows | None
    balances: Rows | None
    goals: Rows | None


def read_tables(
    spec: DataSpec, calendar: Calendar, currency: str, base: Path, roots: Sequence[Path]
) -> Inputs:
    """Read every table; see `engine.data.read`."""
    verdicts, files = Verdicts(), Files(base, roots)
    tables = _load(spec, files, verdicts)
    segments = segments_of(tables.accounts, ALL) if tables.accounts else None
    seats, spells = (
        reps(tables.reps, spec.reps, segments, currency, people=spec.spells is None)
        if tables.reps
        else (None, None)
    )
    seat_axis = _axis(seats.id if seats else None, "reps", spec.reps)
    if tables.spells:
        spells = people(tables.spells, seat_axis, currency)
    who = accounts(tables.accounts, spec.accounts, seat_axis, currency) if tables.accounts else None
    sold = products(tables.products, currency) if tables.products else None
    if spec.products is None:
        sold = single_product()
    axes = Axes(
        _axis(who.id if who else None, "accounts", spec.accounts), seat_axis,
        _axis(sold.id if sold else None, "products", spec.products), spec.products is None,
    )  # fmt: skip
    if tables.owners and who:
        who = replace(who, owner=latest(tables.owners, axes.accounts, seat_axis, calendar, who.owner))
    told = DealTables(tables.opportunities, tables.open_deals, tables.actuals)
    known = known_deals(spec, told, axes, calendar, currency, verdicts)
    installed = contracts(tables.contracts, axes, currency) if tables.contracts else None
    beside = neighbours(tables.adjacency) if tables.adjacency else None
    own_ways = ways(tables.distances, axes.accounts, seat_axis) if tables.distances else None
    moved = _entries(spec, tables, known, calendar, verdicts)
    employed = staff(tables.hr) if tables.hr else None
    before = owed(tables.balances, spells, currency) if tables.balances and spells else None
    aims = goals(tables.goals, seats, axes, calendar, currency) if tables.goals else None
    _some_left(tables, verdicts)
    verdicts.settle()
    # What is missing here is a fault, and settle() has raised it.
    assert seats is not None
    assert spells is not None
    assert who is not None
    assert sold is not None
    if tables.reps and not tables.reps.has("history"):
        seats = replace(seats, history=won_in_last_year(known.history, len(seats), calendar.start))
    inputs = Inputs(
        calendar,
        currency,
        who,
        seats,
        spells,
        sold,
        known.history,
        known.pipeline,
        actuals=known.actuals,
        renewed=known.renewed,
        adjacency=beside,
        ways=own_ways,
        contracts=installed,
        stage_history=moved,
        staff=employed,
        owed=before,
        goals=aims,
    )
    observe(inputs, verdicts)
    return replace(inputs, findings=verdicts.settle(), sources=files.sources)


def _load(spec: DataSpec, files: Files, verdicts: Verdicts) -> _Tables:
    def table(part: TableSpec | None, *required: str) -> Rows | None:
        return load(part, files, verdicts, required)

    return _Tables(
        accounts=table(spec.accounts, "id", *spec.accounts.extra),
        reps=table(spec.reps, "id", *spec.reps.levels, *spec.reps.extra),
        spells=table(spec.spells, "person", "rep"),
        products=table(spec.products, "id"),
        opportunities=table(spec.opportunities, "id", "stage", "created", "closed"),
        open_deals=table(spec.open_deals, "id", "stage"),
        owners=table(spec.owners, "account", "rep", "since"),
        actuals=table(spec.actuals, "id", "stage", "created", "closed"),
        contracts=table(spec.contracts, "id", "amount", "renews"),
        stage_history=table(spec.stage_history, "opportunity", "stage", "entered"),
        hr=table(spec.hr, "person", "start"),
        distances=table(spec.distances, "account", "rep", "km"),
        adjacency=table(spec.adjacency, "unit", "neighbour"),
        balances=table(spec.balances, "person", "component", "amount"),
        goals=table(spec.goals, "amount"),
    )


def _axis(ids: Sequence[str] | None, what: str, table: TableSpec | None) -> Axis | None:
    return None if ids is None else Axis(what, pa.array(ids, pa.string()), table.exclude if table else ())


def _entries(
    spec: DataSpec, tables: _Tables, known: Known, calendar: Calendar, verdicts: Verdicts
) -> StageHistory | None:
    """Return the entries of known deals into stages, as known on the day of the cut."""
    if not (tables.stage_history and spec.opportunities):
        return None
    told = [rows.cells("id") for rows in (tables.opportunities, tables.open_deals, tables.actuals) if rows]
    listed = Axis("opportunities", pa.concat_arrays([column.cast(pa.string()) for column in told]))
    parts = (known.history, known.pipeline, known.actuals)
    ids = frozenset(name for part in parts if part is not None for name in part.id)
    day = last_known(spec.opportunities, calendar, Verdicts())
    return stage_history(tables.stage_history, listed, ids, day, tuple(spec.opportunities.outcomes))


def _some_left(tables: _Tables, verdicts: Verdicts) -> None:
    for rows in (tables.accounts, tables.reps, tables.products):
        if rows is not None and not rows.keep.any():
            message = "no row is left: all were dropped or set aside"
            verdicts.faults.append(Fault("E_EMPTY", message, "Look at the first faults.", file=rows.raw.file))
