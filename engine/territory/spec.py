"""TerritorySpec: what a scenario says under `territories:`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field, field_validator

from engine.blocks import Block, kinds
from engine.fields import Ratio, Real, Seed, Text, Whole, refuse
from engine.territory import constraints as constraint_kinds
from engine.territory import objectives as objective_kinds
from engine.territory.constraint import Constraint
from engine.territory.objective import Objective

if TYPE_CHECKING:
    AnyConstraint = Constraint
    AnyObjective = Objective
else:
    AnyConstraint = kinds(constraint_kinds, Constraint)
    AnyObjective = kinds(objective_kinds, Objective)

DEFAULT_GAP = "0.01"
DEFAULT_NODES = 10_000


class TerritorySolver(Block):
    """When the search for an alignment may stop, and who searches."""

    backend: Text = "highs"
    """Name of the solver backend: `highs` (the default) or `cbc`."""
    gap: Ratio = Field(default=DEFAULT_GAP, ge=0, lt=1, validate_default=True)
    """Relative gap between cost and proven bound at which the search stops; 1% unless given."""
    node_limit: Whole | None = Field(default=DEFAULT_NODES, ge=1)
    """Nodes of the search tree after which the best plan so far is taken; 10,000 unless given. Repeatable."""
    time_limit: Real | None = Field(default=None, gt=0)
    """Seconds after which the best plan so far is taken; none unless given. A plan that ends on the clock may
    not repeat."""
    seed: Seed | None = None
    """Seed of the solver's own tie-breaking; the scenario's seed unless given."""


class TerritorySpec(Block):
    """Who covers what: rules every alignment keeps, and what a good one costs."""

    constraints: tuple[AnyConstraint, ...] = ()
    """Hard rules; an alignment that breaks one is no answer. None unless given."""
    objectives: tuple[AnyObjective, ...] = ()
    """Costs in currency units that are added up and minimised; at least one."""
    solver: TerritorySolver = TerritorySolver()
    """Solver and limits."""

    @field_validator("objectives")
    @classmethod
    def _something_to_minimise(cls, value: tuple[Objective, ...]) -> tuple[Objective, ...]:
        if not value:
            raise refuse("E_REQUIRED", "no objective is given", "Add for example `- kind: travel`.")
        return value
