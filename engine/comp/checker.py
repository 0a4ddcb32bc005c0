"""Plan checker: what a plan will do, before anybody is paid by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from engine import amounts
from engine.comp.component import Component
from engine.comp.spec import CompSpec
from engine.comp.typical import Typical, pay_at, people, target_of_plan
from engine.inputs import Inputs

NOTIONAL_QUOTA = 1_000_000
"""Currency units a year, for plans whose pay at an attainment does not depend on the quota."""
LEVELS = (0.8, 1.0, 1.2)


@dataclass(frozen=True)
class Check:
    """One finding."""

    plan: str
    check: str
    """`target`, `monotone`, `cliff` or `cost`."""
    passed: bool
    message: str
    """The finding in words."""


def check(spec: CompSpec, inputs: Inputs) -> list[str]:
    """Return what can be said of the plans before there are quotas, one sentence each."""
    return [
        found.message
        for found in checks(inputs, spec, {name: _notional(inputs, spec, name) for name in spec.plans})
    ]


def checks(inputs: Inputs, spec: CompSpec, usual: Mapping[str, Typical | None]) -> list[Check]:
    """Check every plan on its typical person; without one, only what the tables alone say."""
    found: list[Check] = []
    for name in spec.plans:
        person = usual[name]
        if person is not None and person.quota.sum() > 0:
            found += _target(inputs, spec, name, person)
            found += _cost(inputs, spec, name, person)
        for part in spec.plans[name].components:
            found += _tables(name, part, 10 ** amounts.decimals(inputs.currency), inputs.currency)
    return found


def _notional(inputs: Inputs, spec: CompSpec, plan: str) -> Typical | None:
    variable = [part for part in spec.plans[plan].components if not part.fixed]
    targets = [
        t for t, name in zip(inputs.spells.target_incentive, inputs.spells.plan, strict=True) if name == plan
    ]
    if not targets or any(part.target_weight == 0 for part in variable if part.measures()):
        return None
    year = NOTIONAL_QUOTA * 10 ** amounts.decimals(inputs.currency)
    quota = np.full(inputs.calendar.periods, year // 12, dtype=np.int64)
    measures = {measure for part in variable for measure in part.measures()}
    return Typical(
        people(inputs, plan), quota, int(np.rint(np.mean(targets))), dict.fromkeys(sorted(measures), quota)
    )


def _target(inputs: Inputs, spec: CompSpec, plan: str, person: Typical) -> Iterator[Check]:
    parts = [part for part in spec.plans[plan].components if not part.fixed]
    year = target_of_plan(inputs, spec, person)
    if year == 0:
        what = "pays nobody a target incentive" if parts else "pays a salary alone"
        yield Check(plan, "target", True, f"Plan {plan} {what}.")
        return
    pay = float(pay_at(inputs, spec, plan, person, np.array([1.0]))[0])
    slack = 2 * len(parts) * inputs.calendar.periods + year * 1e-9
    money = f": {_money(inputs, pay)} for {_money(inputs, year)}" if person.people > 1 else ""
    right = abs(pay - year) <= slack
    amount = "the target incentive" if right else f"{pay / year:.1%} of the target incentive"
    yield Check(plan, "target", right, f"Plan {plan}: pay at 100 % is {amount}{money}.")


def _cost(inputs: Inputs, spec: CompSpec, plan: str, person: Typical) -> Iterator[Check]:
    if person.people == 1:
        return
    pay = pay_at(inputs, spec, plan, person, np.array(LEVELS)) * person.people
    shown = ", ".join(
        f"{_money(inputs, cost)} at {level:.0%}" for level, cost in zip(LEVELS, pay, strict=True)
    )
    message = (
        f"Plan {plan}: variable pay of all {person.people} people, in seat throughout, is {shown} of quota."
    )
    yield Check(plan, "cost", True, message)


def _tables(plan: str, part: Component, minor: int, currency: str) -> Iterator[Check]:
    table = part.table(minor)
    if table is None:
        return
    what = f"Plan {plan}, {part.label}"
    if not table.rising:
        yield Check(plan, "monotone", False, f"{what}: pay falls somewhere as credit rises.")
    else:
        yield Check(plan, "monotone", True, f"{what}: pay never falls as credit rises.")
    on_credit = getattr(part, "tiers_on", "attainment") == "credit"
    for knot, jump in zip(table.knots, table.jumps, strict=True):
        if jump:
            level = f"{float(knot) / minor:,.0f} {currency}" if on_credit else f"{float(knot):.1%}"
            yield Check(
                plan,
                "cliff",
                True,
                f"{what}: a cliff at {level}, where pay jumps by {_jump(part, jump, minor, on_credit)}.",
            )


def _jump(part: Component, jump: Fraction, minor: int, on_credit: bool) -> str:
    if on_credit:
        return f"{float(jump) / minor:,.2f}" + (" x the target rate" if part.target_weight else "")
    return f"{float(jump):.1%} of " + ("its target incentive" if part.target_weight else "the quota")


def _money(inputs: Inputs, minor: float) -> str:
    return f"{minor / 10 ** amounts.decimals(inputs.currency):,.0f} {inputs.currency}"
