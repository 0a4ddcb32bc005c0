"""Whole quotas inside the windows, as near to one level as the sums allow: a network flow (solvers.quotas)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from solvers.difficulty.answer import Answer, Windows
from solvers.difficulty.instance import Instance
from solvers.difficulty.kernels import Pair
from solvers.difficulty.narrowing import windows
from solvers.quotas import Instance as Cells
from solvers.quotas import Options, apportion
from solvers.quotas.instance import OPEN, FloatArray, IntArray


def equalise(instance: Instance) -> Answer | None:
    """Return whole quotas; see `solvers.difficulty.equalise`."""
    step = int(instance.step[0])
    if (instance.step != step).any():
        raise ValueError("the steps of the leaves differ")
    if instance.ratio is not None or instance.whole is not None:
        raise ValueError("nodes have ratios or multiples of their own")
    node = (-(-instance.node_lower // step), np.minimum(instance.node_upper // step, OPEN))
    product = (-(-instance.product_lower // step), instance.product_upper // step)
    found = windows(
        replace(
            instance, node_lower=node[0] * step, node_upper=node[1] * step, product_lower=product[0] * step,
            product_upper=product[1] * step,
        )
    )  # fmt: skip
    if found is None:
        return None
    quotas = _nearest(instance, found, (found.lower // step, found.upper // step), node, product)
    assert quotas is not None
    return Answer(found, quotas, instance.counts(quotas))


def near_level(instance: Instance, found: Windows) -> IntArray | None:
    """Return quotas near one level that keep limits to a step; see `solvers.difficulty.near_level`."""
    step = int(instance.step.max())
    low, high = instance.street
    node = (low // step, np.minimum(-(-high // step), OPEN))
    product = (instance.product_lower // step, -(-instance.product_upper // step))
    lower = -(-found.lower // step)
    return _nearest(instance, found, (lower, np.maximum(found.upper // step, lower)), node, product)


def _nearest(instance: Instance, found: Windows, cell: Pair, node: Pair, product: Pair) -> IntArray | None:
    """Return the whole quotas nearest to one level within ranges that are given in steps; None for none."""
    step = int(instance.step.max())
    aim = np.clip(level(instance, found) / step, *cell)
    cells = Cells(
        instance.parent, instance.leaf, aim[:, :, None], product[0][:, None], product[1][:, None], *node,
        cell_lower=cell[0][:, :, None], cell_upper=cell[1][:, :, None],
        scale=np.maximum(aim, 1.0)[:, :, None],
    )  # fmt: skip
    answer = apportion(cells, Options(near_cells=0))
    return None if answer.cells is None else np.asarray(answer.cells[:, :, 0] * step)


def level(instance: Instance, found: Windows) -> FloatArray:
    """Return the quota of each cell that the count in the middle of the free window reaches, shape (leaf, product)."""
    middle = (found.free.low + found.free.high) // 2
    steps = instance.ranked[max(middle - 1, 0)].reshape(instance.cell_lower.shape)
    return np.asarray(steps * instance.step[:, None], dtype=np.float64)
