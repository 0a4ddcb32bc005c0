"""Stopping: how many replications, or how well which outputs must be known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag, model_validator

from engine.blocks import Block
from engine.fields import Flag, Money, Ratio, Text, Whole, refuse

MOST = 1_000_000
"""Most replications of a run."""


GOAL = "P(goal)"
"""Name of the output that is 1 where the measure of the quotas reaches their goal, and 0 where it does not."""


class Target(Block):
    """An output that must be known to a half-width: its mean, a quantile of it, or how likely it reaches an amount."""

    output: Text
    """A measure (all seats, the whole plan), a figure of the table `kpis`, or `P(goal)`: how likely the measure of the
    quotas reaches their goal."""
    reaches: Money | None = None
    """Know the probability that the output is at least this much, such as the goal; money in currency units."""
    quantile: Ratio | None = Field(default=None, gt=0, lt=1)
    """Know this quantile of the output; `10%` is the value that one replication in ten does not reach."""
    half_width: Ratio = Field(gt=0, lt=1)
    """Half the length of the interval, at most: relative to the estimate, or in points of a probability."""
    confidence: Ratio = Field(default="95%", ge=0.5, lt=1, validate_default=True)
    """Share of runs whose interval holds the true value."""
    adjusted: Flag = False
    """true: the interval of the estimate that control variates adjust (table `variance`); of a mean or probability."""

    @model_validator(mode="after")
    def _one_statistic(self) -> Target:
        if self.output == GOAL and (self.quantile is not None or self.reaches is not None):
            other = "quantile" if self.quantile is not None else "reaches"
            raise refuse(
                "E_CONFLICT", f"{GOAL} is a probability itself, and {other} is given", "Leave it out."
            )
        if self.quantile is not None and (self.reaches is not None or self.adjusted):
            other = "reaches" if self.reaches is not None else "adjusted"
            hint = "Name two targets." if self.reaches is not None else "Leave out one of them."
            raise refuse("E_CONFLICT", f"gives quantile and {other}", hint)
        return self

    @property
    def of_share(self) -> bool:
        """Whether it is a probability that must be known."""
        return self.reaches is not None or self.output == GOAL

    @property
    def statistic(self) -> str:
        """What of the output must be known, in words."""
        if self.reaches is not None:
            return f"P(>= {self.reaches:,f})"
        if self.output == GOAL:
            return "probability"
        return "mean" if self.quantile is None else f"P{(100 * self.quantile).normalize():f}"


class Sequential(Block):
    """Simulate until outputs are known to the half-widths asked for, looking at fixed numbers of replications only."""

    until: tuple[Target, ...] = Field(min_length=1, max_length=20)
    """Every one of these must be reached."""
    check_every: Whole = Field(default=500, ge=20, le=100_000)
    """Look after each so many replications, and never in between: the answer depends on neither workers nor blocks."""
    least: Whole = Field(default=500, ge=20, le=MOST)
    """Do not stop before."""
    most: Whole = Field(default=20_000, ge=20, le=MOST)
    """Stop here even where a half-width is not reached; then the run says so."""

    @model_validator(mode="after")
    def _in_order(self) -> Sequential:
        if self.least > self.most:
            raise refuse(
                "E_RANGE", f"least {self.least} is above most {self.most}", "Lower least or raise most."
            )
        return self

    @property
    def looks(self) -> tuple[int, ...]:
        """Numbers of replications at which the half-widths are looked at, rising; the last is `most`."""
        first = -(-self.least // self.check_every) * self.check_every
        return (*range(first, self.most, self.check_every), self.most)


def _form(value: Any) -> str:
    return "Sequential" if isinstance(value, Mapping | Sequential) else "int"


Replications = Annotated[
    Annotated[Whole, Field(ge=1, le=MOST), Tag("int")] | Annotated[Sequential, Tag("Sequential")],
    Discriminator(_form),
]
"""A number of replications, or when to stop."""
