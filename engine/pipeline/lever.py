"""Lever: an input of the pipeline that can be moved a little, so that one sees what moves with it.

A lever changes the arrays that both engines read and no draw, so the same futures are simulated with and without it.
A new lever is one file: it says what it moves, by how much, and which of its kind are tried when nobody names any.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from engine.blocks import Block
from engine.pipeline.model import Model

if TYPE_CHECKING:
    from engine.pipeline.factors import Spreads


@dataclass(frozen=True)
class Axes:
    """What the axes of a model are called."""

    stages: tuple[str, ...]
    sources: tuple[str, ...]
    segments: tuple[str, ...]
    resources: tuple[str, ...]


@dataclass(frozen=True)
class World:
    """What is simulated: a model, and the laws of what a replication draws for everybody."""

    model: Model
    spreads: Spreads
    names: Axes

    def selling(self, **changes: Any) -> World:
        """Return the world with other fields of `model.selling`."""
        return replace(self, model=self.model._replace(selling=self.model.selling._replace(**changes)))

    def closing(self, **changes: Any) -> World:
        """Return the world with other fields of `model.closing`."""
        return replace(self, model=self.model._replace(closing=self.model.closing._replace(**changes)))


Unknown = Callable[[str, tuple[str, ...], str], None]
"""(name, known ones, what it names): adds a fault where the name is not known."""


class Lever(Block):
    """Something to move; derived classes give `kind` and the methods."""

    kind: str
    """What sort of lever it is."""
    one_by_one: ClassVar[bool] = False
    """Whether it moves things that are whole, such as seats of a desk: then one more and one less may do unlike much,
    and the effect of its step is that of the step alone."""

    @property
    def of(self) -> str:
        """What is moved: the name of a stage, a source, a resource; '' where all of it."""
        return ""

    @property
    @abstractmethod
    def step(self) -> str:
        """By how much, in words: `1 point more`, `10 % less`."""

    @abstractmethod
    def moved(self, world: World, sign: int) -> World | None:
        """Return the world with the lever moved by its step (sign 1) or as far the other way (-1).

        None where the world cannot be moved that way.
        """

    @classmethod
    @abstractmethod
    def tried(cls, world: World) -> tuple[Lever, ...]:
        """Return the levers of the kind that are tried when the scenario names none."""

    def check(self, names: Axes, unknown: Unknown) -> None:
        """Tell `unknown` every name that the lever gives."""


def points(by: float) -> str:
    """Write a change of a probability: `1 point more`, `2.5 points less`."""
    return counted(100 * by, "point")


def percent(by: float) -> str:
    """Write a relative change: `10 % less`."""
    return f"{abs(100 * by):g} % {'more' if by >= 0 else 'less'}"


def counted(by: float, noun: str) -> str:
    """Write a change of a number of things: `1 unit more`, `2 months less`."""
    return f"{abs(by):g} {noun}{'' if abs(by) == 1 else 's'} {'more' if by >= 0 else 'less'}"
