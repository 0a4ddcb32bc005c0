"""Sharing: sums over people, and whole amounts shared among them without a cent lost.

The largest remainder: everybody gets the whole part of the exact share, and the units that are left go, one each, to
the largest remainders, among equals to whoever stands first (Hamilton's method: Balinski and Young, Fair
Representation, 1982, https://www.jstor.org/stable/10.7864/j.ctvb9385z).
"""

from __future__ import annotations

import numpy as np

from engine.comp.rounding import Integers
from engine.inputs import IntArray


def by_group(values: Integers, of: IntArray, count: int) -> Integers:
    """Add up people by group.

    Args:
        values: shape (..., spell, period).
        of: group of each spell, -1 for none, shape (spell,).
        count: number of groups.

    Returns:
        Shape (..., group, period); 0 for a group without people.

    """
    sums = np.zeros((*values.shape[:-2], count, values.shape[-1]), dtype=values.dtype)
    order = np.argsort(of, kind="stable")
    order = order[of[order] >= 0]
    if order.size:
        there, starts = np.unique(of[order], return_index=True)
        sums[..., there, :] = np.add.reduceat(values[..., order, :], starts, axis=-2)
    return sums


def portions(amounts: Integers, weights: Integers, of: IntArray) -> Integers:
    """Share whole amounts of groups among their people by weight; what has no weight to go by goes to nobody.

    Args:
        amounts: whole numbers, shape (..., group, period); an amount below 0 is shared as its opposite is.
        weights: whole numbers, none below 0, shape (..., spell, period). Amounts times weights must fit the dtype.
        of: group of each spell, -1 for none, shape (spell,).

    Returns:
        Shape (..., spell, period); the people of a group sum to its amount wherever they have any weight.

    """
    leading = np.broadcast_shapes(amounts.shape[:-2], weights.shape[:-2])
    result = np.zeros((*leading, *weights.shape[-2:]), dtype=np.result_type(amounts, weights))
    for group in range(amounts.shape[-2]):
        members = np.flatnonzero(of == group)
        if members.size:
            amount = amounts[..., group : group + 1, :]
            shares = _largest_remainders(np.abs(amount), weights[..., members, :])
            result[..., members, :] = np.where(amount < 0, -shares, shares)
    return result


def _largest_remainders(amount: Integers, weights: Integers) -> Integers:
    whole = weights.sum(axis=-2, keepdims=True)
    above, below = amount * weights, np.maximum(whole, 1)
    shares = above // below
    remainders = above - shares * below
    left = np.where(whole > 0, amount, 0) - shares.sum(axis=-2, keepdims=True)
    some = np.asarray(left[..., 0, :] > 0, dtype=np.bool_)
    if some.any():
        lines = np.moveaxis(shares, -2, -1)
        order = np.argsort(-np.moveaxis(remainders, -2, -1)[some], axis=-1, kind="stable")
        rank = np.argsort(order, axis=-1, kind="stable")
        lines[some] += rank < left[..., 0, :][some][:, None]
    return np.asarray(shares)


def fitting(amounts: Integers, weights: Integers) -> tuple[Integers, Integers]:
    """Return both as int64, or as Python integers where their products could pass 2^62."""
    bound = float(np.abs(amounts).max(initial=0)) * float(np.abs(weights).max(initial=0))
    dtype = np.int64 if bound < 2.0**62 and weights.dtype != object else object
    whole = [
        values.astype(np.int64) if values.dtype == np.float64 else values for values in (amounts, weights)
    ]
    return whole[0].astype(dtype), whole[1].astype(dtype)
