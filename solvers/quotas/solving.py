"""From an instance to whole cells and the bounds of both objectives.

worst     tests in rising order of price; the least value that none refuses
ascend    prices and real cells with that worst held                             a bound, evaluated from the prices
settle    whole cells by network flow                                            an answer, checked by other code
prove     where the gap is open: the network's own bound, then a program if small
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf

import numpy as np

from solvers.quotas import program
from solvers.quotas.answer import Answer, Options
from solvers.quotas.ascent import SETTLED, Ascended, ascend
from solvers.quotas.bound import sided
from solvers.quotas.check import violations
from solvers.quotas.conflicts import conflicts
from solvers.quotas.held import Held, hold
from solvers.quotas.instance import Instance, IntArray
from solvers.quotas.network import Network
from solvers.quotas.settling import MANY, STAGES, Settling
from solvers.quotas.worst import bounded, following, least
from solvers.solution import SolveOptions, Status, relative_gap

RAISED = 0.01
"""First share by which the worst is raised where no whole cells are found and the instance is large; then doubled."""
RAISES = 9
LEAST_GAP = 1e-9
NEARBY = (0.4, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005)
"""Shares up to which a cell is undecided for a program near the best cells: the first that leaves few enough."""


def apportion(instance: Instance, options: Options) -> Answer:
    """Return the answer; see `solvers.quotas.apportion`."""
    small = instance.cells <= options.exact_cells
    lowest = bounded(instance)
    if lowest == inf:
        return _none(instance, options)
    held, found, cells = _attempt(instance, lowest, options, program_too=True)
    if cells is None and small:
        return _by_program(instance, options, lowest)
    for k in range(RAISES):
        if cells is not None:
            break
        raised = following(instance, max(lowest, LEAST_GAP) * (1 + RAISED * 2**k))
        held, found, cells = _attempt(instance, raised, options, program_too=k == RAISES - 1)
    if cells is None:
        return _none(instance, options, lowest)
    return _finished(instance, options, lowest, held, found, cells)


def _attempt(
    instance: Instance, worst: float, options: Options, program_too: bool = False
) -> tuple[Held, Ascended, IntArray | None]:
    held = hold(instance, worst)
    found = ascend(instance, held, options.sweeps, max(SETTLED * options.gap / 1e-3, 1e-7))
    settling = Settling(instance, held, found)
    cells = settling.whole()
    if cells is None and instance.cells > options.exact_cells and program_too:
        cells = program.total(instance, settling.loosened(), _limits(options, options.near_nodes)).cells
    return held, found, cells


def _by_program(instance: Instance, options: Options, lowest: float) -> Answer:
    """Find the worst with a program as the last test."""
    limits = _limits(options)
    undecided = []

    def test(worst: float) -> bool:
        status = program.possible(instance, hold(instance, worst), limits)
        undecided.append(status is Status.NO_SOLUTION_FOUND)
        return status is Status.OPTIMAL

    worst = least(instance, lowest, test)
    if any(undecided):
        return Answer(Status.NO_SOLUTION_FOUND, None, worst_bound=lowest)
    if worst == inf:
        return _none(instance, options, lowest)
    held, found, cells = _attempt(instance, worst, options)
    proven = program.total(instance, held, limits)
    if cells is None or (
        proven.cells is not None and held.deviation(proven.cells).sum() < held.deviation(cells).sum()
    ):
        cells = proven.cells
    if cells is None:
        return Answer(Status.NO_SOLUTION_FOUND, None, worst_bound=worst)
    return _answer(instance, options, worst, held, found, cells, proven.bound, "branch and bound")


def _finished(
    instance: Instance, options: Options, lowest: float, held: Held, found: Ascended, cells: IntArray
) -> Answer:
    """Close the gap that is left: all cells at once, a program near the best, the network's bound, a program."""
    small = instance.cells <= options.exact_cells
    if small and float(held.deviation(cells).max(initial=0.0)) > lowest:
        return _by_program(instance, options, lowest)
    best = _Best(held, cells, found.bound, "prices")
    if best.gap > options.gap and instance.cells > MANY:
        best.offer(Settling(instance, held, found, wide=True).whole())
    if best.gap > options.gap:
        best.offer(_nearby(instance, options, found, best))
    if best.gap > options.gap:
        best.prove(_network_bound(instance, held, found), "cheapest flow")
    if best.gap > options.gap and small:
        proven = program.total(instance, held, _limits(options))
        best.prove(proven.bound, "branch and bound")
        best.offer(proven.cells)
    return _answer(instance, options, lowest, held, found, best.cells, best.bound, best.proof)


def _nearby(instance: Instance, options: Options, found: Ascended, best: _Best) -> IntArray | None:
    """Return the best cells near the best so far, by a program over what the prices leave undecided."""
    settling, at = Settling(instance, best.held, found), best.cells.astype(np.float64)
    for undecided in NEARBY:
        near = settling.near(at, undecided, STAGES[0][1])
        if (near.lower < near.upper).sum() <= options.near_cells:
            return program.total(instance, near, _limits(options, options.near_nodes)).cells
    return None


@dataclass
class _Best:
    """The best cells and the best bound so far."""

    held: Held
    cells: IntArray
    bound: float
    proof: str

    def offer(self, cells: IntArray | None) -> None:
        if cells is not None and self.held.deviation(cells).sum() < self.value:
            self.cells = cells

    def prove(self, bound: float, proof: str) -> None:
        if bound > self.bound:
            self.bound, self.proof = bound, proof

    @property
    def value(self) -> float:
        return float(self.held.deviation(self.cells).sum())

    @property
    def gap(self) -> float:
        return relative_gap(self.value, min(self.bound, self.value))


def _network_bound(instance: Instance, held: Held, found: Ascended) -> float:
    """Return the least cost of the network with the rows of leaf and period priced instead of kept."""
    price, limits = found.prices.period, instance.limits
    table = np.broadcast_to(price[:, None, :], instance.target.shape)
    flowed = Network(instance, held, np.zeros(len(instance.leaf), dtype=np.bool_)).cheapest(table)
    if flowed is None:
        return inf
    cost = float((held.deviation(flowed.cells) - table * flowed.cells).sum())
    return cost - flowed.lost + sided(price, limits.period_lower, limits.period_upper)


def _answer(
    instance: Instance, options: Options, worst: float, held: Held, found: Ascended, cells: IntArray,
    bound: float, proof: str,
) -> Answer:  # fmt: skip
    wrong = violations(instance, cells)
    if wrong:
        raise ArithmeticError(f"the cells break a rule: {wrong[0]}")
    deviation = held.deviation(cells)
    value = float(deviation.sum())
    answer = Answer(
        Status.FEASIBLE, cells, float(deviation.max(initial=0.0)), worst, value, min(bound, value), found.prices,
        found.bound, proof,
    )  # fmt: skip
    proven = answer.worst <= answer.worst_bound and answer.gap <= max(options.gap, LEAST_GAP)
    return replace(answer, status=Status.OPTIMAL) if proven else answer


def _none(instance: Instance, options: Options, lowest: float = inf) -> Answer:
    """Say which limits would have to give; where none would, that nothing was found."""
    found = conflicts(
        instance,
        SolveOptions(node_limit=options.node_limit),
        instance.cells <= options.exact_cells,
        options.firm,
    )
    if found:
        return Answer(Status.INFEASIBLE, None, worst_bound=inf, conflicts=found)
    return Answer(Status.NO_SOLUTION_FOUND, None, worst_bound=lowest if lowest < inf else 0.0)


def _limits(options: Options, nodes: int | None = None) -> SolveOptions:
    return SolveOptions(gap=options.gap / 10, node_limit=options.node_limit if nodes is None else nodes)
