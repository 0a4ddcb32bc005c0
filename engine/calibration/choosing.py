"""Choosing: the laws of a stage by a criterion, each alternative kept to be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.calibration import empirical, parametric
from engine.calibration.empirical import Counted
from engine.calibration.exits import Ages
from engine.calibration.parametric import NONE, SAME, Optimum
from engine.calibration.stage_fit import Fitted
from engine.pipeline.competing_risks import Observed, incidence

_FEWEST = 8
"""Exits of one sort below which they get no law of their own."""


def choose(observed: Observed, laws: Sequence[str], criterion: str, give_up: int) -> Fitted:
    """Fit every pair of laws and return the best by the criterion (`aic` or `bic`).

    First one law for all exits, of each kind; then, with the better ones, laws of their own for deals that advance
    and for others, one changed at a time. `empirical` is the counted incidence at quantiles. Somebody
    must have advanced.
    """
    ages, shares = Ages.of(observed), incidence(observed)
    kinds = [kind for kind in laws if kind != empirical.KIND]
    off_seen = int(ages.off.sum())
    first = SAME if off_seen else NONE
    found: list[Optimum | Counted] = [parametric.fit(ages, kind, first, shares) for kind in kinds]

    def score(one: Optimum | Counted) -> float:
        return one.chosen.by(criterion)

    if kinds and min(off_seen, int(ages.on.sum())) >= _FEWEST:
        base = min(found, key=score).chosen.on
        apart = [parametric.fit(ages, base, kind, shares) for kind in kinds]
        best_off = min(apart, key=score).chosen.off
        apart += [parametric.fit(ages, kind, best_off, shares) for kind in kinds if kind != base]
        found += apart
    if empirical.KIND in laws or not found:
        found.append(empirical.fit(observed, criterion, give_up, shares))
    best = min(found, key=score)
    return replace(best.settled(), tried=tuple(one.chosen for one in sorted(found, key=score)))
