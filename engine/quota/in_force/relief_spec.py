"""ReliefSpec: what a scenario says under `quotas.relief`."""

from __future__ import annotations

from pydantic import Field, model_validator

from engine.blocks import Block
from engine.fields import Day, Money, Ratio, Text, refuse


class ReliefSpec(Block):
    """One entry: a seat need not carry some of its quota any more, for a reason, and somebody else does."""

    rep: Text
    """Seat that is relieved."""
    reason: Text = Field(min_length=1)
    """Why: a lost account, a long leave. It stands in tables that everybody with the run can read, and in the letter of
    whom it relieves: write nothing that is private."""
    amount: Money | None = Field(default=None, gt=0)
    """What is taken off, currency units; either this or `share`."""
    share: Ratio | None = Field(default=None, gt=0, le=1)
    """What is taken off, of the seat's quota in the periods that are open; either this or `amount`. It is rounded to
    the step, a half up."""
    start: Day | None = None
    """Periods that begin on this day or later give the relief; all that are open on `as_of` unless given."""
    end: Day | None = None
    """Periods that end on this day or earlier give it; to the end of the plan unless given."""
    taken_by: Text
    """Who carries it now: `company` (nobody: the street quota falls by it), `peers` (the other seats of the lowest
    level above the seat), or a level, such as `region` (the other seats of the seat's own region). They take it in
    proportion to what they carry in the same periods, up to their bounds; with teams, those of the seat's own team."""

    @model_validator(mode="after")
    def _one_size(self) -> ReliefSpec:
        if (self.amount is None) == (self.share is None):
            raise refuse("E_REQUIRED", "needs either amount or share", "For example share: 50%.")
        if self.start is not None and self.end is not None and self.start > self.end:
            raise refuse("E_RANGE", f"starts on {self.start}, after its end on {self.end}", "Swap them.")
        return self
