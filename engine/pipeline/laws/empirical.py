"""As observed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from engine.fields import Ratio, Real, refuse
from engine.pipeline.law import Knots, Law


class Empirical(Law):
    """Observed values, each as likely as the other; or, with `at`, quantiles and a straight line between them."""

    kind: Literal["empirical"] = "empirical"
    values: tuple[Annotated[Real, Field(ge=0, le=1e9)], ...] = Field(min_length=1, max_length=20_000)
    """Values in days or currency units; with `at` they are quantiles and may not fall."""
    at: tuple[Ratio, ...] | None = None
    """Levels of the quantiles, rising from 0 to 1, as many as values; two values at one level are a jump.
    Without it each value is drawn equally often.
    """

    @model_validator(mode="after")
    def _rises(self) -> Empirical:
        if self.at is None:
            return self
        if len(self.at) != len(self.values):
            raise refuse(
                "E_RANGE", f"{len(self.values)} values but {len(self.at)} levels", "Give one level per value."
            )
        if len(self.at) < 2 or self.at[0] != 0 or self.at[-1] != 1:
            raise refuse("E_RANGE", "levels must run from 0 to 1", "For example at: [0, 50%, 1].")
        rows: tuple[tuple[str, Sequence[Decimal | float]], ...] = (
            ("levels", self.at),
            ("values", self.values),
        )
        for name, row in rows:
            if any(float(later) < float(earlier) for earlier, later in pairwise(row)):
                raise refuse("E_RANGE", f"{name} must not fall", "Sort them.")
        return self

    def knots(self) -> Knots:
        """Return the tabulated inverse: steps for plain values, straight lines for quantiles."""
        if self.at is not None:
            return np.array([float(level) for level in self.at]), np.array(self.values)
        count = len(self.values)
        level = np.arange(count + 1) / count
        return np.repeat(level, 2)[1:-1], np.repeat(np.sort(self.values), 2)
