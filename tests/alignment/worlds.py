"""Small instances of the structured solver, with every feature it takes, and enumeration of their alignments."""

from __future__ import annotations

from itertools import product

import numpy as np

from solvers.alignment.instance import Instance, IntArray, Places, broken, cost_of


def drawn(seed: int, units: int = 7, reps: int = 3, *, sphere: bool = False) -> Instance:
    """Return a tiny instance with groups, owners, a budget, a priced band, forbidden seats and a further table."""
    random = np.random.Generator(np.random.Philox(seed))
    sizes = random.integers(1, 3, units)
    start = np.concatenate(([0], np.cumsum(sizes)))
    members = int(start[-1])
    weights = random.integers(1, 20, (2, units))
    mean = weights.sum(axis=1) // reps
    width = np.array([8, 2])
    kind = random.integers(0, 2, units)
    allowed = np.ones((2, reps), dtype=np.bool_)
    allowed[1, int(random.integers(reps))] = False
    dimension = 3 if sphere else 2
    point, home = random.normal(size=(members, dimension)), random.normal(size=(reps, dimension))
    if sphere:
        point /= np.linalg.norm(point, axis=1)[:, None]
        home /= np.linalg.norm(home, axis=1)[:, None]
    budget = random.integers(1, 9, (1, members))
    return Instance(
        weights,
        np.tile((mean - width)[:, None], (1, reps)),
        np.tile((mean + width)[:, None], (1, reps)),
        places=Places(random.uniform(0.5, 2.0, members), point, home, radius=1.5 if sphere else 0.0),
        table=random.uniform(0.0, 0.5, (units, reps)),
        price=np.array([np.inf, 0.05]),
        start=start,
        owner=random.integers(-1, reps, members),
        leaving=random.uniform(0.0, 0.3, members),
        budget=budget,
        limit=np.array([int(budget.sum() * 0.8)]),
        kind=kind,
        allowed=allowed,
    )


def optimum(instance: Instance) -> tuple[float, IntArray | None]:
    """Return the least cost of all alignments that keep the rules, and one that has it; inf and None without one."""
    best, found = np.inf, None
    for seats in product(range(instance.reps), repeat=instance.units):
        rep_of = np.array(seats)
        if broken(instance, rep_of) == 0.0 and (cost := cost_of(instance, rep_of)) < best:
            best, found = cost, rep_of
    return best, found
