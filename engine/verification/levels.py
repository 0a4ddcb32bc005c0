"""Levels of a hierarchy: what each node carries, added up seat by seat, and its bounds worked out as fractions."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor, nan
from typing import TYPE_CHECKING

from engine.verification.figures import above, figure_faults

if TYPE_CHECKING:
    import pandas as pd

    from engine.inputs import Inputs, IntArray
    from engine.territory.hierarchy.band import NodeBand
    from engine.territory.spec import TerritorySpec
    from engine.verification.figures import Row


def level_faults(inputs: Inputs, spec: TerritorySpec, frame: pd.DataFrame, rep_of: IntArray) -> list[str]:
    """Return a sentence for each cell of the table `levels` that the alignment or the rules contradict.

    `inputs` and `spec` are those that the alignment is held to; `rep_of` is the seat of each account.
    """
    from engine.territory.hierarchy.band import NodeBand

    assert spec.hierarchy is not None
    bands = [rule for rule in spec.constraints if isinstance(rule, NodeBand)]
    nodes = {(level, n) for level in spec.hierarchy.levels for n in inputs.reps.levels[level]}
    banded = {(band.level, n, band.measure) for band in bands for n in inputs.reps.levels[band.level]}
    needed = banded | {(*node, name) for node in nodes for name in ("count", "potential", "workload")}
    rows = frame.to_dict("records")
    told = [(row["level"], row["node"], row["measure"]) for row in rows]
    if len(set(told)) != len(told) or set(told) != needed:
        return ["the levels are not those of the seats, each node once for each measure"]
    return [
        f"level {row['level']}, {row['node']}, {row['measure']}: {words}"
        for row in rows
        for words in _row(inputs, bands, row, rep_of)
    ]


def _row(inputs: Inputs, bands: list[NodeBand], row: Row, rep_of: IntArray) -> Iterator[str]:
    from engine.territory.measure import measured

    measure, names = measured(inputs, row["measure"]), inputs.reps.levels[row["level"]]
    mine = [j for j, node in enumerate(names) if node == row["node"]]
    carried = sum(
        value for value, rep in zip(measure.values.tolist(), rep_of.tolist(), strict=True) if rep in mine
    )
    own = [band for band in bands if (band.level, band.measure) == (row["level"], row["measure"])]
    sides = [_bounds(inputs, band, mine, sum(measure.values.tolist()), measure.scale) for band in own]
    lower = max((low for low, _ in sides if low is not None), default=None)
    upper = min((high for _, high in sides if high is not None), default=None)
    yield from figure_faults(
        row,
        {
            "seats": len(mine),
            "value": carried / measure.scale,
            "lower": nan if lower is None else lower / measure.scale,
            "upper": nan if upper is None else upper / measure.scale,
        },
    )
    if above(row["lower"], row["value"]) or above(row["value"], row["upper"]):
        yield f"{row['value']:,.2f} lies outside its bounds {row['lower']:,.2f} to {row['upper']:,.2f}"


def _bounds(
    inputs: Inputs, band: NodeBand, mine: list[int], total: int, scale: int
) -> tuple[int | None, int | None]:
    """Return the least and the most that the seats of a node may carry together, integer units; None for any."""
    if band.within is None:
        low = None if band.lower is None else ceil(Fraction(band.lower) * scale)
        return low, None if band.upper is None else floor(Fraction(band.upper) * scale)
    weight = [Fraction(band.weights.get(seat, 1)) for seat in inputs.reps.id]
    whole = sum(weight, Fraction(0))
    share = total * sum((weight[j] for j in mine), Fraction(0)) / whole if whole else Fraction(0)
    room = Fraction(band.within) * abs(share)
    return ceil(share - room), floor(share + room)
