"""Rollups: managers are credited with the deals of everybody below them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.inputs import IntArray


@dataclass(frozen=True)
class Above:
    """Credit of managers, one line for each manager and deal; shape (line,)."""

    deal: IntArray
    rep: IntArray
    credit: Mapping[str, IntArray]


def rolled_up(
    deal: IntArray,
    rep: IntArray,
    credit: Mapping[str, IntArray],
    managers: IntArray,
    whole: Mapping[str, IntArray],
    double_credit: bool,
) -> Above:
    """Add up the credited lines below each manager, deal by deal.

    Args:
        deal: deal of each line, shape (line,).
        rep: seat of each line.
        credit: credit by measure of each line.
        managers: seat of the manager of each seat, -1 for none; without circles.
        whole: each measure of the whole deal, shape (deal,).
        double_credit: whether a manager's credit of a deal, with what is their own, may be more than the deal.

    """
    line, above = np.arange(deal.size), managers[rep]
    lines, seats = [], []
    while (above >= 0).any():
        line, above = line[above >= 0], above[above >= 0]
        lines.append(line)
        seats.append(above)
        above = managers[above]
    line = np.concatenate([*lines, np.empty(0, dtype=np.int64)])
    seat = np.concatenate([*seats, np.empty(0, dtype=np.int64)])
    count = managers.size
    keys, inverse = np.unique(deal[line] * count + seat, return_inverse=True)
    found = {name: _summed(inverse, values[line], keys.size) for name, values in credit.items()}
    if not double_credit:
        own_key = deal * count + rep
        at = np.searchsorted(keys, own_key)
        mine = (at < keys.size) & (keys[np.minimum(at, keys.size - 1)] == own_key) if keys.size else at < 0
        for name, values in found.items():
            own = _summed(at[mine], credit[name][mine], keys.size)
            most = whole[name][keys // count]
            together = np.where(most >= 0, np.minimum(own + values, most), np.maximum(own + values, most))
            room = together - own
            found[name] = np.where(most >= 0, np.maximum(room, 0), np.minimum(room, 0))
    return Above(keys // count, keys % count, found)


def _summed(at: IntArray, values: IntArray, size: int) -> IntArray:
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, at, values)
    return sums


def circle(managers: IntArray) -> IntArray:
    """Return the seats whose managers lead back to themselves."""
    at = managers.copy()
    for _ in range(managers.size):
        at = np.where(at >= 0, managers[at], -1)
        if (at < 0).all():
            return np.empty(0, dtype=np.int64)
    return np.flatnonzero(at >= 0)
