"""Built up: an incentive taken apart into its rules, and what each of them changes, one after the other.

    what single deals earn, then modifiers, then tenure, then gates, then caps, then the floor

A rule's change is what the incentive earns with it less what it earns with those before it alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from engine.comp import tenure

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.incentive import Incentive
    from engine.comp.reason import Reason

    Some = TypeVar("Some", bound=Incentive)

RULES = ("modifiers", "gates", "cap")


def bare(part: Some) -> Some:
    """Return an incentive without the rules that hold for whole periods; those of single deals stay."""
    kept = {
        "modifiers": tuple(rule for rule in part.modifiers if rule.accumulate == "transaction"),
        "tenure": (),
        "gates": (),
        "cap": tuple(rule for rule in part.cap if rule.per == "deal"),
        "floor": part.floor if part.floor is not None and part.floor.per == "deal" else None,
    }
    changed = {name: value for name, value in kept.items() if getattr(part, name) != value}
    return part.model_copy(update=changed) if changed else part


def rules(part: Incentive, book: Book) -> Iterator[Reason]:
    """Yield what each rule changes, in the order in which they hold.

    Args:
        part: what is taken apart.
        book: credits and quotas that it looks at, of people or of teams.

    """
    built = bare(part)
    earned, target = built.on_book(book), book.target.times(Fraction(part.weight))
    for name in RULES:
        if name == "gates" and part.tenure:
            built = built.model_copy(update={"tenure": part.tenure})
            before, earned = earned, built.on_book(book)
            yield tenure.reason(before, earned, part.tenure, book.since)
        held = getattr(built, name)
        for rule in getattr(part, name):
            if rule not in held:
                built = built.model_copy(update={name: (*getattr(built, name), rule)})
                before, earned = earned, built.on_book(book)
                yield from rule.reasons(before, earned, target, book)
    if part.floor is not None and part.floor.per != "deal":
        yield from part.floor.reasons(earned, part.on_book(book), target, book)
