"""The frontier held to its stored alignments: every limit is kept, every value added up again, bounds never cross.

limit      the plan keeps the rules of the scenario with the limit of the point
bound      at most the value of every plan within the limit, and never lower under a tighter limit
points     none is as good as another one on both axes
no plan    a limit that is proved to have none has none among the plans that are stored

Where ranks go before the cost, a tighter limit may cost less; then bounds are not held to other points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, fsum, inf, isnan, nan
from typing import TYPE_CHECKING

from engine.verification.figures import (
    CLOSE,
    Unreadable,
    above,
    figure_faults,
    gap_faults,
    moves,
    plans_in,
    weight,
)

if TYPE_CHECKING:
    import pandas as pd

    from engine.inputs import Inputs, IntArray
    from engine.territory.frontier.spec import FrontierSpec
    from engine.territory.spec import TerritorySpec
    from engine.verification.figures import Row

    Frames = Mapping[str, pd.DataFrame]

WAY = 1e-6
"""Minor units by which binary rounding of a way may exceed a whole one."""


@dataclass(frozen=True)
class _World:
    inputs: Inputs
    spec: TerritorySpec
    frontier: FrontierSpec


def frontier_faults(inputs: Inputs, spec: TerritorySpec, tables: Frames, rep_of: IntArray) -> list[str]:
    """Return a sentence for each cell of the frontier that its alignments contradict.

    `inputs` and `spec` are those that the alignment is held to; `rep_of` is the seat of each account.
    """
    assert spec.frontier is not None
    world, frame = _World(inputs, spec, spec.frontier), tables["frontier"]
    solved = [str(name) for name in frame["point"] if name not in ("plan", "none")]
    if list(frame["point"])[: len(solved) + 1] != ["plan", *map(str, range(1, len(solved) + 1))]:
        return ["the frontier does not start with the plan of the run and go on with its points"]
    columns = ["plan", *(f"point_{name}" for name in solved)]
    try:
        plans = list(plans_in(inputs, tables["frontier_accounts"], columns, rep_of).values())
    except Unreadable as fault:
        return [f"the frontier's table of accounts cannot be read: {fault}"]
    if len(tables["frontier_accounts"]) != len(rep_of) or (plans[0] != rep_of).any():
        return ["the plan in the frontier's table of accounts is not the alignment of the run"]
    rows = frame.to_dict("records")
    said = [
        f"frontier, {_name(row)}: {words}"
        for row, plan in zip(rows, plans, strict=False)
        for words in _point(world, row, plan)
    ]
    ranked = world.frontier.of == "cost" and any(rule.priced_rank for rule in spec.constraints)
    said += [f"frontier, {words}" for words in _order(rows)]
    return said if ranked else said + [f"frontier, {words}" for words in _bounds(rows)]


def _name(row: Row) -> str:
    return "the plan of the run" if row["point"] == "plan" else f"point {row['point']}"


def _point(world: _World, row: Row, plan: IntArray) -> Iterator[str]:
    from engine.territory.checks import violations
    from engine.territory.frontier import axes

    whole = row["point"] == "plan"
    limit = None if isnan(row["limit"]) else Decimal(str(row["limit"]))
    rules = world.spec if whole else axes.limited(world.spec, world.frontier, limit)
    yield from violations(world.inputs, rules, plan)
    yield from figure_faults(row, _figures(world, plan))
    words = "not limited further" if whole else axes.limit_words(world.inputs, world.frontier, limit)
    if (row["limited"], row["minimised"]) != (words, axes.words(world.frontier)):
        yield f"it is said to be the least {row['minimised']}, {row['limited']}; that is not its limit"
    yield from gap_faults("gap", row["gap"], row["objective"], row["bound"])
    for bound, value in (("bound", "objective"), ("cost_bound", "cost")):
        if above(row[bound], row[value]):
            yield f"{bound} {row[bound]:.9g} lies above {value} {row[value]:.9g}"
    demanded = float(world.spec.solver.gap if world.frontier.gap is None else world.frontier.gap)
    if row["status"] == "OPTIMAL" and row["gap"] > demanded + CLOSE:
        yield f"it is called OPTIMAL at a gap of {row['gap']:.4g}; {demanded:.4g} was demanded"


def _figures(world: _World, plan: IntArray) -> dict[str, float]:
    """Return the cells of a point that follow from its plan."""
    from engine.territory.checks import cost_of
    from engine.territory.frontier.axes import balanced, template
    from engine.territory.measure import measured

    inputs, spec, frontier = world.inputs, world.spec, world.frontier
    gone, cost, travel = moves(inputs, plan), cost_of(inputs, spec, plan), _travel(world, plan)
    moved = float(weight(measured(inputs, frontier.moved), gone))
    worst = {name: _deviation(inputs, template(spec, name), plan) for name in balanced(spec)}
    reached = {"disruption": moved, "travel": _ways(world, plan)}
    if frontier.against == "balance":
        reached["balance"] = ceil(worst[frontier.measure] * 10_000) / 10_000
    return {
        "moved_accounts": len(gone),
        "moved_potential": sum(int(inputs.accounts.potential[i]) for i in gone),
        **{f"deviation_{name}": float(value) for name, value in worst.items()},
        "travel": travel,
        "cost": cost,
        "reached": reached[frontier.against],
        "objective": {"disruption": moved, "travel": travel, "cost": cost}[frontier.of],
    }


def _deviation(inputs: Inputs, band: object, plan: IntArray) -> Fraction:
    """Return the worst distance of a seat from its share, over the share; seats without one aside."""
    from engine.territory.constraints.band import Band
    from engine.territory.measure import measured
    from engine.territory.plain import owned, shares

    assert isinstance(band, Band)
    measure = measured(inputs, band.measure)
    middle = shares(inputs, band, measure.values.tolist())
    carried = owned(measure, plan, len(inputs.reps))
    return max(
        (
            abs(load - share) / abs(share)
            for seat, load, share in zip(inputs.reps.id, carried, middle, strict=True)
            if share and (not band.seats or seat in band.seats)
        ),
        default=Fraction(0),
    )


def _travel(world: _World, plan: IntArray) -> float:
    from engine.territory.objectives.travel import Travel

    ways = [o.cost_of(world.inputs, plan) for o in world.spec.objectives if isinstance(o, Travel)]
    return fsum(ways) if ways else nan


def _ways(world: _World, plan: IntArray) -> float:
    """Return the travel of a plan with each way rounded up to a whole minor unit, currency units."""
    from engine.amounts import decimals
    from engine.territory.objectives.travel import Travel

    scale = 10 ** decimals(world.inputs.currency)
    costs = [o.declare(world.inputs).cost for o in world.spec.objectives if isinstance(o, Travel)]
    ways = (sum(float(cost[i, rep]) for cost in costs) for i, rep in enumerate(plan.tolist()))
    return float(Fraction(sum(ceil(way * scale - WAY) for way in ways), scale))


def _order(rows: Sequence[Row]) -> Iterator[str]:
    """Yield limits and plans that contradict another row."""
    points = [row for row in rows if row["point"] not in ("plan", "none")]
    known = [row for row in rows if row["point"] != "none"]
    for one, other in pairwise(points):
        if not other["limit"] < _limit(one):
            yield f"{_name(other)}: its limit is not tighter than that of {_name(one)}"
    for one in points:
        for other in points:
            better = other["objective"] <= one["objective"] and other["reached"] <= one["reached"]
            if better and other is not one:
                yield f"{_name(one)}: {_name(other)} is as good on both axes"
    for row in rows:
        if row["point"] == "none" and row["status"] == "INFEASIBLE":
            kept = [other for other in known if other["reached"] <= _limit(row)]
            yield from (f"{row['limited']}: said to have no plan; {_name(one)} keeps it" for one in kept)


def _bounds(rows: Sequence[Row]) -> Iterator[str]:
    """Yield bounds that contradict another row."""
    points = [row for row in rows if row["point"] not in ("plan", "none")]
    for one, other in pairwise(points):
        if above(one["bound"], other["bound"]):
            yield f"{_name(other)}: its bound lies below that of the looser {_name(one)}"
    for one in points:
        for other in (row for row in rows if row["point"] != "none"):
            if other["reached"] <= _limit(one) and above(one["bound"], other["objective"]):
                yield f"{_name(one)}: its bound lies above {_name(other)}, which keeps its limit"


def _limit(row: Row) -> float:
    return inf if isnan(row["limit"]) else float(row["limit"])
