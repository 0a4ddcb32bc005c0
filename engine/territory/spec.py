"""TerritorySpec: what a scenario says under `territories:`."""

from __future__ import annotations

from typing import Self

from pydantic import Field, field_validator, model_validator

from engine.blocks import Block
from engine.fields import FilePath, Ratio, Real, Seed, Text, Whole, refuse
from engine.territory.alternatives.spec import AlternativesSpec
from engine.territory.edits.spec import LockFiles
from engine.territory.frontier.spec import FrontierSpec
from engine.territory.headcount.spec import HeadcountSpec
from engine.territory.hierarchy.spec import Hierarchy
from engine.territory.objective import Objective
from engine.territory.overlay.spec import Overlay
from engine.territory.recarve.carving import Recarve
from engine.territory.rule_kinds import AnyConstraint, AnyObjective
from engine.territory.why.spec import ExplainSpec

DEFAULT_GAP = "0.01"
DEFAULT_NODES = 10_000


class TerritorySolver(Block):
    """When the search for an alignment may stop, and who searches."""

    backend: Text = "highs"
    """Name of the solver backend: `cbc`, `cpsat`, `highs` (the default) or `scip`."""
    confirm: Text = ""
    """Second backend, which solves again, to the same gap, what rests on branch and bound; both bounds are told, and
    a contradiction ends the run. None unless given."""
    gap: Ratio = Field(default=DEFAULT_GAP, ge=0, lt=1, validate_default=True)
    """Relative gap between cost and proven bound at which the search stops; 1% unless given."""
    node_limit: Whole | None = Field(default=DEFAULT_NODES, ge=1)
    """Nodes of the search tree after which the best plan so far is taken; 10,000 unless given. Repeatable."""
    time_limit: Real | None = Field(default=None, gt=0)
    """Seconds after which the best plan so far is taken; none unless given. A plan that ends on the clock may
    not repeat."""
    seed: Seed | None = None
    """Seed of the solver's own tie-breaking; the scenario's seed unless given."""

    @model_validator(mode="after")
    def _somebody_else(self) -> Self:
        if self.confirm == self.backend:
            raise refuse(
                "E_CONTRADICTION", f"'{self.confirm}' cannot confirm itself", "Name another backend."
            )
        return self


class TerritorySpec(Block):
    """Who covers what: rules every alignment keeps, and what a good one costs."""

    constraints: tuple[AnyConstraint, ...] = ()
    """Hard rules; an alignment that breaks one is no answer. None unless given."""
    objectives: tuple[AnyObjective, ...] = ()
    """Costs in currency units that are added up and minimised; at least one."""
    solver: TerritorySolver = TerritorySolver()
    """Solver and limits."""
    frontier: FrontierSpec | None = None
    """Trade disruption, balance or travel against each other; none unless given."""
    alternatives: AlternativesSpec | None = None
    """Near-optimal plans that differ most; none unless given."""
    explain: ExplainSpec = ExplainSpec()
    """Why accounts sit where they sit; for moved accounts unless given."""

    locks: LockFiles = ()
    """Files that fix accounts to seats: tables of account, rep and reason, or edited workbooks of earlier runs. They
    hold beside the constraints, as rules of kind `lock`."""
    start: FilePath = ""
    """Folder of a finished run whose alignment the search starts from; a start, never a rule. None unless given."""
    recarve: Recarve | None = None
    """Carve what is left of the plan at the scenario's `as_of`; the whole year unless given."""
    hierarchy: Hierarchy | None = None
    """Carve regions, then districts, then territories, with bands on every level; territories alone unless given."""
    overlays: tuple[Overlay, ...] = ()
    """Teams that work beside the owners of the accounts; none unless given."""
    headcount: HeadcountSpec | None = None
    """How many territories, and where: a plan and a bound for each number of them; not asked unless given."""

    @field_validator("objectives")
    @classmethod
    def _something_to_minimise(cls, value: tuple[Objective, ...]) -> tuple[Objective, ...]:
        if not value:
            raise refuse("E_REQUIRED", "no objective is given", "Add for example `- kind: travel`.")
        return value
