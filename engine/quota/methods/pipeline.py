"""pipeline: by what a seat has in its open pipeline."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Literal

import numpy as np

from engine.errors import Fault
from engine.inputs import Inputs
from engine.quota.method import Basis, Method


class Pipeline(Method):
    """A seat's claim is the money in the deals that it has open at the start of the plan (or on `as_of`).

    Deals of unknown amount count the mean of those that are known. What of it is won, and when, the simulation tells:
    see `capacity`.
    """

    kind: Literal["pipeline"] = "pipeline"
    """By what a seat has in its open pipeline."""
    counts_time: ClassVar[bool] = True

    def faults(self, inputs: Inputs) -> list[Fault]:
        """Refuse a world without open deals."""
        if (inputs.pipeline.rep >= 0).any():
            return []
        hint = "Give a table of open deals with their owners, or drop the method."
        return [Fault("E_MISSING", "no seat has an open deal", hint)]

    def claims(self, basis: Basis) -> list[Fraction]:
        """Return the open amounts, minor units."""
        deals, found = basis.inputs.pipeline, [Fraction(0)] * len(basis.inputs.reps)
        known = deals.amount[deals.amount >= 0]
        mean = Fraction(int(known.sum()), len(known)) if known.size and known.sum() else Fraction(1)
        for deal in np.flatnonzero(deals.rep >= 0):
            amount = int(deals.amount[deal])
            found[deals.rep[deal]] += amount if amount >= 0 else mean
        return found
