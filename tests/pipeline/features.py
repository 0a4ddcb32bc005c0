"""Features: what the words of a `pipeline:` block can say, and which of it a block says.

A feature is a field of a class of blocks, `Case.day_from`, with its value where it is one of a few words,
`Routing.to=weighted`. They are read off the classes, so a new field, kind or choice is looked for from the first day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import numpy as np

from engine.blocks import Block, subclasses
from engine.inputs import Inputs
from engine.pipeline import laws, processes
from engine.pipeline.law import Law
from engine.pipeline.process import Process
from engine.pipeline.spec import PipelineSpec

ASKED = ("bottleneck", "estimate", "hiring", "investments", "lifetime", "replications")
"""What is asked of a pipeline, or says how often it is simulated; it changes nothing in one future."""
TABLES = (
    "tables: no people", "tables: a leave", "tables: somebody in two seats", "tables: slots of a seat",
    "tables: a seat serves one segment", "tables: open deals", "tables: open deals in the queue",
    "tables: open deals left out", "tables: contracts", "tables: as_of", "tables: actuals",
)  # fmt: skip


def known() -> tuple[str, ...]:
    """Return every feature, in order."""
    subclasses(processes, Process)
    subclasses(laws, Law)
    return (*sorted({name for cls in _blocks(Block) for name in _of_class(cls)}), *TABLES)


def said(spec: PipelineSpec, inputs: Inputs) -> set[str]:
    """Return the features of a block and its tables."""
    return set(_of_block(spec)) | set(_of_tables(spec, inputs))


def _blocks(base: type[Block]) -> Iterator[type[Block]]:
    """Yield the classes whose fields a pipeline may have."""
    for cls in base.__subclasses__():
        part = cls.__module__.removeprefix("engine.pipeline.")
        mine = part == "spec" or part.startswith(
            ("processes.", "laws.", "spec.arrivals", "spec.sizes", "spec.stages")
        )
        if mine and cls.__name__ != "Estimate":
            yield cls
        yield from _blocks(cls)


def _of_class(cls: type[Block]) -> Iterator[str]:
    for name, field in cls.model_fields.items():
        if not (cls is PipelineSpec and name in ASKED):
            words = list(_words(field.annotation))
            yield from (f"{cls.__name__}.{name}={word}" for word in words)
            if not words:
                yield f"{cls.__name__}.{name}"


def _words(annotation: Any) -> Iterator[str]:
    """Yield the words that a field may be."""
    if get_origin(annotation) is Literal:
        yield from map(str, get_args(annotation))
    elif get_origin(annotation) in (Union, UnionType):
        for one in get_args(annotation):
            yield from _words(one)


def _of_block(block: Block) -> Iterator[str]:
    for name, field in type(block).model_fields.items():
        value = getattr(block, name)
        words = list(_words(field.annotation))
        if words and value is not None:
            yield f"{type(block).__name__}.{name}={value}"
        elif name in block.model_fields_set and value is not None:
            yield f"{type(block).__name__}.{name}"
        for part in _parts(value):
            yield from _of_block(part)


def _parts(value: Any) -> Iterator[Block]:
    if isinstance(value, Block):
        yield value
    elif isinstance(value, Mapping):
        yield from (part for one in value.values() for part in _parts(one))
    elif isinstance(value, tuple):
        yield from (part for one in value for part in _parts(one))


def _of_tables(spec: PipelineSpec, inputs: Inputs) -> Iterator[str]:
    people, stages = inputs.spells, {spec.open_stages.get(name, name) for name in inputs.pipeline.stage}
    again = [k for k in range(1, len(people)) if people.person[k] == people.person[k - 1]]
    there = (
        not len(people),
        any(people.rep[k] == people.rep[k - 1] for k in again),
        any(people.rep[k] != people.rep[k - 1] for k in again),
        bool(np.any(inputs.reps.slots > 0)),
        any(inputs.reps.serves),
        len(inputs.pipeline) > 0,
        "queue" in stages,
        "ignored" in stages,
        inputs.contracts is not None,
        inputs.calendar.as_of is not None,
        inputs.actuals is not None,
    )
    yield from (name for name, holds in zip(TABLES, there, strict=True) if holds)
