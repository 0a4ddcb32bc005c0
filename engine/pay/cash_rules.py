"""Cash rules: what measures of cash cannot be, with what, and what to do instead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic_core import PydanticCustomError

from engine.comp.component import Component
from engine.comp.components.spif import Spif
from engine.comp.crediting import Crediting
from engine.comp.mixed import placed_otherwise
from engine.crediting.spec import Clawback
from engine.fields import refuse

if TYPE_CHECKING:
    from engine.pay.spec import PayScenario


def refusals(scenario: PayScenario) -> Iterator[PydanticCustomError]:
    """Yield measures of cash that are none, and components that do not go together with theirs."""
    for name in sorted(scenario.by_cash & scenario.counts):
        message = f"measure {name} counts, and a count does not come in parts as cash does"
        hint = "Use a column of money, or basis: booking."
        yield refuse("E_CONFLICT", message, hint, at=f"crediting.measures.{name}.basis")
    rule = scenario.crediting.clawback
    for key, spec in scenario.compared:
        for where, message, hint in placed_otherwise(spec, scenario.by_cash):
            yield refuse("E_UNSUPPORTED", message, hint, at=f"{key}.{where}")
        for plan, block in spec.plans.items():
            for i, part in enumerate(block.components):
                named = scenario.by_cash.intersection(part.measures())
                for message, hint in _of_part(part, named, rule) if named else ():
                    yield refuse("E_UNSUPPORTED", message, hint, at=f"{key}.plans.{plan}.components[{i}]")


def _of_part(part: Component, named: frozenset[str], rule: Clawback | None) -> Iterator[tuple[str, str]]:
    """Yield (what does not go together, what to do) of a component that looks at some measures of cash."""
    cash = min(named)
    if isinstance(part, Crediting) and any(cap.per == "deal" for cap in part.credit_caps):
        message = f"a limit per deal, and {cash} is cash, which comes in parts"
        yield message, "Limit the credit of an interval, or credit by booking."
    if isinstance(part, Crediting) and part.windfall is not None:
        message = f"a windfall rule looks at whole deals, and {cash} is cash, which comes in parts"
        yield message, "Leave it out, or credit by booking."
    for modifier in getattr(part, "modifiers", ()):
        if modifier.accumulate == "transaction":
            message = f"a modifier compares measures deal by deal, and {cash} is cash, which comes in parts"
            yield message, "Compare them over an interval, or credit by booking."
    if rule is not None and rule.quota_credit and isinstance(part, Crediting) and part.caps_intervals:
        message = (
            f"credit of {cash} is limited by interval, and is taken back: which receipt counted is not known"
        )
        yield message, "Use a cap on pay, or crediting.clawback.quota_credit: false."
    if rule is not None and not rule.quota_credit and (part.of_deals() is None or isinstance(part, Spif)):
        message = f"pay by the period on {cash}, which is cash, of which a reversal leaves the credit"
        yield message, "Use crediting.clawback.quota_credit: true, or credit by booking."
