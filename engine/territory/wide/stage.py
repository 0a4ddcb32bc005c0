"""A wide world, from tables and rules to a verified alignment: the structured solver, and the multipliers as proof.

The bound is that of the multipliers alone; nothing else is asked of a solver.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from engine.errors import Infeasible, NoPlan
from engine.inputs import Inputs, IntArray
from engine.territory.alignment import Alignment
from engine.territory.certificates import certificate_tables
from engine.territory.checks import verify
from engine.territory.conflict.contradictions import band_contradictions
from engine.territory.declaration import Band
from engine.territory.interrupted import DesignInterrupted
from engine.territory.problem import Named
from engine.territory.proofs import solves
from engine.territory.solving.search import Answer, Certificate, Prices, Search
from engine.territory.spec import TerritorySpec
from engine.territory.tables import tables
from engine.territory.wide.gathering import gather
from engine.territory.wide.world import World
from solvers.alignment import Instance, Multipliers, Options
from solvers.alignment import align as align_units


def align_wide(inputs: Inputs, spec: TerritorySpec, search: Search) -> Alignment:
    """Align a world of any size.

    Raises:
        BadInput: rules that do not fit the tables, or that need an array of all pairs.
        Infeasible: counting proves that no alignment keeps the rules.
        NoPlan: none was found that keeps every rule.
        VerificationFailed: a plain check contradicts the answer.
        DesignInterrupted: the user stopped; holds the best verified alignment so far, or None.

    """
    world = gather(inputs, spec)
    _refuse_contradictions(world)
    instance = world.instance()
    kept: list[Answer] = []

    def found(seats: IntArray, bound: float) -> None:
        kept[:] = [_answer(world, instance, seats, bound, search, "interrupt", None)]

    options = Options(
        gap=search.gap,
        seed=search.seed,
        deadline=search.deadline,
        starts=() if inputs.start is None else (_start(world, inputs.start),),
        tell=lambda what, objective, bound: search.tell(objective, bound),
        found=found,
    )
    try:
        result = align_units(instance, options)
    except KeyboardInterrupt as stop:
        raise DesignInterrupted(_finish(world, spec, kept[0]) if kept else None) from stop
    if result.rep_of is None:
        raise NoPlan(
            f"no plan: the search ended ({result.ended_by}) before an alignment kept every rule; it is not proved"
            " that there is none.",
            hint="Widen the narrowest band, or raise territories.solver.time_limit.",
        )
    ended, seats = result.ended_by, result.rep_of
    return _finish(
        world, spec, _answer(world, instance, seats, result.bound, search, ended, result.multipliers)
    )


def _refuse_contradictions(world: World) -> None:
    faults = [
        fault
        for rule in world.bands
        if isinstance(rule.what, Band)
        for fault in band_contradictions(world.inputs.reps.id, Named(rule.title, rule.field, rule.what))
    ]
    if faults:
        raise Infeasible(faults)


def _start(world: World, start: IntArray) -> IntArray:
    """Return an earlier plan over units; where it names no seat that is allowed, the first that is."""
    seats = world.units_of(start)
    rows = world.allowed[world.kind]
    fits = (seats >= 0) & rows[np.arange(len(seats)), np.maximum(seats, 0)]
    return np.where(fits, seats, rows.argmax(axis=1))


def _answer(
    world: World,
    instance: Instance,
    seats: IntArray,
    bound: float,
    search: Search,
    ended_by: str,
    multipliers: Multipliers | None,
) -> Answer:
    from solvers.alignment.instance import cost_of

    pairs = len(world.inputs.accounts) * len(world.inputs.reps)
    proof = f"multipliers evaluated on all {pairs:,} pairs"
    found = Answer(seats, cost_of(instance, seats), bound, search.seconds, ended_by, proof)
    if multipliers is None:
        return found
    return replace(found, certificate=Certificate(bound, tuple(_prices(world, instance, multipliers))))


def _prices(world: World, instance: Instance, multipliers: Multipliers) -> Iterator[Prices]:
    """Yield the multipliers of each rule per integer unit; the lower side of a band is 0 or more."""
    seats = world.inputs.reps.id
    for rule, mu, scale in zip(world.bands, multipliers.band, instance.scale, strict=True):
        yield Prices(rule.field, rule.title, seats, -mu / scale)
    for budget, price in zip(world.budgets, multipliers.budget.tolist(), strict=True):
        yield Prices(budget.field, budget.title, ("",), np.array([-price]))


def _finish(world: World, spec: TerritorySpec, found: Answer) -> Alignment:
    inputs = world.inputs
    rep_of = world.accounts_of(found.rep_of)
    objective = verify(inputs, spec, rep_of, found.objective)
    seats = [inputs.reps.id]
    proofs = solves([found], seats, objective, inputs.currency, spec.solver)
    return Alignment(rep_of, proofs, (*tables(inputs, spec, rep_of), *certificate_tables([found], seats)))
