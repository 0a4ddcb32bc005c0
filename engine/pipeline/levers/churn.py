"""Fewer contracts end at their renewal."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from pydantic import Field

from engine.fields import Ratio
from engine.pipeline.lever import Lever, World, points


class Churn(Lever):
    """The probability that a contract ends at a renewal."""

    kind: Literal["churn"] = "churn"
    by: Ratio = Field(default="-1%", ge=-1, le=1, validate_default=True)
    """What is added to the probability: `-1%` is one point less."""

    @property
    def step(self) -> str:
        """Points of probability."""
        return points(float(self.by))

    def moved(self, world: World, sign: int) -> World:
        """Change the rules of renewal."""
        base = world.model.base
        rule = base.rule.copy()
        rule["churn"] = np.clip(rule["churn"] + sign * float(self.by), 0.0, 1.0)
        return replace(world, model=world.model._replace(base=base._replace(rule=rule)))

    @classmethod
    def tried(cls, world: World) -> tuple[Churn, ...]:
        """One point less, where there are contracts."""
        return (cls(),) if len(world.model.base.contract) else ()
