"""Lines above gains: what makes a concave objective fit the location problem, at a bound that holds.

For any price mu_j of a unit of load

    g_j(y_j) <= mu_j sum_i v_ij x_ij + max over y of (g_j(y) - mu_j y)

so mu_j v_ij comes off the cost of each pair, and the rest off what site j costs to open. The prices are the slopes
where the open sites share everything; once there is a plan, its own slopes, and for a site that it leaves closed the
slope at what the site would attract.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.inputs import FloatArray, IntArray
from engine.territory.declaration import Gain
from engine.territory.headcount.sites import Sites
from engine.territory.solving.gains import least

TURNS = 8
"""Times that the load which a closed site would attract is estimated anew."""


def lined(given: Sites, count: int) -> Sites:
    """Return the sites with lines that touch where `count` of them share everything."""
    prices = []
    for gain in given.gains:
        shared = float(gain.weight.max(axis=1).sum()) / count
        usual = np.sort(gain.scale)[::-1][:count].mean()
        prices.append(np.full(len(gain.scale), _slope(gain.power, usual, shared)))
    return _priced(given, prices)


def lined_at(given: Sites, site_of: IntArray) -> Sites:
    """Return the sites with lines that touch at a plan; `site_of` is the site of each account, shape (account,)."""
    is_open = np.isin(np.arange(len(given.opening)), site_of)
    loads = [gain.loads(site_of) for gain in given.gains]
    loads = [np.where(is_open, load, load[is_open].mean()) for load in loads]
    for _ in range(TURNS):
        prices = [_slopes(gain, load) for gain, load in zip(given.gains, loads, strict=True)]
        cost = _priced(given, prices).cost
        attracted = cost < cost[is_open].min(axis=0)
        for gain, load in zip(given.gains, loads, strict=True):
            drawn = (gain.weight.T * attracted).sum(axis=1)
            load[~is_open] = ((load + drawn) / 2)[~is_open]
    return _priced(given, [_slopes(gain, load) for gain, load in zip(given.gains, loads, strict=True)])


def _slopes(gain: Gain, load: FloatArray) -> FloatArray:
    """Return the slope of each site's gain at a load, shape (site,)."""
    pairs = zip(gain.scale.tolist(), load.tolist(), strict=True)
    return np.array([_slope(gain.power, scale, at) for scale, at in pairs])


def _slope(power: float, scale: float, load: float) -> float:
    """Return the slope of a gain; 0 at no load, where it has no end: any price will do for a bound."""
    return float(power * scale * load ** (power - 1)) if load > 0 else 0.0


def _priced(given: Sites, prices: list[FloatArray]) -> Sites:
    """Return the sites with the lines of some prices, shape (site,) for each gain."""
    if not prices:
        return given
    cost, conceded = given.cost.copy(), np.zeros(len(given.opening))
    for gain, mu in zip(given.gains, prices, strict=True):
        cost -= (gain.weight * mu).T
        conceded -= least(gain, mu, gain.weight.sum(axis=0))
    return replace(given, cost=cost, conceded=conceded)
