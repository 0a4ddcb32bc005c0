"""Whole quotas inside the windows, as near to one level as the sums allow: a network flow (solvers.quotas)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from solvers.difficulty.answer import Answer, Windows
from solvers.difficulty.instance import Instance
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
    lower, upper = found.lower // step, found.upper // step
    aim = np.clip(level(instance, found) / step, lower, upper)
    cells = Cells(
        instance.parent, instance.leaf, aim[:, :, None], product[0][:, None], product[1][:, None], *node,
        cell_lower=lower[:, :, None], cell_upper=upper[:, :, None], scale=np.maximum(aim, 1.0)[:, :, None],
    )  # fmt: skip
    answer = apportion(cells, Options(near_cells=0))
    assert answer.cells is not None
    quotas: IntArray = answer.cells[:, :, 0] * step
    return Answer(found, quotas, instance.counts(quotas))


def level(instance: Instance, found: Windows) -> FloatArray:
    """Return the quota of each cell that the count in the middle of the free window reaches, shape (leaf, product)."""
    middle = (found.free.low + found.free.high) // 2
    steps = instance.ranked[max(middle - 1, 0)].reshape(instance.cell_lower.shape)
    return np.asarray(steps * instance.step[:, None], dtype=np.float64)
