"""Choice among candidates: by what had happened by then, and by nothing else."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from engine.backtest.choice import choose
from engine.backtest.forecasts import Question
from engine.backtest.origins import Origin

pytestmark = pytest.mark.slow

ORIGINS = tuple(
    Origin(dt.date(2026, month, day), (month + 1) % 3) for month, day in ((4, 30), (5, 31), (6, 30))
)


def question(origin: Origin, months: int, off: tuple[float, float]) -> Question:
    """Candidates that miss what came, 100 in each of two slices, by given amounts."""
    answers = {name: np.full((2, 5), 100 + miss) for name, miss in zip("ab", off, strict=True)}
    return Question(origin, "month", months, np.full(2, 100.0), answers, {}, np.full(2, 1.0), {})


def test_the_one_that_came_closest_is_used() -> None:
    asked = [
        question(ORIGINS[0], 1, (9, 5)),
        question(ORIGINS[1], 1, (9, 5)),
        question(ORIGINS[2], 1, (0, 5)),
    ]
    choice = choose(asked, ORIGINS[2])
    assert (choice.used, choice.forecasts) == ("b", 4)
    assert choice.crps == pytest.approx({"a": 9, "b": 5})


def test_a_forecast_whose_horizon_is_not_over_has_no_say() -> None:
    asked = [
        question(ORIGINS[0], 1, (9, 5)),
        question(ORIGINS[1], 2, (0, 50)),
        question(ORIGINS[2], 1, (0, 5)),
    ]
    assert choose(asked, ORIGINS[2]).used == "b"
    assert choose([question(ORIGINS[1], 1, (0, 50)), *asked], ORIGINS[2]).used == "a"


def test_without_a_past_the_first_is_used() -> None:
    choice = choose([question(ORIGINS[0], 1, (9, 5))], ORIGINS[0])
    assert (choice.used, choice.forecasts) == ("a", 0)
    assert all(np.isnan(list(choice.crps.values())))
