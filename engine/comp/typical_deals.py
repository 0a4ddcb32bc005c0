"""Typical deals: the credit of each period as deals of the mean size and one of what is left.

A rule that never pays less for a larger deal so never pays less for more credit. Deals close evenly spaced over the
days of their period, the one of what is left last.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.calendar import DateArray
from engine.comp.book import Deals
from engine.comp.fast import Fast
from engine.inputs import FloatArray, IntArray
from engine.pipeline.bookings import Bookings

REPLICATIONS = 40
"""Replications whose deals are looked at, about; evenly spaced."""


def mean_sizes(bookings: Bookings, seats: IntArray) -> dict[str, int]:
    """Return the mean won deal of some seats by measure, whole minor units, or 1; what has no deals is left out."""
    step = max(bookings.replications // REPLICATIONS, 1)
    won = bookings.deals(slice(None, None, step), seats)
    found = {name: credit[credit > 0] for name, credit in won.credit.items()}
    return {name: max(round(float(credit.mean())), 1) for name, credit in found.items() if credit.size}


def deals(credits: Mapping[str, FloatArray], sizes: Mapping[str, int], edges: DateArray) -> Deals:
    """Cut credits into deals.

    Args:
        credits: whole credit of each measure, none below 0, shape (attainment, spell, period).
        sizes: mean deal of each measure; a measure without one is a single deal a period.
        edges: first day of each period, and the day after the last.

    Returns:
        Deals on a grid whose replications are the attainments.

    """
    shape = next(iter(credits.values())).shape
    size = {name: sizes.get(name, max(int(credit.max(initial=0)), 1)) for name, credit in credits.items()}
    counts = [np.ceil(credit / size[name]).astype(np.int64).reshape(-1) for name, credit in credits.items()]
    count = np.max(counts, axis=0)
    cells = np.repeat(np.arange(count.size), count)
    place = np.arange(cells.size) - np.repeat(np.cumsum(count) - count, count)
    period = cells % shape[-1]
    length = np.diff(edges).astype(np.int64)
    return Deals(
        credits={
            name: Fast(np.clip(credit.reshape(-1)[cells] - place * size[name], 0, size[name]))
            for name, credit in credits.items()
        },
        cells=cells,
        day=edges[period] + length[period] * place // count[cells],
        replications=shape[0],
    )
