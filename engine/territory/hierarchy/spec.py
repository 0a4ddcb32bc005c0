"""Hierarchy: territories that nest in districts, and those in regions, with bands on every level.

in one      every level's bands are rows over the seats of a node; one problem, one proof
top down    accounts -> regions -> districts -> seats; each step divides what the step above gave a node
"""

from __future__ import annotations

from typing import Literal

from pydantic import field_validator

from engine.blocks import Block
from engine.errors import Fault, did_you_mean
from engine.fields import Text, refuse
from engine.inputs import Inputs
from engine.territory.hierarchy.band import NodeBand

FIELD = "territories.hierarchy"


class Hierarchy(Block):
    """Which levels are carved, how, and what each of their nodes may carry."""

    levels: tuple[Text, ...]
    """Levels of the seats, from the top down: [region, district]."""
    solve: Literal["top_down", "in_one"] = "top_down"
    """`top_down` decides regions first, then the districts of each, then its seats (the default); `in_one` decides all
    together, which is never worse and has one proof, but is one large problem."""
    bands: tuple[NodeBand, ...] = ()
    """What the nodes of a level may carry; the seats' own bands stand among the constraints."""

    @field_validator("levels")
    @classmethod
    def _some_level(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise refuse(
                "E_REQUIRED", "no level is given", "Name the levels from the top down: [region, district]."
            )
        if len(set(value)) < len(value):
            raise refuse("E_DUPLICATE_KEY", "a level stands twice", "Name each once.")
        return value


def hierarchy_faults(inputs: Inputs, hierarchy: Hierarchy) -> list[Fault]:
    """Return unknown levels, bands on levels that are not carved, and nodes that lie in two parents."""
    levels, found = inputs.reps.levels, []
    for name in hierarchy.levels:
        if name not in levels:
            hint = did_you_mean(name, levels)
            found.append(
                Fault("E_REFERENCE", f"the seats have no level '{name}'.", hint, field=f"{FIELD}.levels")
            )
    for place, band in enumerate(hierarchy.bands):
        where = f"{FIELD}.bands[{place}]"
        if band.level in levels and band.level not in hierarchy.levels:
            message = f"level '{band.level}' is not among those that are carved."
            hint = f"Carved: {', '.join(hierarchy.levels)}."
            found.append(Fault("E_REFERENCE", message, hint, field=f"{where}.level"))
        found += [
            Fault(fault.code, fault.message, fault.hint, field=f"{where}.{fault.field}")
            for fault in band.faults(inputs)
        ]
    return found or _two_parents(inputs, hierarchy)


def _two_parents(inputs: Inputs, hierarchy: Hierarchy) -> list[Fault]:
    found = []
    for above, below in zip(hierarchy.levels[:-1], hierarchy.levels[1:], strict=True):
        parents: dict[str, dict[str, None]] = {}
        for parent, child in zip(inputs.reps.levels[above], inputs.reps.levels[below], strict=True):
            parents.setdefault(child, {})[parent] = None
        for child, several in parents.items():
            if len(several) > 1:
                message = f"{below} {child} lies in more than one {above}: {', '.join(several)}."
                hint = "Name the levels from the top down, and each node once."
                found.append(Fault("E_CONTRADICTION", message, hint, field=f"{FIELD}.levels"))
    return found
