"""Mixed: what cannot be read of single deals where one measure counts with the cash and another when a deal is won.

A deal that is won and its payment are two rows. A rule that reads one measure of a deal by another would find nothing
of the other there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.comp.component import Component
from engine.comp.incentive import Incentive

if TYPE_CHECKING:
    from engine.comp.spec import CompSpec


def mixed(spec: CompSpec, cash: set[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (field path, message, hint) for rules on single deals that read measures of both kinds."""
    for name, plan in spec.plans.items():
        for i, part in enumerate(plan.components):
            for below, measures in _read_together(part):
                own = cash.intersection(measures)
                if own and own != set(measures):
                    other = min(set(measures) - own)
                    message = (
                        f"'{min(own)}' counts when a customer pays, '{other}' when the deal is won, "
                        "and each deal is read by both"
                    )
                    hint = "Use measures of one basis; a modifier may also compare them over an interval."
                    yield f"comp.plans.{name}.components[{i}].{below}", message, hint


def _read_together(part: Component) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield (field, measures) of what reads several measures of one deal."""
    if not isinstance(part, Incentive):
        return
    if part.read_by != part.measure:
        yield "placed_by", (part.measure, part.read_by)
    for k, modifier in enumerate(part.modifiers):
        if modifier.accumulate == "transaction":
            yield f"modifiers[{k}]", tuple(dict.fromkeys((part.measure, *modifier.measures())))
