"""Subject: a plan and its typical person, as the checks look at them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine import amounts
from engine.comp.checking.finding import Check
from engine.comp.component import Component
from engine.comp.groups import shown_plans
from engine.comp.spec import CompSpec
from engine.comp.typical import Typical, pay_by_part, target_of_plan
from engine.inputs import FloatArray, Inputs

CELLS = 1 << 18
"""(attainment, person, period) cells that are settled at a time, about."""
AT_QUOTA = "pay at 100% attainment"
CONDITIONS = ("gates", "modifiers", "tenure")
"""Keys by which a component depends on what its own measure does not say."""


@dataclass(frozen=True)
class Subject:
    """What is checked."""

    inputs: Inputs
    spec: CompSpec
    plan: str
    person: Typical

    @cached_property
    def parts(self) -> tuple[Component, ...]:
        """Return the variable components that can be judged on the typical person."""
        return tuple(part for part in self._variable if self._judged(part))

    @property
    def left_out(self) -> tuple[Component, ...]:
        """Return the variable components that cannot: they pay deal by deal, or there are no quotas or deals yet."""
        return tuple(part for part in self._variable if not self._judged(part))

    @property
    def supports(self) -> tuple[Component, ...]:
        """Return what moves pay in time or lifts it to what was promised: no part of pay at an attainment."""
        return tuple(part for part in self.spec.plans[self.plan].components if part.supports)

    @property
    def opened(self) -> tuple[Component, ...]:
        """Return the components with their gates met and their modifiers at 1."""
        return tuple(opened(part) for part in self.parts)

    @cached_property
    def target(self) -> int:
        """Return the target incentive of the periods of the plan, minor units."""
        return target_of_plan(self.inputs, self.spec, self.person)

    @cached_property
    def at_quota(self) -> float:
        """Return variable pay of the year at 100 % attainment, gates met and modifiers 1, minor units."""
        return float(self.pay(np.array([1.0]), self.opened)[0])

    @property
    def base(self) -> str:
        """Return what a level of attainment is a share of, in words: a plan that no quota is set for has its credit."""
        return "quota" if self.person.quota.sum() > 0 else "the credit of its people"

    @property
    def proviso(self) -> str:
        """Return in which components gates count as met and modifiers as 1, after a semicolon; blank for none."""
        names = ", ".join(part.label for part in self.parts if conditional(part))
        return f"; gates count as met and modifiers as 1 in {names}" if names else ""

    @property
    def noise(self) -> int:
        """Return by how many minor units rounding may move the pay of the year."""
        return 2 * sum(part.points for part in self.parts) * self.inputs.calendar.periods

    @property
    def many(self) -> bool:
        """Whether the plan pays so many people that amounts may be named (see `engine.comp.groups`)."""
        return self.plan in shown_plans(self.inputs, self.spec.plans)

    def pay(self, attainments: FloatArray, parts: tuple[Component, ...] | None = None) -> FloatArray:
        """Return variable pay of the year at some attainments, minor units, shape (attainment,)."""
        by_part = self.by_part(attainments, parts)
        return np.asarray(np.sum([np.zeros(attainments.shape), *by_part.values()], axis=0))

    def by_part(
        self, attainments: FloatArray, parts: tuple[Component, ...] | None = None
    ) -> dict[str, FloatArray]:
        """Return the same for each component, by its name on statements."""
        chosen = self.parts if parts is None else parts
        at_once = max(CELLS // (self.person.people * self.inputs.calendar.periods), 1)
        blocks = [attainments[i : i + at_once] for i in range(0, max(attainments.size, 1), at_once)]
        paid = [
            pay_by_part(self.inputs, self.spec, self.plan, self.person, block, chosen) for block in blocks
        ]
        return {label: np.concatenate([one[label] for one in paid]) for label in paid[0]}

    def money(self, minor: float) -> str:
        """Return an amount in words."""
        return f"{minor / 10 ** amounts.decimals(self.inputs.currency):,.0f} {self.inputs.currency}"

    def worth(self, minor: float) -> str:
        """Return an amount, and what it is of the target incentive; the latter alone where few are paid."""
        whole, words = (self.target, "the target incentive") if self.target else (self.at_quota, AT_QUOTA)
        share = f"{minor / whole:.1%} of {words}" if whole else ""
        return ", ".join(words for words in (self.money(minor) if self.many else "", share) if words)

    def found(self, check: str, passed: bool, message: str, label: str = "") -> Check:
        """Return a finding; `label` names the component that it is mostly due to, if any."""
        due = f"; see {label}" if label and len(self._variable) > 1 else ""
        return Check(self.plan, check, passed, f"Plan {self.plan}: {message}{due}.")

    @property
    def _variable(self) -> tuple[Component, ...]:
        components = self.spec.plans[self.plan].components
        return tuple(part for part in components if not (part.fixed or part.supports))

    def _judged(self, part: Component) -> bool:
        if part.turn > 0:
            return all(self._judged(other) for other in self._variable if other.turn == 0)
        by_deal = getattr(part, "accumulate", "") == "transaction"
        return (
            self.person.judges(part) and not by_deal and (not self.person.notional or part.target_weight > 0)
        )


def conditional(part: Component) -> bool:
    """Say whether a component has gates or modifiers."""
    return any(getattr(part, key, ()) for key in CONDITIONS)


def opened(part: Component) -> Component:
    """Return a component with its gates met and its modifiers at 1."""
    if not conditional(part):
        return part
    fields = type(part).model_fields
    return part.model_copy(update={key: fields[key].default for key in CONDITIONS if key in fields})
