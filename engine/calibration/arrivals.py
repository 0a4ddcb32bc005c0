"""Arrivals: leads a year by source and segment, from created dates of the window, and what is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from engine.calendar import DateArray
from engine.calibration.found import Found
from engine.calibration.season import Season, months_of, season
from engine.calibration.spec import CalibrationSpec
from engine.errors import BadInput, Fault
from engine.inputs import IntArray
from engine.pipeline.export import Export
from engine.pipeline.spec import Arrivals, Seasonality

_SHORTEST = 28
"""Days of created dates below which no rate is estimated."""
_KNOWN = 0.5
"""Share of leads with an account below which there are no rates by segment."""
NO_SOURCE = "other"
"""Source of leads for which the table names none."""
LEADS = "leads"
"""Name of the one source where the table tells of none."""


@dataclass(frozen=True)
class Arriving:
    """Leads by source, when they arise, and the relative standard error of each source's rate."""

    by_source: Mapping[str, Arrivals]
    seasonality: Seasonality | None
    error: Mapping[str, float]
    """Relative standard deviation of the leads of the plan around their expectation, beyond a Poisson law: the error
    of the rate, and what the months of the plan will spread more than by chance."""


def arriving(export: Export, asked: CalibrationSpec, segment: NDArray[np.object_], found: Found) -> Arriving:
    """Estimate the rates of leads; `segment` names that of each deal, '' where unknown."""
    since, days = export.window
    if days < _SHORTEST:
        message = f"only {days} days of arrivals, from {since} to {export.today}"
        hint = f"Give at least {_SHORTEST} days of created dates, or arrivals by hand."
        raise BadInput([Fault("E_ESTIMATE", message, hint, field="calibration.since")])
    arrived, created = export.arrived, export.created
    months = months_of(created[arrived], since, days)
    over = season(months, export.inputs, asked, found)
    years = over.years(months)
    undated = int(np.isnat(created).sum())
    if undated:
        found.warn("arrivals", f"{undated:,} deals have no created date and are not counted as leads.")
    source = _sources(export)
    found.note(
        "arrivals",
        f"{int(arrived.sum()):,} leads in the {days} days since {since}: {years:.3f} years' worth.",
    )
    by_source, error = {}, {}
    plan = export.inputs.calendar.days / 365
    for name in sorted(set(source[arrived].tolist())):
        mine = arrived & (source == name)
        by_source[name], known = _rate(
            name, segment[mine], created[mine], (export, years, over), asked, found
        )
        expected = int(mine.sum()) / years * plan
        error[name] = sqrt(known**2 + (over.dispersion - 1) / max(expected, 1.0))
    return Arriving(by_source, over.seasonality, error)


def _sources(export: Export) -> NDArray[np.object_]:
    parts = [part.source or ("",) * len(part) for part in export.parts]
    names = [name for part in parts for name in part]
    if not any(names):
        return np.full(len(names), LEADS, dtype=object)
    return np.array([name or NO_SOURCE for name in names], dtype=object)


def _rate(
    source: str,
    segment: NDArray[np.object_],
    created: DateArray,
    window: tuple[Export, float, Season],
    asked: CalibrationSpec,
    found: Found,
) -> tuple[Arrivals, float]:
    """Return the rates of a source and their relative standard error."""
    export, years, over = window
    count = len(segment)
    error = sqrt(over.dispersion / count)
    name = f"leads a year, {source}" if source != LEADS else "leads a year"
    found.positive("arrivals", name, "", (count / years, error), "leads a year", count)
    known = segment[segment != ""]
    every = sorted(set(export.inputs.accounts.segment))
    if len(every) < 2 or len(known) < max(_KNOWN * count, asked.fewest):
        if len(every) > 1:
            share = len(known) / max(count, 1)
            found.missing("arrivals", f"{name} by segment: {share:.0%} of the leads have an account")
        return Arrivals(leads=round(count / years, 2), spread="history"), error
    if len(known) < count:
        found.warn(
            "arrivals",
            f"{count - len(known):,} of {count:,} leads have no account; they go to segments as the others do.",
        )
    rates = {}
    apart = over.within([months_of(created[segment == one], *export.window) for one in every])
    for one in every:
        own = int((known == one).sum())
        rates[one] = round(own / years * count / len(known), 2)
        if own:
            found.positive(
                "arrivals",
                name,
                f"segment {one}",
                (rates[one], sqrt(apart / own)),
                "leads a year",
                own,
            )
    return Arrivals(by_segment=rates, spread="history"), error


def mix(
    export: Export, segment: NDArray[np.object_], asked: CalibrationSpec, found: Found
) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Return the deals of the window by product, and those by segment and product where segments differ."""
    products = export.inputs.products.id
    seen = export.arrived & (export.product >= 0)
    product: IntArray = export.product[seen]
    total = np.bincount(product, minlength=len(products)).astype(np.float64)
    names = [name for name in sorted(set(segment[seen].tolist()) - {""})]
    table = np.array([np.bincount(product[segment[seen] == name], minlength=len(products)) for name in names])
    whole = {name: float(count) for name, count in zip(products, total, strict=True) if count}
    if len(names) < 2 or len(whole) < 2:
        return whole, {}
    share = total / total.sum()
    rows = table.sum(axis=1, keepdims=True)
    own = table / np.maximum(rows, 1)
    gain = 2 * float((table * np.log(np.maximum(own, 1e-12) / np.maximum(share, 1e-12))).sum())
    free = (len(names) - 1) * (len(whole) - 1)
    penalty = np.log(max(len(product), 2)) if asked.criterion == "bic" else 2.0
    if gain <= penalty * free or rows.min() < asked.fewest:
        found.note("mix", f"One mix of products for all segments, of {len(product):,} leads.")
        return whole, {}
    found.note(
        "mix",
        f"A mix of products for each segment: the {asked.criterion.upper()} is {gain - penalty * free:,.0f} lower.",
    )
    by_segment = {
        name: {products[at]: float(count) for at, count in enumerate(row) if count}
        for name, row in zip(names, table, strict=True)
    }
    return whole, by_segment
