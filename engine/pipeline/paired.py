"""Paired replications: the same futures with and without a change, and what the difference is known to.

Draws are keyed by purpose and entity, so a change moves nothing but what it causes, and the difference of one
replication varies far less than its bookings do. Intervals are those of Student's t over replications.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.inputs import FloatArray
from engine.pipeline.lever import Lever, World

Play = Callable[[World, str, int], FloatArray]
"""(world, measure, replications) -> the measure over all seats and periods in currency units, shape (replication,).

Replication k of every world is the same future."""
CONFIDENCE = 0.95
"""Of all intervals."""


@dataclass(frozen=True)
class Effect:
    """What a lever's step does to each replication."""

    lever: Lever
    up: FloatArray
    """Change with the step, shape (replication,)."""
    down: FloatArray | None
    """Change with the step the other way; None where it cannot be taken."""

    @property
    def of_step(self) -> FloatArray:
        """Change per step: the central difference; the forward one of what comes one by one, or has no way back."""
        return self.up if self.down is None or self.lever.one_by_one else (self.up - self.down) / 2


def effect(world: World, lever: Lever, play: Play, base: FloatArray, measure: str) -> Effect:
    """Move a lever both ways; `base` is the measure without it, one value per replication.

    Raises:
        ValueError: the lever cannot be moved by its step.

    """
    up, down = lever.moved(world, 1), lever.moved(world, -1)
    if up is None:
        raise ValueError(f"{lever.kind} {lever.of} cannot be moved: {lever.step}")
    return Effect(
        lever,
        play(up, measure, len(base)) - base,
        None if down is None else play(down, measure, len(base)) - base,
    )
