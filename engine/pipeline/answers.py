"""Answers to the questions of a pipeline block: the bottleneck, what investments return, how many people to hire."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from engine.columns import Table
from engine.errors import BadInput, Fault, did_you_mean
from engine.hierarchy import nodes_of
from engine.inputs import Inputs
from engine.measures import Measures
from engine.pipeline.bottleneck import bottleneck_table
from engine.pipeline.build import Built
from engine.pipeline.hiring import hiring_table
from engine.pipeline.investing import investments_table
from engine.pipeline.layout import TICKS
from engine.pipeline.lever import Axes, Lever, World
from engine.pipeline.newcomers import Newcomers
from engine.pipeline.paired import Play
from engine.pipeline.spec import Hiring, PipelineSpec
from engine.progress import Progress


def world_of(built: Built, spec: PipelineSpec) -> World:
    """Return the world of a built pipeline, in which no lever is moved."""
    stages = tuple(stage.name for stage in spec.stages)
    return World(built.model, built.spreads, Axes(stages, built.sources, built.segments, built.resources))


def refuse_unanswerable(spec: PipelineSpec, inputs: Inputs, measures: Measures, world: World) -> None:
    """Refuse questions about what is not there.

    Raises:
        BadInput: every measure, stage, source, segment, resource, seat, level or day that does not exist, and every
            step that cannot be taken.

    """
    faults = [
        *_measures(spec, measures),
        *_levers("pipeline.bottleneck.levers", spec.bottleneck.levers if spec.bottleneck else (), world),
    ]
    for place, one in enumerate(spec.investments):
        faults += _levers(f"pipeline.investments[{place}].changes", one.changes, world)
    if spec.hiring is not None:
        faults += _hiring(spec.hiring, inputs, world)
    if spec.lifetime is not None and not len(world.model.base.contract):
        hint = "Give `data.contracts` and a process `renewals`, or leave `lifetime` out."
        faults.append(
            Fault("E_REQUIRED", "there are no contracts that renew", hint, field="pipeline.lifetime")
        )
    if faults:
        raise BadInput(faults)


def _measures(spec: PipelineSpec, measures: Measures) -> Iterator[Fault]:
    asked = [(f"pipeline.investments[{place}]", one.measure) for place, one in enumerate(spec.investments)]
    asked += [("pipeline.bottleneck", spec.bottleneck.measure)] if spec.bottleneck else []
    asked += [("pipeline.hiring", spec.hiring.measure)] if spec.hiring else []
    money = tuple(name for name, measure in measures.items() if measure.quantity == "amount")
    for where, name in asked:
        if name not in money:
            message = f"no measure of money is called '{name}'"
            yield Fault("E_REFERENCE", message, did_you_mean(name, money), field=f"{where}.measure")


def _levers(where: str, levers: Iterable[Lever], world: World) -> Iterator[Fault]:
    for place, lever in enumerate(levers):
        found: list[Fault] = []

        def unknown(
            name: str, known: tuple[str, ...], what: str, place: int = place, found: list[Fault] = found
        ) -> None:
            if name not in known:
                message = f"no {what} is called '{name}'"
                found.append(
                    Fault("E_REFERENCE", message, did_you_mean(name, known), field=f"{where}[{place}].{what}")
                )

        lever.check(world.names, unknown)
        if not found and lever.moved(world, 1) is None:
            message = (
                f"{' '.join((lever.kind, lever.of))} cannot be moved ({lever.step}): nothing would be left"
            )
            found.append(Fault("E_RANGE", message, "Take a smaller step.", field=f"{where}[{place}].by"))
        yield from found


def _hiring(asked: Hiring, inputs: Inputs, world: World) -> Iterator[Fault]:
    if asked.like not in inputs.reps.id:
        hint = did_you_mean(asked.like, inputs.reps.id)
        yield Fault("E_REFERENCE", f"no seat is called '{asked.like}'", hint, field="pipeline.hiring.like")
    if asked.within is not None and asked.within not in inputs.reps.levels:
        hint = did_you_mean(asked.within, tuple(inputs.reps.levels))
        yield Fault(
            "E_REFERENCE", f"no level is called '{asked.within}'", hint, field="pipeline.hiring.within"
        )
    for place, day in enumerate(asked.starts):
        tick = _tick(day, inputs)
        if not world.model.selling.start <= tick < world.model.selling.horizon:
            message = f"{day} lies outside of what is simulated"
            yield Fault("E_DATE", message, "Give a day of the plan, from `as_of` on.",
                        field=f"pipeline.hiring.starts[{place}]")  # fmt: skip


def _tick(day: object, inputs: Inputs) -> int:
    return int((np.datetime64(str(day), "D") - inputs.calendar.start).astype(int)) * TICKS


def newcomers(asked: Hiring, inputs: Inputs) -> Newcomers:
    """Return the question of hiring in terms of the model."""
    like, seats = inputs.reps.id.index(asked.like), len(inputs.reps)
    gives = np.ones(seats, dtype=np.bool_)
    if asked.within is not None:
        nodes = nodes_of(inputs.reps)[asked.within].values()
        gives = np.isin(np.arange(seats), next(inside for inside in nodes if like in inside))
    return Newcomers(asked, like, tuple(_tick(day, inputs) for day in asked.starts), gives, asked.like)


def answers(
    spec: PipelineSpec, inputs: Inputs, world: World, play: Play, replications: int, progress: Progress
) -> tuple[Table, ...]:
    """Answer what is asked, with the first replications of the plan; see `refuse_unanswerable` for what is refused."""
    tables = []
    if spec.bottleneck is not None:
        progress.update("bottleneck")
        tables.append(bottleneck_table(spec.bottleneck, world, play, replications))
    if spec.investments:
        progress.update("investments")
        tables.append(investments_table(spec.investments, world, play, replications))
    if spec.hiring is not None:
        progress.update("hiring")
        tables.append(hiring_table(newcomers(spec.hiring, inputs), world, play, replications))
    return tuple(tables)
