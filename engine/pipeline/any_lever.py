"""AnyLever: a lever of any kind, as a field of a block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.blocks import kinds, subclasses
from engine.pipeline import levers
from engine.pipeline.lever import Lever, World

if TYPE_CHECKING:
    AnyLever = Lever
else:
    AnyLever = kinds(levers, Lever)


def levers_tried(world: World) -> tuple[Lever, ...]:
    """Return the levers of every kind that are tried when the scenario names none."""
    found: list[Lever] = []
    for kind in subclasses(levers, Lever):
        assert issubclass(kind, Lever)
        found.extend(kind.tried(world))
    return tuple(found)
