"""Mixed: what cannot be read of single deals where one measure counts with the cash and another when a deal is won.

A deal that is won and its payment are two rows. A rule that reads one measure of a deal by another would find nothing
of the other there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import TYPE_CHECKING

from engine.comp.incentive import Incentive

if TYPE_CHECKING:
    from engine.comp.spec import CompSpec


def mixed(spec: CompSpec, cash: Set[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (field path below the plans, message, hint) for rules on single deals that read measures of both kinds."""
    yield from placed_otherwise(spec, cash)
    for where, part in _incentives(spec):
        for k, modifier in enumerate(part.modifiers):
            if modifier.accumulate == "transaction":
                measures = dict.fromkeys((part.measure, *modifier.measures()))
                hint = "Use measures of one basis, or compare them over an interval."
                yield from _of_both(f"{where}.modifiers[{k}]", measures, cash, hint)


def placed_otherwise(spec: CompSpec, cash: Set[str]) -> Iterator[tuple[str, str, str]]:
    """Yield likewise where tiers are read by a measure of one kind, and paid on one of the other."""
    for where, part in _incentives(spec):
        measures = dict.fromkeys((part.measure, part.read_by))
        yield from _of_both(f"{where}.placed_by", measures, cash, "Use measures of one basis.")


def _of_both(
    where: str, measures: Iterable[str], cash: Set[str], hint: str
) -> Iterator[tuple[str, str, str]]:
    own, others = set(measures) & cash, set(measures) - cash
    if own and others:
        message = (
            f"'{min(own)}' counts when a customer pays, '{min(others)}' when the deal is won, "
            "and each deal is read by both"
        )
        yield where, message, hint


def _incentives(spec: CompSpec) -> Iterator[tuple[str, Incentive]]:
    for name, plan in spec.plans.items():
        for i, part in enumerate(plan.components):
            if isinstance(part, Incentive):
                yield f"plans.{name}.components[{i}]", part
