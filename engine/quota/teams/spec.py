"""Team: what a scenario says under `quotas: teams:` of one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from engine.blocks import Block, kinds
from engine.fields import Flag, Money, Ratio, Text, refuse
from engine.quota import methods as method_kinds
from engine.quota.method import Method

if TYPE_CHECKING:
    AnyMethod = Method
else:
    AnyMethod = kinds(method_kinds, Method)


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class Team(Block):
    """Some of the seats, and what they carry together."""

    members: Mapping[Text, Annotated[tuple[Text, ...], BeforeValidator(_listed)]] = Field(min_length=1)
    """Who is in it: names by level of the hierarchy, or by `rep`, such as `{region: Partners}` or `{rep: [SE1, SE2]}`.
    A seat is in at most one team; seats of no team carry what is left of the goal."""
    share: Ratio | None = Field(default=None, ge=0)
    """Share of the company's goal that the team carries."""
    goal: Money | None = Field(default=None, ge=0)
    """Goal of the team for the whole plan instead of a share, currency units; it falls on products and periods as the
    company's does."""
    overlay: Flag = False
    """The team sells what others are credited with as well, such as specialists or sales engineers: its quotas are held
    against the same bookings a second time, and do not count towards the company's goal; false unless given."""
    methods: tuple[AnyMethod, ...] | None = Field(default=None, min_length=1)
    """Ways to share out the team's goal; those of the quotas unless given."""
    over_assignment: Mapping[Text, Ratio] | None = None
    """By level, as for the quotas, whose over-assignment it has unless given."""

    @model_validator(mode="after")
    def _one_goal(self) -> Team:
        if (self.share is None) == (self.goal is None):
            raise refuse("E_REQUIRED", "a team needs either a share or a goal", "Give one of them.")
        if self.methods is not None and sum(method.weight for method in self.methods) <= 0:
            raise refuse(
                "E_RANGE", "the weights of the methods sum to 0", "Give at least one method a weight above 0."
            )
        return self
