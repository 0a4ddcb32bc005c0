"""The unions of every kind of constraint and of objective that a scenario may name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.blocks import kinds
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
