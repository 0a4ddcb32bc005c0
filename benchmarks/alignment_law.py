"""The law of the alignment instances: clustered accounts, skewed potential, bands on one to three measures.

60 centres uniform in the unit square with weights Dirichlet(0.5); accounts normal around their centre with standard
deviation 0.05; homes of the reps are accounts drawn without replacement; potential lognormal(0, 1.2), capped at its
99.9 % quantile and scaled so that the mean territory carries 1; further measures lognormal(0, 1.2) with correlation
0.5 between their log and the log of potential, capped and scaled alike; cost = potential x Euclidean distance.
Measures are kept in integers, 10^9 to the mean territory.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from solvers.alignment import Instance, Options, Places, align
from solvers.alignment.instance import FloatArray, IntArray

CENTRES, DEVIATION, SKEW, CORRELATION = 60, 0.05, 1.2, 0.5
UNIT = 10**9
"""Integer units that the mean territory carries."""


def draw(accounts: int, reps: int, measures: int, seed: int, within: float = 0.10) -> Instance:
    """Return an instance of the law with hard bands of +-`within` around the mean territory."""
    random = np.random.default_rng(seed)
    centre = random.random((CENTRES, 2))
    of = random.choice(CENTRES, size=accounts, p=random.dirichlet(np.full(CENTRES, 0.5)))
    point = centre[of] + random.normal(0.0, DEVIATION, (accounts, 2))
    home = point[random.choice(accounts, reps, replace=False)]
    base = random.normal(size=accounts)
    weights = [_measure(base, reps)]
    for _ in range(measures - 1):
        own = np.sqrt(1 - CORRELATION**2) * random.normal(size=accounts)
        weights.append(_measure(CORRELATION * base + own, reps))
    return banded(
        Instance(
            np.stack(weights),
            np.zeros((measures, reps), dtype=np.int64),
            np.zeros((measures, reps), dtype=np.int64),
            places=Places(weights[0] / UNIT, point, home),
        ),
        within,
    )


def _measure(log: FloatArray, reps: int) -> IntArray:
    value = np.exp(SKEW * log)
    value = np.minimum(value, np.quantile(value, 0.999))
    return np.rint(value / value.sum() * reps * UNIT).astype(np.int64)


def banded(instance: Instance, within: float) -> Instance:
    """Return the instance with bands of +-`within` around the mean of each measure, rounded inwards."""
    mean = instance.weights.sum(axis=1) / instance.reps
    shape = (1, instance.reps)
    lower = np.tile(np.ceil((1 - within) * mean).astype(np.int64)[:, None], shape)
    upper = np.tile(np.floor((1 + within) * mean).astype(np.int64)[:, None], shape)
    return replace(instance, lower=lower, upper=upper)


def rich(accounts: int, reps: int, seed: int) -> Instance:
    """Return three measures with +-10 %, an incumbent, a budget of 20 % of potential, and 5 % of accounts locked.

    The incumbent is an alignment of least cost (gap 1 %) with all measures within +-25 %, 10 % of whose accounts were
    then handed to the nearest rep that did not have them.
    """
    free = draw(accounts, reps, 3, seed)
    old = align(banded(free, 0.25), Options(gap=0.01)).rep_of
    assert old is not None
    assert free.places is not None
    random = np.random.default_rng([seed, 1])
    handed = random.choice(accounts, accounts // 10, replace=False)
    old[handed] = _nearest_other(free.places, handed, old[handed])
    locked = random.choice(accounts, accounts // 20, replace=False)
    kind = np.zeros(accounts, dtype=np.int64)
    kind[locked] = old[locked] + 1
    allowed = np.vstack((np.ones((1, reps), dtype=np.bool_), np.eye(reps, dtype=np.bool_)))
    potential = free.weights[:1]
    return replace(
        free,
        owner=old,
        budget=potential,
        limit=np.array([int(potential.sum()) // 5]),
        kind=kind,
        allowed=allowed,
    )


def _nearest_other(places: Places, handed: IntArray, holder: IntArray) -> IntArray:
    """Return the nearest rep of each handed account that is not its holder."""
    out = np.empty(len(handed), dtype=np.int64)
    for first in range(0, len(handed), 1000):
        part = slice(first, first + 1000)
        far = ((places.point[handed[part], None, :] - places.home[None, :, :]) ** 2).sum(axis=2)
        far[np.arange(len(far)), holder[part]] = np.inf
        out[part] = far.argmin(axis=1)
    return out
