"""The table of the levels: what each node carries, between which bounds."""

from __future__ import annotations

from math import inf, isfinite, nan

import numpy as np

from engine.columns import Column, Table
from engine.inputs import Inputs, IntArray
from engine.territory.hierarchy.aggregate import nodes_of
from engine.territory.hierarchy.band import NodeBand
from engine.territory.measure import OWN, measured
from engine.territory.plain_rows import table_of
from engine.territory.spec import TerritorySpec

COLUMNS = (
    Column("level", "text", "Level of the hierarchy"),
    Column("node", "text", "Node of the level"),
    Column("seats", "whole", "Seats of the node"),
    Column("measure", "text", "What is added up"),
    Column("value", "real", "What the node carries", "unit of the measure; currency units for money"),
    Column("lower", "real", "Least it may carry; blank without a bound", "unit of the measure"),
    Column("upper", "real", "Most it may carry; blank without a bound", "unit of the measure"),
)
Bounds = dict[str, tuple[float, float]]
"""Least and most integer units of each node."""


def levels_table(inputs: Inputs, spec: TerritorySpec, rep_of: IntArray) -> Table:
    """Return `levels`: count, potential, workload and every banded measure of each node, from the top down.

    `inputs` and `spec` are those that the alignment is held to; `rep_of` is the seat of each account.
    """
    assert spec.hierarchy is not None
    rows: list[tuple[object, ...]] = []
    for level in spec.hierarchy.levels:
        bands = [rule for rule in spec.constraints if isinstance(rule, NodeBand) and rule.level == level]
        for name in dict.fromkeys((*OWN, *(band.measure for band in bands))):
            bounds = _tightest([band.bounds(inputs) for band in bands if band.measure == name])
            rows += _rows(inputs, level, name, bounds, rep_of)
    return table_of("levels", COLUMNS, rows, "What each node of each level carries")


def _tightest(all_bounds: list[Bounds]) -> Bounds:
    found: Bounds = {}
    for bounds in all_bounds:
        for node, (low, high) in bounds.items():
            least, most = found.get(node, (-inf, inf))
            found[node] = max(low, least), min(high, most)
    return found


def _rows(
    inputs: Inputs, level: str, name: str, bounds: Bounds, rep_of: IntArray
) -> list[tuple[object, ...]]:
    nodes, measure = nodes_of(inputs.reps.levels[level]), measured(inputs, name)
    value = np.zeros(len(nodes.names), dtype=np.int64)
    np.add.at(value, nodes.of_seat[rep_of], measure.values)
    return [
        (
            level,
            node,
            len(nodes.seats(n)),
            name,
            int(value[n]) / measure.scale,
            *(side / measure.scale if isfinite(side) else nan for side in bounds.get(node, (-inf, inf))),
        )
        for n, node in enumerate(nodes.names)
    ]
