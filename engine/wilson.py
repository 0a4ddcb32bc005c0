"""Wilson's interval for a share (Wilson 1927, J. Am. Stat. Assoc. 22, 209-212)."""

from __future__ import annotations

from math import sqrt

Z95 = 1.959963984540054
"""97.5 % point of the normal distribution."""


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of at least one trial."""
    share, z2 = hits / trials, Z95 * Z95
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = Z95 / (1 + z2 / trials) * sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials))
    return max(middle - half, 0.0), min(middle + half, 1.0)
