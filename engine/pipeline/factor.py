"""Factor: how far a factor on rates or amounts spreads, as a field of a block."""

from __future__ import annotations

from pydantic import Field

from engine.blocks import Block
from engine.fields import Ratio


class Factor(Block):
    """A factor with mean 1, lognormal, drawn once per replication and entity."""

    sd: Ratio = Field(ge=0, le=2)
    """Standard deviation of the factor."""
    correlation: Ratio = Field(default=0, ge=-1, le=1, validate_default=True)
    """Correlation of the normal variable behind it with that of the market; 0 unless given."""
