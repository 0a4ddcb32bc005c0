"""Factors of a plan that has begun: what was seen, what was expected, and what they are for the rest of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from engine import amounts
from engine.columns import Column, Table
from engine.inputs import FloatArray, Inputs
from engine.pipeline.build import Built
from engine.pipeline.build.so_far import Seen
from engine.pipeline.factors import Spreads, futures
from engine.pipeline.replications import Run

_COLUMNS = (
    Column("factor", "text", "market, product, seat, or leads of a source"),
    Column("name", "text", "of the product or seat, or source and segment of the leads; blank for the market"),
    Column("seen", "real", "of it before `as_of`: money of deals that arose and were won in the plan, or leads"),
    Column("expected", "real", "that which the pipeline expects with all factors at 1; blank where nothing is told"),
    Column("mean", "real", "of the factor for the rest of the plan, over the replications"),
    Column("sd", "real", "standard deviation of the factor over the replications"),
    Column("sd_at_start", "real", "that at the start of the plan, when its mean is 1"),
)  # fmt: skip


def factors_table(inputs: Inputs, built: Built, run: Run, count: int) -> Table | None:
    """Return what the first replications of a run drew; None where the plan so far tells of no factor."""
    if built.seen is None:
        return None
    rows = list(_rows(inputs, built, built.seen, (run, count)))
    frame = pd.DataFrame(rows, columns=[column.name for column in _COLUMNS])
    meaning = "What the plan so far tells of the factors that hold for all of it"
    return Table("factors", _COLUMNS, frame, meaning)


def _rows(inputs: Inputs, built: Built, seen: Seen, drawn: tuple[Run, int]) -> Iterator[dict[str, Any]]:
    spreads, (run, count) = built.spreads, drawn
    found = futures(spreads, run.seed, run.first, count)
    minor = 10.0 ** amounts.decimals(inputs.currency)

    def row(
        factor: str, name: str, told: tuple[float, float], values: FloatArray, start: float
    ) -> dict[str, Any]:
        figures = (*told, values.mean(), values.std(ddof=1) if count > 1 else np.nan, start)
        return dict(zip([column.name for column in _COLUMNS], (factor, name, *figures), strict=True))

    def money(of: tuple[FloatArray, FloatArray] | None, place: int | None) -> tuple[float, float]:
        if of is None:
            return np.nan, np.nan
        won, expected = (column if place is None else column[[place]] for column in of)
        return float(won.sum()) / minor, float(expected.sum()) / minor

    if spreads.market > 0:
        told = (seen.leads or (np.nan, np.nan)) if spreads.market_on_arrivals else money(seen.money, None)
        yield row("market", "", told, found.arrivals * found.amounts, spreads.market)
    for place in np.flatnonzero(spreads.product):
        values, start = found.product[:, place], float(spreads.product[place])
        yield row("product", inputs.products.id[place], money(seen.money, int(place)), values, start)
    for place in np.flatnonzero(spreads.seat):
        values, start = found.seat[:, place], float(spreads.seat[place])
        yield row("seat", inputs.reps.id[place], money(seen.money_of_seats, int(place)), values, start)
    for group, (name, start) in enumerate(_groups(built, spreads)):
        told = (np.nan, np.nan)
        if spreads.so_far is not None and spreads.so_far.expected[group] > 0:
            told = float(spreads.so_far.leads[group]), float(spreads.so_far.expected[group])
        yield row("leads", name, told, found.group[:, group], start)


def _groups(built: Built, spreads: Spreads) -> Iterator[tuple[str, float]]:
    """Yield name and standard deviation at the start of the factor of each group of leads."""
    spring, segments = built.model.arising.spring, (*built.segments, "")
    for place, members in enumerate(spreads.groups):
        mine = spring[spring["group"] == place]
        words = [built.sources[source] for source in np.unique(mine["source"])]
        inside = np.unique(mine["segment"])
        words += [segments[inside[0]]] if len(inside) == 1 else []
        variance = float(np.prod(1 + spreads.group[list(members)])) - 1
        yield ", ".join(word for word in words if word), float(np.sqrt(variance))
