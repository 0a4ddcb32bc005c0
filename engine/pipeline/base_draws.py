"""What is drawn of the installed base, as engine.pipeline.draws draws what deals need."""

from __future__ import annotations

from math import log

import numpy as np

from engine.pipeline.draws import BELOW_ONE
from engine.pipeline.layout import YEAR
from engine.pipeline.model import Future, Laws
from engine.pipeline.quantiles import quantile
from engine.streams import Purpose, compiled, uniform

_CHURN, _RENEWED = int(Purpose.CHURN), int(Purpose.RENEWED)
_EXPANSION, _GROWTH = int(Purpose.EXPANSION), int(Purpose.GROWTH)


@compiled
def churns(future: Future, contract: np.uint64, renewal: int, chance: float) -> bool:
    """Whether a contract ends at its n-th renewal."""
    return uniform(future.seed, future.number, _CHURN, contract, renewal) < chance


@compiled
def renewed_at(laws: Laws, law: int, future: Future, contract: np.uint64, renewal: int) -> float:
    """Amount after the n-th renewal over the amount before."""
    return quantile(
        laws, law, min(uniform(future.seed, future.number, _RENEWED, contract, renewal), BELOW_ONE)
    )


@compiled
def expansion_gap(future: Future, contract: np.uint64, index: int, rate: float) -> int:
    """Ticks between two expansions of a contract; `rate` a year, above 0."""
    gap = -log(uniform(future.seed, future.number, _EXPANSION, contract, index)) / rate
    return int(min(gap * YEAR, 1e17))


@compiled
def grown_by(laws: Laws, law: int, future: Future, contract: np.uint64, index: int) -> float:
    """Return what an expansion adds, over the amount before."""
    return quantile(laws, law, min(uniform(future.seed, future.number, _GROWTH, contract, index), BELOW_ONE))
