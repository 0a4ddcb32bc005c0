"""The book of a plan: its quotas against the simulated bookings of its seats."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.columns import Table
from engine.errors import Fault, did_you_mean
from engine.fairness import run
from engine.fairness.book import Book, book
from engine.fairness.spec import FairnessSpec
from engine.inputs import FloatArray, Inputs, IntArray, Words
from engine.pipeline.bookings import Bookings

YEARS = (1, 3)
"""Years in the seat at which tenure is cut."""


def tables(
    inputs: Inputs,
    bookings: Bookings,
    measure: str,
    cells: IntArray,
    potential: FloatArray | IntArray,
    spec: FairnessSpec,
) -> tuple[Table, ...]:
    """Return the table `fairness`.

    Args:
        inputs: the tables.
        bookings: what was simulated.
        measure: what quotas are set on.
        cells: quotas, shape (rep, product, period).
        potential: of the accounts aligned to each seat, shape (rep,).
        spec: what counts as fair.

    """
    return (run.table(run.judge(of_plan(inputs, bookings, measure, cells, potential, spec), spec)),)


def of_plan(
    inputs: Inputs,
    bookings: Bookings,
    measure: str,
    cells: IntArray,
    potential: FloatArray | IntArray,
    spec: FairnessSpec,
) -> Book:
    """Return the book of quotas against simulated bookings; arguments as for `tables`."""
    counts = bookings.kpis.sum(axis=0)
    count = dict(zip(bookings.kpi_names, counts.tolist(), strict=True))
    decided = count.get("won", 0) + count.get("lost", 0)
    known = {**past(inputs), "potential": potential.astype(np.float64)}
    if bookings.open_value is not None:
        known["pipeline"] = bookings.open_value[0].sum(axis=1)
    return book(
        inputs.reps.id,
        cells.sum(axis=(1, 2)).astype(np.float64),
        bookings.measure(measure).sum(axis=2),
        observed=False,
        known=known,
        win_rate=count.get("won", 0) / decided if decided else float("nan"),
        groups=groups(inputs, spec),
    )


def past(inputs: Inputs) -> dict[str, FloatArray]:
    """Return what is known of last year: bookings, and the quota where the reps' table declares `last_quota`."""
    found: dict[str, FloatArray] = {"volume": inputs.reps.history.astype(np.float64)}
    if "last_quota" in inputs.reps.extra:
        found["last_quota"] = np.asarray(inputs.reps.extra["last_quota"], dtype=np.float64)
    return found


def groups(inputs: Inputs, spec: FairnessSpec) -> Mapping[str, Words]:
    """Return the group of every seat by what groups are made of: levels, role, tenure, or what the spec names."""
    found: dict[str, Words] = dict(inputs.reps.levels)
    texts = {
        name: tuple("" if value is None else str(value) for value in values)
        for name, values in inputs.reps.extra.items()
        if values.dtype == object
    }
    found |= {"role": texts["role"] if "role" in texts else _roles(inputs), "tenure": tenure(inputs)}
    if spec.by is not None:
        found = {name: (found | texts)[name] for name in spec.by if name in found | texts}
    return {name: names for name, names in found.items() if len(set(names)) > 1}


def unknown_groups(inputs: Inputs, spec: FairnessSpec) -> list[Fault]:
    """Return a fault for each name under `by` that makes no groups."""
    texts = [name for name, values in inputs.reps.extra.items() if values.dtype == object]
    known = [*inputs.reps.levels, *texts, "role", "tenure"]
    return [
        Fault(
            "E_REFERENCE", f"nothing is called '{name}' that makes groups of seats", did_you_mean(name, known),
            field=f"quotas.fairness.by[{index}]",
        )
        for index, name in enumerate(spec.by or ())
        if name not in known
    ]  # fmt: skip


def _roles(inputs: Inputs) -> Words:
    """Return the role of the first person in each seat during the plan; the comp plan stands for one not told."""
    found, roles = [""] * len(inputs.reps), inputs.spells.roles
    for spell in range(len(inputs.spells) - 1, -1, -1):
        if not inputs.spells.end[spell] <= inputs.calendar.start:
            found[int(inputs.spells.rep[spell])] = roles[spell]
    return tuple(found)


def tenure(inputs: Inputs) -> Words:
    """Return how long the person in the seat had been there when the plan starts; an open seat is `open`."""
    start, found = inputs.calendar.start, ["open"] * len(inputs.reps)
    words = (f"under {YEARS[0]} year", f"{YEARS[0]} to {YEARS[1]} years", f"over {YEARS[1]} years")
    spells = inputs.spells
    for rep, begin, end in zip(spells.rep.tolist(), spells.start, spells.end, strict=True):
        if begin <= start and not end <= start:
            days = int((start - begin) / np.timedelta64(1, "D"))
            found[rep] = words[int(np.searchsorted([365.25 * year for year in YEARS], days, side="right"))]
    return tuple(found)
