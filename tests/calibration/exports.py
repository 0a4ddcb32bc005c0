"""Exports drawn from known laws, so that an estimate has a truth to be held to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.calendar import CalendarSpec, calendar
from engine.history import StageHistory
from engine.inputs import Inputs, Opportunities
from engine.pipeline.competing_risks import Observed
from tests.worlds import world

TODAY = np.datetime64("2027-01-01", "D")
Draw = Callable[[np.random.Generator, int], NDArray[np.float64]]


@dataclass(frozen=True)
class Truth:
    """A stage: the chance to advance, and how its days are drawn."""

    chance: float
    on: Draw
    off: Draw


def observed(
    truth: Truth, seed: int, deals: int, days: int = 600, visible: int | None = None
) -> tuple[Observed, float]:
    """Deals of one stage that arose evenly in the days before today, and the naive share won of closed ones.

    Only closes of the last `visible` days are in the export, and what is still open.
    """
    rng = np.random.default_rng(seed)
    arose = rng.uniform(-days, 0, deals)
    won = rng.random(deals) < truth.chance
    stay = np.where(won, truth.on(rng, deals), truth.off(rng, deals))
    created, closed = np.floor(arose).astype(np.int64), np.floor(arose + stay).astype(np.int64)
    first = -days if visible is None else -visible
    ended = arose + stay < 0
    kept = ~ended | (closed >= first)
    created, closed, ended, won = created[kept], closed[kept], ended[kept], won[kept]
    outcome = np.where(ended, won, -1).astype(np.int8)
    entry = np.maximum(created, first) - created
    leave = np.where(ended, closed, -1) - created
    return Observed(entry, leave, outcome), float(won[ended].mean())


def table(rows: Sequence[Mapping[str, Any]]) -> Opportunities:
    """Deals from dictionaries, closed or open; days count from today."""

    def dates(name: str) -> NDArray[np.datetime64]:
        none = np.datetime64("NaT", "D")
        return np.array(
            [none if row.get(name) is None else TODAY + np.timedelta64(int(row[name]), "D") for row in rows],
            dtype="datetime64[D]",
        )

    def whole(name: str, default: int) -> NDArray[np.int64]:
        return np.array([row.get(name, default) for row in rows], dtype=np.int64)

    return Opportunities(
        tuple(str(row["id"]) for row in rows), whole("account", 0), whole("rep", 0), whole("product", 0),
        tuple(row.get("stage", "Working") for row in rows), whole("outcome", -1).astype(np.int8), dates("created"),
        dates("created"), dates("closed"), whole("amount", -1), tuple(row.get("source", "") for row in rows),
    )  # fmt: skip


def company(rows: Sequence[Mapping[str, Any]], entries: Sequence[tuple[str, str, int]] = ()) -> Inputs:
    """A world with an export of the morning of 2027-01-01; `entries` are (deal, stage, day)."""
    closed = [row for row in rows if row.get("outcome", -1) >= 0]
    still = [row for row in rows if row.get("outcome", -1) < 0]
    inputs = replace(
        world(), calendar=calendar(CalendarSpec(year=2027)), history=table(closed), pipeline=table(still)
    )
    if not entries:
        return inputs
    names, stages, days = zip(*sorted(entries, key=lambda entry: (entry[0], entry[2])), strict=True)
    entered = np.array([TODAY + np.timedelta64(int(day), "D") for day in days], dtype="datetime64[D]")
    return replace(inputs, stage_history=StageHistory(names, stages, entered))


def closing(day: float, created: float, won: bool, amount: int, **more: Any) -> dict[str, Any]:
    """A row that is closed where its day lies before today, and open otherwise."""
    row = {"created": int(np.floor(created)), **more}
    if day < 0:
        row |= {"closed": int(np.floor(day)), "outcome": int(won), "amount": amount if won else -1}
    return row
