"""Overlay: what a scenario says of a team that works beside the owners of the accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from engine.blocks import Block
from engine.fields import Name, Real, Text, refuse
from engine.territory.objective import Objective
from engine.territory.rule_kinds import AnyConstraint, AnyObjective


class OverlaySeat(Block):
    """A seat of an overlay that is no seat of the tables: it has a home, and no quota and no pay."""

    id: Text
    """Id of the seat."""
    name: Text = ""
    """Name of the seat; its id unless given."""
    latitude: Real | None = Field(default=None, ge=-90, le=90)
    """Latitude of its home in degrees; unknown unless given."""
    longitude: Real | None = Field(default=None, ge=-180, le=180)
    """Longitude of its home in degrees; unknown unless given."""
    serves: tuple[Text, ...] = ()
    """Segments it may serve; any unless given."""
    nodes: Mapping[Text, Text] = {}
    """Its node on each level of the hierarchy that its rules name: {region: West}."""


class OverlaySeats(Block):
    """Who is in the team: seats of the tables by a level, or seats written down here."""

    level: Text = ""
    """Level of the hierarchy, such as `team`, whose `nodes` form the overlay; their seats then own no account."""
    nodes: tuple[Text, ...] = ()
    """Nodes of `level` that form the overlay."""
    roster: tuple[OverlaySeat, ...] = ()
    """Seats of the overlay that are not in the tables."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.level) != bool(self.nodes):
            raise refuse(
                "E_REQUIRED", "level and nodes belong together", "Give {level: team, nodes: [Specialists]}."
            )
        if bool(self.level) == bool(self.roster):
            raise refuse("E_REQUIRED", "needs either a level with nodes, or a roster", "Give one of them.")
        ids = [seat.id for seat in self.roster]
        again = [name for place, name in enumerate(ids) if name in ids[:place]]
        if again:
            raise refuse("E_DUPLICATE_ID", f"seat '{again[0]}' stands twice in the roster", "Keep one.")
        return self


class Overlay(Block):
    """A second alignment tied to the first: specialists for territories, or for some of the accounts."""

    name: Name
    """What tables and messages call the overlay."""
    seats: OverlaySeats
    """Who is in the team."""
    tied: Literal["territories", "accounts"] = "territories"
    """`territories`: each core territory has one specialist for all of its accounts (the default); `accounts`: each
    account has its own."""
    segments: tuple[Text, ...] = ()
    """Segments whose accounts are covered; all unless given."""
    accounts: tuple[Text, ...] = ()
    """Ids of the accounts that are covered, besides those of `segments`: named accounts."""
    incumbents: Text = ""
    """Column of the accounts that names today's seat of the overlay; nobody's unless given."""
    constraints: tuple[AnyConstraint, ...] = ()
    """Rules of the overlay, of the same kinds as those of the territories, over its seats and accounts."""
    objectives: tuple[AnyObjective, ...] = ()
    """Costs of the overlay; at least one."""

    @field_validator("objectives")
    @classmethod
    def _something_to_minimise(cls, value: tuple[Objective, ...]) -> tuple[Objective, ...]:
        if not value:
            raise refuse("E_REQUIRED", "no objective is given", "Add for example `- kind: travel`.")
        return value
