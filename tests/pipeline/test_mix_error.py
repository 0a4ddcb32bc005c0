"""Shares of products that were counted from few deals: what comes of a product follows its share."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import pytest

from engine.inputs import FloatArray
from engine.pipeline import estimate
from engine.pipeline.factors import futures
from engine.pipeline.processes.uncertainty import Uncertainty
from tests.pipeline.settings import spec
from tests.pipeline.test_as_of import built
from tests.pipeline.test_closes import block, inputs
from tests.worlds import world

DRAWN = 20_000


def factors(mix: dict[str, float], deals: int, **more: Any) -> FloatArray:
    process = {"kind": "uncertainty", "mix": deals} | more
    return futures(built(world(), spec(mix=mix, processes=[process])).spreads, 3, 0, DRAWN).product


def test_shares_are_dirichlet() -> None:
    """Of share p and n deals the variance is p (1 - p) / (n + 1), and shares add up to one."""
    found = factors({"S0": 30, "S1": 10}, 40)
    share = np.array([0.75, 0.25])
    assert found @ share == pytest.approx(np.ones(DRAWN))
    error = np.sqrt(share * (1 - share) / 41)
    assert (np.abs((found * share).mean(axis=0) - share) <= 4 * error / sqrt(DRAWN)).all()
    assert (found * share).std(axis=0) == pytest.approx(error, rel=0.03)


def test_one_product_has_no_mix_and_no_deals_leave_shares_exact() -> None:
    assert (factors({"S1": 7}, 40) == 1).all()
    assert (factors({"S0": 30, "S1": 10}, 0, leads={"leads": "10%"}) == 1).all()


def test_a_share_that_was_counted_says_how_often() -> None:
    resolved, _ = estimate(inputs(), block(uncertainty=True))
    (errors,) = (one for one in resolved.processes if isinstance(one, Uncertainty))
    assert errors.mix == sum(resolved.mix.values()) == 138
    given, _ = estimate(inputs(), block(uncertainty=True).model_copy(update={"mix": {"S0": 1.0, "S1": 1.0}}))
    (errors,) = (one for one in given.processes if isinstance(one, Uncertainty))
    assert errors.mix == 0
