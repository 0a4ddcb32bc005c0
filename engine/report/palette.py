"""Colours that hold for the colour-blind (Okabe and Ito, 2008) and in print, one meaning each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

INK = "#1c2330"
"""Text and reference lines."""
QUIET = "#5b6575"
"""Axis labels, secondary words."""
RULE = "#d9dee6"
"""Grid lines and outlines."""
PLAN = "#0072b2"
"""What the plan brings: the alignment after, the simulated median."""
PLAN_LIGHT = "#7fb8d8"
PLAN_FAIR = "#a9cfe4"
PLAN_PALE = "#d3e6f1"
BEFORE = "#8a929e"
"""What was there before: the alignment, last year's history."""
SHORT = "#d55e00"
"""Below a goal, a quota or a band."""
GAIN = "#009e73"
"""At or above it; won."""
BAND = "#e8ebf0"
"""The allowed range of a measure."""
SERIES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#5b4b9a", "#4d4d4d")
"""Unordered sets: seats on a map, comp plans. Dark enough on white."""
NOBODY = "#b9bfc9"
"""Accounts without a seat."""


def colours_apart(x: NDArray[np.float64], y: NDArray[np.float64]) -> list[str]:
    """Return a colour per home so that homes of one colour lie far apart; x and y in like units, shape (rep,).

    Eight colours cannot tell forty seats apart, but neighbours they can: each seat in turn takes the colour
    whose nearest home so far is farthest, the first of equals. A home without coordinates takes the next in turn.
    """
    chosen: list[int] = []
    for seat in range(len(x)):
        nearest = [
            min(
                (_distance(x, y, seat, other) for other in range(seat) if chosen[other] == colour),
                default=np.inf,
            )
            for colour in range(len(SERIES))
        ]
        blind = not np.isfinite(x[seat] + y[seat])
        chosen.append(seat % len(SERIES) if blind else int(np.argmax(nearest)))
    return [SERIES[colour] for colour in chosen]


def _distance(x: NDArray[np.float64], y: NDArray[np.float64], one: int, other: int) -> float:
    square = (x[one] - x[other]) ** 2 + (y[one] - y[other]) ** 2
    return float(square) if np.isfinite(square) else np.inf
