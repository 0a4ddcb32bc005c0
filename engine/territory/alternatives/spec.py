"""AlternativesSpec: what a scenario says under `territories: alternatives:`."""

from __future__ import annotations

from pydantic import Field

from engine.blocks import Block
from engine.fields import Ratio, Text, Whole


class AlternativesSpec(Block):
    """Other plans that cost about the same, and differ most from the best plan and from each other."""

    count: Whole = Field(default=3, ge=1, le=20)
    """Plans besides the best; 3 unless given."""
    within: Ratio = Field(default="1%", ge=0, le=1, validate_default=True)
    """Share of the best plan's cost that an alternative may cost more; 1% unless given."""
    measure: Text = "count"
    """What a difference weighs: `count` (accounts, the default), `potential` or another measure."""
    gap: Ratio | None = Field(default=None, ge=0, lt=1)
    """Relative gap between difference and its proven bound that is demanded; none unless given."""
    node_limit: Whole = Field(default=0, ge=0)
    """Nodes of an exact search for each alternative, after the local search; 0 unless given: then the bound on the
    difference is that of the LP, where accounts may be split (a single node where local search finds no plan)."""
