"""Known means: what replications drew whose mean is known exactly, to be used as control variates.

The factors of market, groups of leads, seats and products have mean 1 (or that which the plan so far tells), those of
what is not known exactly a logarithm with mean 0; leads are a mixed Poisson number whose mean is that of the model, in
every segment and every period. Where leads so far tell of their factors, these have no mean in closed form, and leads
are no control. The market also gives the tenths of its distribution: a share of replications that falls into each is
known, so shares and means are corrected for how many good and bad years were drawn (post-stratification).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.inputs import IntArray
from engine.pipeline import counters
from engine.pipeline.build import Built
from engine.pipeline.control_variates import Controls
from engine.pipeline.counts import Counts
from engine.pipeline.factors import Spreads, futures, moments, sigma
from engine.pipeline.model import Futures

_TENTHS = 10

Named = list[tuple[str, NDArray[np.floating], float]]
"""Names of controls, their values of shape (replication,), and their means."""


def known_means(built: Built, seed: int, first: int, leads: IntArray) -> Controls:
    """Return the controls of replications, `first` and those behind it; those that do not vary may be among them.

    Args:
        built: what was simulated.
        seed: of the run.
        first: number of the first replication.
        leads: how many arose in each of them, shape (replication, group); see engine.pipeline.counters.

    """
    drawn = futures(built.spreads, seed, first, len(leads))
    found = _market(built.spreads, drawn) + _others(built, drawn) + _leads(built, leads)
    if not found:
        return Controls((), np.zeros((len(leads), 0)), np.zeros(0))
    names, values, means = zip(*found, strict=True)
    return Controls(names, np.column_stack(values), np.array(means))


def leads_of(counts: Counts, first: int = 0) -> IntArray:
    """Return how many leads arose in the replications from `first` on, shape (replication, group)."""
    found = (counts.of(group, first) for group in range(counts.groups))
    return np.stack([one[:, counters.LEADS] + one[:, counters.DROPPED_LEADS] for one in found], axis=1)


def _market(spreads: Spreads, drawn: Futures) -> Named:
    if spreads.market == 0:
        return []
    from scipy.special import ndtri

    factor, spread = drawn.arrivals * drawn.amounts, sigma(spreads.market)
    normal = spreads.market_normal
    levels = normal[0] + normal[1] * ndtri(np.arange(1, _TENTHS) / _TENTHS)
    cuts = np.exp(spread * levels - spread**2 / 2)
    tenths = [
        (f"market above {place / _TENTHS:.0%}", (factor > cut) * 1.0, 1 - place / _TENTHS)
        for place, cut in enumerate(cuts, 1)
    ]
    return [("market", factor, moments(spreads.market, normal)[0]), *tenths]


def _others(built: Built, drawn: Futures) -> Named:
    """Return factors of seats and products, and of what is not known exactly."""
    spreads, found = built.spreads, Named()
    if spreads.seat.any():
        means = [moments(sd, spreads.seat_normal(place))[0] for place, sd in enumerate(spreads.seat)]
        found.append(("seats", drawn.seat.mean(axis=1), float(np.mean(means))))
    for place in np.flatnonzero(spreads.product):
        mean, _ = moments(spreads.product[place], spreads.product_normal(int(place)))
        found.append((f"product {place}", drawn.product[:, place], mean))
    for what, sd, factor in (
        ("odds", spreads.odds, drawn.odds),
        ("days", spreads.days, drawn.days / spreads.pace),
    ):
        found += [(f"{what} {place}", np.log(factor[:, place]), 0.0) for place in np.flatnonzero(sd)]
    spring = built.model.arising.spring
    for group in range(0 if _told(spreads) else len(spreads.groups)):
        rate = spring["rate"][spring["group"] == group].sum()
        found.append((f"group {group}", rate * drawn.group[:, group], float(rate)))
    return found


def _told(spreads: Spreads) -> bool:
    """Whether leads so far tell of the factors on leads."""
    return spreads.so_far is not None and bool(spreads.so_far.expected.any())


def _leads(built: Built, leads: IntArray) -> Named:
    """Return leads by segment and by period."""
    model, spreads = built.model, built.spreads
    if _told(spreads):
        return []
    market = moments(spreads.market, spreads.market_normal)[0] if spreads.market_on_arrivals else 1.0
    _, segments, periods, end = counters.groups(model)
    rate, segment = model.arising.spring["rate"] * market, model.arising.spring["segment"]
    found = Named()
    for place in range(periods - segments):
        mean = float(rate[segment == place].sum())
        found.append((f"leads of segment {place}", leads[:, segments + place] * 1.0, mean))
    edge, mass, shape = model.arising.edge, model.arising.mass, model.arising.spring["shape"]
    by_shape = np.bincount(shape, weights=rate, minlength=len(mass))
    share = np.array([np.interp(model.closing.edge, edge, one) for one in mass])
    means = np.diff(by_shape @ share)
    for place in range(end - periods):
        found.append((f"leads of period {place}", leads[:, periods + place] * 1.0, float(means[place])))
    return found
