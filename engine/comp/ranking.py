"""Ranking: who is ahead of whom, within groups of people."""

from __future__ import annotations

import numpy as np

from engine.inputs import BoolArray, FloatArray, IntArray


def places(keys: FloatArray, of: IntArray, ranked: BoolArray) -> tuple[IntArray, IntArray]:
    """Count, for everybody who is ranked, those ahead in the same group and those level.

    Args:
        keys: what is compared, the larger the better, shape (..., spell, period).
        of: group of each spell, shape (spell,).
        ranked: who takes part, shape (..., spell, period).

    Returns:
        How many stand ahead, and how many are level, oneself included; shape (..., spell, period), both 0 for who is
        not ranked.

    """
    shape = np.broadcast_shapes(keys.shape, ranked.shape)
    values = np.where(ranked, np.broadcast_to(keys, shape), -np.inf)
    ahead, level = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for group in np.unique(of):
        members = np.flatnonzero(of == group)
        ahead[..., members, :], level[..., members, :] = _runs(values[..., members, :])
    return np.where(ranked, ahead, 0), np.where(ranked, level, 0)


def _runs(values: FloatArray) -> tuple[IntArray, IntArray]:
    """Return where the run of equal values begins in falling order, and how long it is, along the second last axis."""
    falling = -np.moveaxis(values, -2, -1)
    order = np.argsort(falling, axis=-1, kind="stable")
    sorted_ = np.take_along_axis(falling, order, axis=-1)
    place = np.broadcast_to(np.arange(sorted_.shape[-1]), sorted_.shape)
    begins = np.ones(sorted_.shape, dtype=np.bool_)
    begins[..., 1:] = sorted_[..., 1:] != sorted_[..., :-1]
    ends = np.ones(sorted_.shape, dtype=np.bool_)
    ends[..., :-1] = begins[..., 1:]
    first = np.maximum.accumulate(np.where(begins, place, 0), axis=-1)
    last = np.where(ends, place, sorted_.shape[-1])[..., ::-1]
    last = np.minimum.accumulate(last, axis=-1)[..., ::-1]
    back = np.argsort(order, axis=-1, kind="stable")
    ahead, level = (np.take_along_axis(row, back, axis=-1) for row in (first, last - first + 1))
    return np.moveaxis(ahead, -1, -2), np.moveaxis(level, -1, -2)
