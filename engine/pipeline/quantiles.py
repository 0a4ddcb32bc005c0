"""Values of tabulated laws at a level, for both engines."""

from __future__ import annotations

import numpy as np

from engine.pipeline.layout import CELLS, CELLS_OF_HALVING, HALVINGS, TICKS
from engine.pipeline.model import Laws
from engine.streams import compiled, inlined

MOST_DAYS = 1e6
"""What laws of days are cut at."""
_STEPS = HALVINGS * CELLS_OF_HALVING
_PART = 52 - CELLS_OF_HALVING.bit_length() + 1
_ONE = np.uint64(1)
_LOWEST = (1023 - HALVINGS - 1) * CELLS_OF_HALVING


@inlined
def cell_of(level: float) -> int:
    """Cell of the guide in which a level in [0, 1) lies, or one of the two at whose border it lies.

    A cell is told by the exponent and the first bits of the distance to 0 or to 1, which is exact. Nothing branches on
    the level: that would be guessed wrong every other time.
    """
    upper = int(level >= 0.5)
    bits = int(np.float64(min(level, 1.0 - level)).view(np.int64))
    step = min(max((bits >> _PART) - _LOWEST, -1), _STEPS - 1)
    return 1 + step + upper * (CELLS - 3 - 2 * step)


@inlined
def value_in(laws: Laws, law: int, level: float, cell: int) -> float:
    """Value of a tabulated law at a level in [0, 1), whose cell of the guide is known.

    Places are numbers without a sign, so that compiled code need not see to negative ones, which count from the end.
    """
    of_law, at = np.uint64(law), np.uint64(cell)
    low, high = np.uint64(laws.guide[of_law, at]), np.uint64(laws.guide[of_law, at + _ONE])
    while low < high:
        middle = (low + high + _ONE) >> _ONE
        if laws.knot[middle]["level"] <= level:
            low = middle
        else:
            high = middle - _ONE
    knot = laws.knot[low]
    return float(knot["value"] + (level - knot["level"]) * knot["slope"])


@inlined
def quantile(laws: Laws, law: int, level: float) -> float:
    """Value of a tabulated law at a level in [0, 1)."""
    return value_in(laws, law, level, cell_of(level))


@compiled
def ticks_of(laws: Laws, law: int, level: float) -> int:
    """Ticks of a law of days at a level."""
    return int(min(quantile(laws, law, level), MOST_DAYS) * TICKS + 0.5)
