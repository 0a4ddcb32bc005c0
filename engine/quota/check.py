"""violations: finished quotas checked in plain integers with tolerance zero, without the model."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from math import ceil

import numpy as np

from engine.inputs import Inputs, IntArray
from engine.quota.adjusting.held import held
from engine.quota.check_bounds import Bases, bound_violations, node_violations
from engine.quota.check_cells import cell_violations, product_names
from engine.quota.goals import given
from engine.quota.in_force.check import stood
from engine.quota.keeping.check import as_before
from engine.quota.spec import QuotaSpec
from engine.quota.teams.parts import parts, shared_nodes
from engine.quota.tree import SEAT, handed_down, levels_of, over, step_of
from engine.quota.words import amount

Range = tuple[int, int]
"""Lowest and highest whole amount, minor units, that a node's own quota can be, given what stands below it."""

Nodes = dict[tuple[str, ...], Range]
"""The same by the names down to each node."""


def violations(
    inputs: Inputs, spec: QuotaSpec, cells: IntArray, potential: IntArray | None = None
) -> list[str]:
    """Return what is wrong with quotas by (rep, product, period) in minor units; one sentence per breach.

    Where quotas in force are kept, they may also lie a multiple of the step away from there.

    Checked: the sums of every level from the seats up to the goal with each over-assignment, products and periods
    against the goals given for them, multiples of the step (but for remainders that a sum forces), bounds, locks,
    nothing negative, and nothing carried by a seat before its hire date. Bounds relative to the target, which
    depends on the alignment and the simulation, are checked where the quotas are made; those relative to the potential
    of each seat, minor units a year, shape (rep,), where that is given.
    """
    form = np.asarray(cells)
    if form.ndim != 3 or form.shape[0] != len(inputs.reps) or form.shape[2] != inputs.calendar.periods:
        expected = f"({len(inputs.reps)}, product, {inputs.calendar.periods})"
        return [f"quotas have the shape {form.shape}, not {expected}"]
    if not np.issubdtype(form.dtype, np.integer):
        return [f"quotas are {form.dtype}, not whole minor units"]
    names = product_names(inputs, given(inputs, spec))
    said = list(stood(inputs, names, form)) if form.shape[1] == len(names) else []
    wanted, nodes = held(inputs, given(inputs, spec)), dict[str, Nodes]()
    for part in parts(inputs, wanted):
        own = np.where(np.array(part.seats)[:, None, None], form, 0)
        nodes[part.team] = {}
        said += [
            f"{part.team}: {sentence}" if part.team else sentence
            for sentence in _violations(inputs, part.spec, own, potential, nodes[part.team])
        ]
    return said + list(_together(inputs, wanted, nodes, potential))


def _violations(
    inputs: Inputs, spec: QuotaSpec, form: IntArray, potential: IntArray | None, nodes: Nodes
) -> Iterator[str]:
    quota = [sum(map(int, seat.ravel())) for seat in form]
    bases = Bases(inputs, spec, potential)
    yield from _sums(bases, quota, nodes)
    yield from bound_violations(bases, form)
    yield from cell_violations(inputs, spec, form, quota)


def _together(
    inputs: Inputs, spec: QuotaSpec, nodes: Mapping[str, Nodes], potential: IntArray | None
) -> Iterator[str]:
    """Yield bounds of nodes that their teams break together; `nodes` are the ranges of each team's own."""
    bases = Bases(inputs, spec, potential)
    for name, teams in shared_nodes(inputs, spec).items():
        for path in dict.fromkeys(path for team in teams for path in nodes[team] if path[-1] == name):
            own = [nodes[team].get(path, (0, 0)) for team in teams]
            both = sum(low for low, _ in own), sum(high for _, high in own)
            yield from node_violations(bases, name, both, bases.below[path])


def _sums(bases: Bases, quota: list[int], nodes: Nodes) -> Iterator[str]:
    """Add up from the seats to the company; `nodes` is filled with what each can be.

    What a parent's children sum to must be the rounding of
    (1 + over-assignment) x a whole amount; that amount goes one level up.
    """
    inputs, spec = bases.inputs, bases.spec
    levels, step = levels_of(inputs, spec), step_of(inputs, spec)
    exact = _exact(spec) | as_before(inputs, spec, quota)
    paths = [tuple(inputs.reps.levels[level][seat] for level in levels) for seat in range(len(quota))]
    below: dict[tuple[str, ...], list[tuple[str, Range]]] = {}
    for seat, path in enumerate(paths):
        below.setdefault(path, []).append((inputs.reps.id[seat], (quota[seat], quota[seat])))
    for depth in range(len(levels), -1, -1):
        level = levels[depth] if depth < len(levels) else SEAT
        factor = over(spec, level)
        above: dict[tuple[str, ...], list[tuple[str, Range]]] = {}
        for path, children in below.items():
            name = " / ".join(path) or "company"
            yield from _odd(name, children, step, exact)
            low = sum(span[0] for _, span in children)
            high = sum(span[1] for _, span in children)
            if depth == 0:
                due = handed_down(spec.total(inputs.currency), factor)
                if not low <= due <= high:
                    yield (
                        f"below the company stand {amount(low, inputs.currency)}; "
                        f"the goal hands down {amount(due, inputs.currency)}"
                    )
                continue
            own = (ceil((low - Fraction(1, 2)) / factor), ceil((high + Fraction(1, 2)) / factor) - 1)
            if own[0] > own[1]:
                yield f"{name}: what stands below it, {amount(low, inputs.currency)}, is no {factor} of any amount"
                own = (own[1], own[0])
            nodes[path] = own
            yield from node_violations(bases, path[-1], own, bases.below[path])
            above.setdefault(path[:-1], []).append((path[-1], own))
        below = above


def _exact(spec: QuotaSpec) -> set[str]:
    """Return the names of seats and nodes whose quota is given to the minor unit."""
    nodes = spec.bounds.nodes.items()
    return {*spec.locks, *(name for name, own in nodes if own.min is not None and own.min == own.max)}


def _odd(parent: str, children: list[tuple[str, Range]], step: int, locks: Collection[str]) -> Iterator[str]:
    odd = [
        name
        for name, (low, high) in children
        if name not in locks and low % step and low // step == high // step
    ]
    if len(odd) > 1:
        yield f"below {parent} more than one quota is no multiple of the step: {', '.join(odd)}"
