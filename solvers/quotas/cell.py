"""One cell: |x - target| / scale on whole x in [lower, upper], linear in between, less price * x.

`shadow` is its least value, a term of the bound. `settled` is where it would stand with a square pulling it to a
centre, which makes it a continuous function of the price: what the dual ascent needs.
"""

from __future__ import annotations

from math import floor

from solvers.compiled import compiled


@compiled
def settled(
    price: float, target: float, scale: float, lower: float, upper: float, centre: float, pull: float
) -> float:
    """Return the x that minimises deviation - price * x + pull / 2 * ((x - centre) / scale)**2; real."""
    base = floor(target)
    stiff = scale * scale / pull
    x = centre + (price + 1.0 / scale) * stiff
    if x > base:
        x = centre + (price - (1.0 - 2.0 * (target - base)) / scale) * stiff
        if x < base:
            x = base
        elif x > base + 1.0:
            x = centre + (price - 1.0 / scale) * stiff
            if x < base + 1.0:
                x = base + 1.0
    if x < lower:
        return lower
    return min(x, upper)


@compiled
def shadow(price: float, target: float, scale: float, lower: float, upper: float) -> float:
    """Return the least |x - target| / scale - price * x over whole x from lower to upper."""
    base = floor(target)
    best = abs(lower - target) / scale - price * lower
    best = min(best, abs(upper - target) / scale - price * upper)
    if lower < base < upper:
        best = min(best, abs(base - target) / scale - price * base)
    if lower < base + 1.0 < upper:
        best = min(best, abs(base + 1.0 - target) / scale - price * (base + 1.0))
    return best
