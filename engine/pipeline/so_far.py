"""SoFar: the law of the factors of a plan that has begun, given what was seen of it.

The normal variable of the market is z = mean + sd x, x standard normal; those of products and seats, beside what they
share with the market, are f = level - slope z + scale x and e = level - slope (f, z) + scale x. Gamma factors on leads
are told by counts, see `gammas`. What was not seen leaves them what they are at the start of a plan.
Replications are worked out side by side, number by number, so that they are the same in blocks of any size.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.inputs import FloatArray


@dataclass(frozen=True)
class Given:
    """Normal variables given others: level - slope @ others + scale x, x standard normal."""

    level: FloatArray
    """Shape (entity,)."""
    slope: FloatArray
    """Shape (entity, other)."""
    scale: FloatArray
    """Shape (entity,)."""

    @classmethod
    def none(cls, entities: int, others: int) -> Given:
        """Return the law of variables of which nothing was seen."""
        return cls(np.zeros(entities), np.zeros((entities, others)), np.ones(entities))

    def of(self, own: FloatArray, others: FloatArray) -> FloatArray:
        """Return the variables, shape (replication, entity), from standard normal ones and the others."""
        found = self.level + self.scale * own
        for place in range(self.slope.shape[1]):
            found = found - self.slope[:, place] * others[:, place, None]
        return np.asarray(found, dtype=np.float64)

    def and_more(self, entities: int) -> Given:
        """Return the same with further entities, of which nothing was seen."""
        more = Given.none(entities, self.slope.shape[1])
        return Given(
            np.append(self.level, more.level),
            np.vstack((self.slope, more.slope)),
            np.append(self.scale, more.scale),
        )


@dataclass(frozen=True)
class SoFar:
    """What the plan so far tells of the factors."""

    mean: float
    """Of the market's normal variable."""
    sd: float
    products: Given
    """Given the market's."""
    seats: Given
    """Given those of products, and the market's behind them."""
    leads: FloatArray
    """Leads that were seen of each group of springs, shape (group,)."""
    expected: FloatArray
    """Leads that were expected of them with all factors at 1; 0 where nothing is known."""

    def and_seats(self, more: int) -> SoFar:
        """Return the same with further seats."""
        return replace(self, seats=self.seats.and_more(more))

    def product_normal(self, place: int, correlation: float) -> tuple[float, float]:
        """Return mean and standard deviation of a product's variable, with the market's part in it."""
        own = np.sqrt(1 - correlation**2)
        given, weight = self.products, correlation - own * float(self.products.slope[place, 0])
        deviation = np.hypot(weight * self.sd, own * given.scale[place])
        return float(own * given.level[place] + weight * self.mean), float(deviation)

    def seat_normal(self, place: int, correlation: float) -> tuple[float, float]:
        """Return mean and standard deviation of a seat's variable, with the market's part in it."""
        own, given, sold = np.sqrt(1 - correlation**2), self.seats, self.products
        of_sold = -own * given.slope[place, :-1]
        weight = correlation - own * given.slope[place, -1] - float(of_sold @ sold.slope[:, 0])
        mean = own * given.level[place] + float(of_sold @ sold.level) + weight * self.mean
        parts = (weight * self.sd, own * given.scale[place], *(of_sold * sold.scale))
        return float(mean), float(np.linalg.norm(parts))


def gammas(
    variance: FloatArray,
    groups: tuple[tuple[int, ...], ...],
    seen: tuple[FloatArray, FloatArray],
    levels: FloatArray,
    market: FloatArray,
) -> FloatArray:
    """Draw the gamma factors on leads, given how many were seen, and what the market made of their rate.

    n leads of a group, Poisson with mean m f, leave a gamma factor f of variance v a gamma variable with shape
    1 / v + n and rate 1 / v + m (Gelman et al., Bayesian Data Analysis, 3rd edition, section 2.6); m is what was
    expected, times the market's factor where that is on leads. A factor that several groups share beside factors of
    their own, of variance w, is drawn first, as if each group had shown n / (1 + w m) of m / (1 + w m) leads, which
    has the mean and the variance of the mixed Poisson number that n is without a look at its own factor.

    Args:
        variance: of each factor.
        groups: factors of each group: its own, then the shared one; or either.
        seen: leads that were seen of each group, and those that were expected.
        levels: uniform numbers, shape (replication, factor).
        market: factor on all rates, shape (replication,).

    """
    from scipy.special import gammaincinv

    shape, more = np.tile(1 / variance, (len(levels), 1)), np.zeros_like(levels)
    drawn = np.ones_like(levels)

    def draw(which: list[int]) -> None:
        scale = variance[which] / (1 + variance[which] * more[:, which])
        drawn[:, which] = gammaincinv(shape[:, which], levels[:, which]) * scale

    for (*own, last), count, expected in zip(groups, *seen, strict=True):
        mean = expected * market
        kept = 1 / (1 + (variance[own[0]] if own else 0.0) * mean)
        shape[:, last] += count * kept
        more[:, last] += mean * kept
    draw(sorted({members[-1] for members in groups}))
    inner = [(members, place) for place, members in enumerate(groups) if len(members) > 1]
    for (own_one, last), place in inner:
        shape[:, own_one] += seen[0][place]
        more[:, own_one] += seen[1][place] * market * drawn[:, last]
    draw([own_one for (own_one, _), _ in inner])
    return drawn
