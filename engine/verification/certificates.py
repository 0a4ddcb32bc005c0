"""Certificates proved again: what the tables of a run say of its bounds, held to what its multipliers prove.

Costs and rules come from the scenario and the tables as they lie in the run folder; multipliers.py adds them up.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from math import fsum, isclose, isfinite, isnan
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.verification.figures import CLOSE, gap_faults
from engine.verification.multipliers import Unusable, proven

if TYPE_CHECKING:
    import pandas as pd

    from engine.inputs import FloatArray, Inputs, IntArray
    from engine.territory.declaration import Spread
    from engine.territory.problem import Problem
    from engine.territory.spec import TerritorySpec

    Frames = Mapping[str, pd.DataFrame]

CROSSED = 1e-6
"""Relative distance by which a second solver's bound may exceed the cost: its tolerance."""


def certificate_faults(inputs: Inputs, spec: TerritorySpec, tables: Frames, rep_of: IntArray) -> list[str]:
    """Return a sentence for each figure of the certificates that the multipliers or the alignment contradict.

    `rep_of` is the seat of each account, shape (account,).
    """
    from engine.territory import units_of
    from engine.territory.checks import cost_of
    from engine.territory.planning.rules import seen
    from engine.territory.wide import wide

    if wide(inputs):
        return wide_faults(*seen(inputs, spec), tables, rep_of)
    units, parts = units_of(inputs, spec), tables["certificates"]
    plan = np.zeros(len(units.problem.account_ids), dtype=np.int64)
    plan[units.unit_of] = rep_of
    ranks = rank_distances(units.problem, plan)
    try:
        part_of = _parts(units.problem, parts, tables["certificate_seats"])
        bounds = proven(units.problem, tables["multipliers"], part_of, ranks)
    except Unusable as fault:
        return [f"certificates: {fault}"]
    costs = costs_by_part(units.problem, plan, part_of)
    whole, room = cost_of(*seen(inputs, spec), rep_of), CLOSE * _brought(units.problem, plan)
    if not isclose(fsum(costs), whole, rel_tol=CLOSE, abs_tol=CLOSE + room):
        return [f"the parts cost {fsum(costs):.9g} together; the alignment costs {whole:.9g}"]
    rows = zip(parts.to_dict("records"), bounds, costs, strict=True)
    return [
        f"part {row['part']}: {words}"
        for row, bound, cost in rows
        for words in (*_figures(row, cost, room), *_certified(row, bound, room, ranked=bool(ranks)))
    ]


def wide_faults(inputs: Inputs, spec: TerritorySpec, tables: Frames, rep_of: IntArray) -> list[str]:
    """Return the same for a wide world, which is one part."""
    from engine.territory.checks import cost_of
    from engine.territory.wide.gathering import gather
    from engine.verification.wide import proven as proven_in_blocks

    rows = tables["certificates"].to_dict("records")
    if len(rows) != 1:
        return [f"certificates: there are {len(rows)} parts; a world of this size is one"]
    try:
        bound = proven_in_blocks(gather(inputs, spec), tables["multipliers"])
    except Unusable as fault:
        return [f"certificates: {fault}"]
    cost = cost_of(inputs, spec, rep_of)
    return [*_figures(rows[0], cost, 0.0), *_certified(rows[0], bound, 0.0, ranked=False)]


def manifest_faults(solves: Sequence[Mapping[str, Any]], tables: Frames) -> list[str]:
    """Return a sentence for each figure of the whole in the manifest that the certificates of the parts contradict."""
    if "certificates" not in tables or not solves:
        return []
    said, parts = [], tables["certificates"]
    for name in ("objective", "bound", "certified"):
        told, added = solves[0].get(name), fsum(parts[name])
        if told is None or isnan(added):
            same = told is None and not isfinite(added)
        else:
            same = isclose(told, added, rel_tol=CLOSE, abs_tol=CLOSE)
        if not same:
            said.append(f"{name} of the territories is given as {told}; the parts come to {added:.9g}")
    return said


def _parts(problem: Problem, parts: pd.DataFrame, seats: pd.DataFrame) -> IntArray:
    """Return the part of each seat, from 0, once it is sure that no account may cross."""
    place = {seat: j for j, seat in enumerate(problem.rep_ids)}
    part_of = np.full(len(place), -1, dtype=np.int64)
    for part, seat in zip(seats["part"], seats["seat"], strict=True):
        if seat not in place or part_of[place[seat]] >= 0:
            raise Unusable(f"seat '{seat}' does not exist, or stands in two parts")
        part_of[place[seat]] = part - 1
    if list(parts["part"]) != list(range(1, len(parts) + 1)) or list(np.unique(part_of)) != list(
        range(len(parts))
    ):
        raise Unusable("the parts are not all seats, each in one part")
    if list(np.bincount(part_of)) != list(parts["seats"]):
        raise Unusable("the numbers of seats are not those of the parts")
    for i, may in enumerate(problem.eligible if len(parts) > 1 else ()):
        if len(np.unique(part_of[may])) > 1:
            raise Unusable(f"account '{problem.account_ids[i]}' may go to seats of several parts")
    return part_of


def _brought(problem: Problem, rep_of: IntArray) -> float:
    """Return what an alignment brings in, currency units: sums of costs less so much are rounded at its size."""
    return fsum(gain.what.value(rep_of) for gain in problem.gains)


def _figures(row: Mapping[Hashable, Any], cost: float, more: float) -> Iterator[str]:
    """Yield what is wrong with the cost of a part, its bound, its gaps, and the bound of a second solver.

    `more` is the rounding of what is brought in, currency units.
    """
    if not isclose(row["objective"], cost, rel_tol=CLOSE, abs_tol=CLOSE + more):
        yield f"its cost is given as {row['objective']:.9g}; recomputed it is {cost:.9g}"
    for name, bound in (("gap", row["bound"]), ("certified_gap", row["certified"])):
        yield from gap_faults(name, row[name], row["objective"], bound)
    for name, room in (("bound", CLOSE), ("confirmed", CROSSED)):
        if row[name] > cost + room * max(abs(cost), 1.0) + more:
            yield f"{name} is given as {row[name]:.9g}, above the cost {cost:.9g}"


def _certified(row: Mapping[Hashable, Any], bound: float, more: float, *, ranked: bool) -> Iterator[str]:
    """Yield what is wrong with the certified bound of a part.

    Multipliers of a rank were found while it was held at a value that the alignment may have improved on, so that they
    may prove more than is claimed.
    """
    claimed = row["certified"]
    if isnan(claimed):
        return
    room = CLOSE * max(abs(bound), abs(row["objective"]), 1.0) + more
    if claimed > bound + room or (claimed < bound - room and not ranked):
        yield f"the certified bound is given as {claimed:.9g}; its multipliers prove {bound:.9g}"
    if claimed > row["bound"] + room:
        yield f"the certified bound {claimed:.9g} lies above the bound {row['bound']:.9g}"


def rank_distances(problem: Problem, rep_of: IntArray) -> dict[int, FloatArray]:
    """Return what each lexicographic rank comes to at each seat, shape (rep,)."""
    found: dict[int, FloatArray] = {}
    for spread in (named.what for named in problem.spreads if named.what.rank):
        found[spread.rank] = found.get(spread.rank, 0.0) + _distances(spread, rep_of)
    return dict(sorted(found.items()))


def _distances(spread: Spread, rep_of: IntArray) -> FloatArray:
    """Return price times distance of each seat, shape (rep,)."""
    values = spread.measure.values
    own = values[np.arange(len(rep_of)), rep_of] if values.ndim == 2 else values
    load = np.array([own[rep_of == j].sum() for j in range(len(spread.lower))])
    outside: FloatArray = np.clip(load - spread.upper, 0, None) + np.clip(spread.lower - load, 0, None)
    return spread.price * outside


def costs_by_part(problem: Problem, rep_of: IntArray, part_of: IntArray) -> list[float]:
    """Return the cost of each part, currency units: pairs, spreads and gains by seat, a border by its first account."""
    parts: list[list[float]] = [[] for _ in range(int(part_of.max(initial=-1)) + 1)]

    def add(seats: IntArray, values: FloatArray) -> None:
        for part, value in zip(part_of[seats].tolist(), values.tolist(), strict=True):
            parts[part].append(value)

    add(rep_of, problem.cost[np.arange(len(rep_of)), rep_of])
    for spread in problem.priced_spreads:
        add(np.arange(len(part_of)), _distances(spread.what, rep_of))
    for edge in (named.what for named in problem.edge_costs):
        ends = rep_of[edge.edges]
        cut = ends[:, 0] != ends[:, 1]
        add(ends[cut, 0], edge.price[cut])
    for gain in (named.what for named in problem.gains):
        for j, scale in enumerate(gain.scale.tolist()):
            load = fsum(gain.weight[rep_of == j, j].tolist())
            parts[int(part_of[j])].append(-scale * load**gain.power)
    return [fsum(terms) for terms in parts]
