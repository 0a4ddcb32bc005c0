"""Homes: places where a new territory may be based, from the scenario or from the accounts' own places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.errors import Fault
from engine.inputs import FloatArray, Inputs, IntArray, Words
from engine.territory.geography.distance import RADIUS_KM
from engine.territory.headcount.spec import HeadcountSpec

FIELD = "territories.headcount"


@dataclass(frozen=True)
class Homes:
    """Candidate home bases, shape (home,)."""

    id: Words
    latitude: FloatArray
    longitude: FloatArray
    levels: Mapping[str, Words]
    """Node of each level of the seats' hierarchy."""

    def __len__(self) -> int:
        return len(self.id)


def homes(inputs: Inputs, spec: HeadcountSpec) -> tuple[Homes, list[Fault]]:
    """Return the candidates, and what is missing in them."""
    if isinstance(spec.candidates, str):
        return _of_accounts(inputs, spec.places)
    given = spec.candidates
    levels = {level: tuple(home.levels.get(level, "") for home in given) for level in inputs.reps.levels}
    found = Homes(
        tuple(home.id for home in given),
        np.array([home.latitude for home in given]),
        np.array([home.longitude for home in given]),
        levels,
    )
    faults = [
        Fault(
            "E_REQUIRED", f"place {home.id} names no {level}.", f"Give levels: {{{level}: ...}}.", field=FIELD
        )
        for home in given
        for level in inputs.reps.levels
        if level not in home.levels
    ]
    return found, faults


def _of_accounts(inputs: Inputs, most: int) -> tuple[Homes, list[Fault]]:
    accounts = inputs.accounts
    chosen = spread_places(accounts.latitude, accounts.longitude, accounts.potential, most)
    faults = []
    if not len(chosen):
        message = "no account has coordinates, so none can be the place of a new territory."
        faults.append(Fault("E_REQUIRED", message, "Give candidates.", field=FIELD))
    levels = {}
    for level in inputs.reps.levels:
        if level in accounts.extra:
            levels[level] = tuple(str(accounts.extra[level][i]) for i in chosen)
        else:
            message = (
                f"the accounts have no column '{level}', so a new territory at an account has no {level}."
            )
            faults.append(Fault("E_REQUIRED", message, "Give candidates with levels.", field=FIELD))
    ids = tuple(accounts.id[i] for i in chosen)
    return Homes(ids, accounts.latitude[chosen], accounts.longitude[chosen], levels), faults


def spread_places(latitude: FloatArray, longitude: FloatArray, weight: IntArray, most: int) -> IntArray:
    """Choose places that stand for all: each next where squared distance to the chosen times weight is greatest.

    The greedy form of k-means++ (Arthur and Vassilvitskii 2007): no draw, so it repeats. The first place is the one
    of greatest weight. Returns at most `most` indices in ascending order.
    """
    known = np.flatnonzero(~(np.isnan(latitude) | np.isnan(longitude)))
    if not len(known):
        return known
    lat, lon = np.radians(latitude[known]), np.radians(longitude[known])
    mass = np.maximum(weight[known].astype(np.float64), 1.0)
    chosen: list[int] = []
    near = np.full(len(known), np.inf)
    following = int(np.argmax(mass))
    while len(chosen) < min(most, len(known)):
        chosen.append(following)
        half = np.sin((lat - lat[following]) / 2) ** 2
        half += np.cos(lat) * np.cos(lat[following]) * np.sin((lon - lon[following]) / 2) ** 2
        near = np.minimum(near, 2 * RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0))))
        following = int(np.argmax(near * near * mass))
        if near[following] == 0.0:
            break
    return known[np.sort(np.array(chosen, dtype=np.int64))]
