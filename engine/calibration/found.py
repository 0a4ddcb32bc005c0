"""Found: what an estimate says beside the block: parameters with errors, laws that were tried, and what is amiss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from engine.calibration.stage_fit import Tried
from engine.inputs import FloatArray

Z90 = 1.6448536269514722
"""Half the width of a 90 % interval in standard errors."""


_WIDEST = 10.0
"""Standard error of a logarithm beyond which an interval says nothing."""
Value = tuple[float, float]
UNSHRUNK: Value = (np.nan, np.nan)


@dataclass(frozen=True)
class Parameter:
    """A parameter with its standard error and 90 % interval."""

    part: str
    """Part of the pipeline: a stage, arrivals, sizes ..."""
    name: str
    of: str
    """Segment, product, month ... that it concerns; '' for all."""
    value: float
    unit: str
    error: float
    low: float
    high: float
    rests_on: int
    """Deals or people that it was estimated from."""
    kept: float = np.nan
    """Share of its distance from the middle that shrinking kept; NaN where nothing was shrunk."""
    raw: float = np.nan
    """Value before shrinking."""


@dataclass(frozen=True)
class Remark:
    """Something that the reader should know."""

    kind: Literal["warning", "not estimated", "note"]
    part: str
    text: str
    hint: str = ""
    """What to do about it."""


@dataclass(frozen=True)
class Curve:
    """A fit against the data."""

    part: str
    title: str
    x: FloatArray
    lines: tuple[tuple[str, FloatArray], ...]
    """(what it is, values) along x."""
    x_label: str
    y_label: str
    labels: tuple[str, ...] = ()
    """Words along x where it is no measure but months."""


@dataclass
class Found:
    """Collects what the estimators have to say."""

    parameters: list[Parameter] = field(default_factory=list)
    tried: list[tuple[str, Tried, bool]] = field(default_factory=list)
    """(stage, laws, whether chosen)."""
    remarks: list[Remark] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)

    def normal(
        self, part: str, name: str, of: str, value: Value, unit: str, rests_on: int, shrunk: Value = UNSHRUNK
    ) -> None:
        """Add a parameter (estimate, standard error) whose interval is normal; `shrunk` is (share kept, raw value)."""
        estimate, error = value
        low, high = estimate - Z90 * error, estimate + Z90 * error
        self.parameters.append(Parameter(part, name, of, estimate, unit, error, low, high, rests_on, *shrunk))

    def positive(
        self, part: str, name: str, of: str, value: Value, unit: str, rests_on: int, shrunk: Value = UNSHRUNK
    ) -> None:
        """Add a parameter (estimate, standard error of its logarithm) whose interval is normal in the logarithm."""
        estimate, error = value
        span = float(np.exp(Z90 * min(error, _WIDEST)))
        self.parameters.append(
            Parameter(
                part, name, of, estimate, unit, estimate * error, estimate / span, estimate * span, rests_on, *shrunk
            )
        )  # fmt: skip

    def chance(
        self, part: str, name: str, of: str, value: Value, rests_on: int, shrunk: Value = UNSHRUNK
    ) -> None:
        """Add a probability (estimate, standard error of its log-odds) whose interval is normal in the log-odds."""
        estimate, error = value
        inside = min(max(estimate, 1e-9), 1 - 1e-9)
        low, high = (
            inside / (1 - inside) * float(np.exp(side * Z90 * min(error, _WIDEST))) for side in (-1, 1)
        )
        self.parameters.append(
            Parameter(
                part, name, of, estimate, "probability", estimate * (1 - estimate) * error,
                low / (1 + low), high / (1 + high), rests_on, *shrunk,
            )
        )  # fmt: skip

    def try_all(self, stage: str, tried: Sequence[Tried]) -> None:
        """Add the laws that were tried, the chosen one first."""
        self.tried += [(stage, one, place == 0) for place, one in enumerate(tried)]

    def warn(self, part: str, text: str, hint: str = "") -> None:
        """Add a warning."""
        self.remarks.append(Remark("warning", part, text, hint))

    def missing(self, part: str, text: str, hint: str = "") -> None:
        """Say what could not be estimated."""
        self.remarks.append(Remark("not estimated", part, text, hint))

    def note(self, part: str, text: str) -> None:
        """Say what an estimate rests on."""
        self.remarks.append(Remark("note", part, text))
