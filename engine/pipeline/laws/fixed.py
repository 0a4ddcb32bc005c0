"""Always the same."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field

from engine.fields import Real
from engine.pipeline.law import Knots, Law


class Fixed(Law):
    """One value with certainty."""

    kind: Literal["fixed"] = "fixed"
    value: Real = Field(ge=0, le=1e9)
    """The value, in days for a duration or currency units for a size."""

    def knots(self) -> Knots:
        """Return the tabulated inverse."""
        return np.array([0.0, 1.0]), np.full(2, self.value)
