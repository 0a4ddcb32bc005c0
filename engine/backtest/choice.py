"""Choice: at each origin, the candidate whose earlier forecasts came closest to what had happened by then.

Prequential (Dawid 1984, J. R. Stat. Soc. A 147, 278-292): a candidate is judged by its forecasts alone, each made
before what it is held to, and nothing that came after the origin has a say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.backtest.forecasts import Question
from engine.backtest.origins import Origin


@dataclass(frozen=True)
class Choice:
    """The candidate used at an origin, and how each had done until then."""

    origin: Origin
    used: str
    crps: dict[str, float]
    """Mean CRPS over the forecasts that could be held to what had come; NaN where there was none."""
    forecasts: int
    """How many those are."""


def choose(questions: Sequence[Question], origin: Origin) -> Choice:
    """Choose among candidates at an origin; the first of equals, and the first where nothing can be compared."""
    names = list(questions[0].answers)
    done = [one for one in questions if one.end <= np.datetime64(origin.start, "D")]
    if not done:
        return Choice(origin, names[0], dict.fromkeys(names, float("nan")), 0)
    scores = {name: float(np.mean([one.crps(name) for one in done])) for name in names}
    return Choice(origin, min(names, key=scores.__getitem__), scores, sum(len(one.came) for one in done))
