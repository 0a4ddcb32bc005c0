"""Several laws, each with its share: small deals and large ones of one product."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from engine.blocks import Block
from engine.fields import Real
from engine.pipeline.law import FloatArray, Knots, Law
from engine.pipeline.laws.empirical import Empirical
from engine.pipeline.laws.exponential import Exponential
from engine.pipeline.laws.fixed import Fixed
from engine.pipeline.laws.gamma import Gamma
from engine.pipeline.laws.lognormal import Lognormal
from engine.pipeline.laws.weibull import Weibull

Component = Annotated[
    Empirical | Exponential | Fixed | Gamma | Lognormal | Weibull, Field(discriminator="kind")
]


class Part(Block):
    """One of the laws."""

    weight: Real = Field(gt=0, le=1e9)
    """Weight; the part's share is its weight over their sum."""
    law: Component
    """Law of the values in this part."""


class Mixture(Law):
    """A value comes from one of several laws, each with the probability of its weight."""

    kind: Literal["mixture"] = "mixture"
    parts: tuple[Part, ...] = Field(min_length=2, max_length=20)
    """The laws with their weights."""

    def knots(self) -> Knots:
        """Return the tabulated inverse, exact for the tables of the parts.

        The distribution function is the weighted sum of those of the parts, straight between the values of all their
        knots, with a step where one of them has one.
        """
        weight = np.array([part.weight for part in self.parts])
        tables = [part.law.knots() for part in self.parts]
        value = np.unique(np.concatenate([table[1] for table in tables]))
        shares = weight / weight.sum()
        below = sum(
            share * _reached(table, value, "left") for share, table in zip(shares, tables, strict=True)
        )
        upto = sum(
            share * _reached(table, value, "right") for share, table in zip(shares, tables, strict=True)
        )
        level = np.ravel(np.column_stack((below, upto)))
        level = np.clip(np.maximum.accumulate(level), 0.0, 1.0)
        level[0], level[-1] = 0.0, 1.0
        values = np.repeat(value, 2)
        moves = np.append(True, (np.diff(level) > 0) | (np.diff(values) > 0))
        return level[moves], values[moves]


def _reached(table: Knots, value: FloatArray, side: Literal["left", "right"]) -> FloatArray:
    """Share of a tabulated law below (left) or up to and with (right) each value."""
    level, values = table
    at = np.searchsorted(values, value, side=side)
    before, after = np.clip(at - 1, 0, None), np.clip(at, None, len(values) - 1)
    width = values[after] - values[before]
    part = np.divide(value - values[before], width, out=np.zeros(len(value)), where=width > 0)
    inside = level[before] + part * (level[after] - level[before])
    return np.where(at == 0, 0.0, np.where(at == len(values), 1.0, inside))
