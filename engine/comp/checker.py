"""Plan checker: what a plan will do, before anybody is paid by it.

Overlaps and gaps of tiers are refused when a plan is read (`engine.comp.tiers`), so they never come here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from engine import amounts
from engine.comp import opening
from engine.comp.checking.figures import cost, pay_mix, quota_to_ote, upside
from engine.comp.checking.finding import Check
from engine.comp.checking.shape import shape
from engine.comp.checking.subject import Subject
from engine.comp.checking.tables import tables
from engine.comp.checking.target import supports, target
from engine.comp.faults import demand
from engine.comp.spec import CompSpec
from engine.comp.typical import Typical, people, terms_of
from engine.errors import counted
from engine.inputs import Inputs

__all__ = ["Check", "check", "checks"]

NOTIONAL_QUOTA = 1_000_000
"""Currency units a year, for plans whose pay at an attainment does not depend on the quota."""


def check(spec: CompSpec, inputs: Inputs) -> list[str]:
    """Return what can be said of the plans before there are quotas, one sentence each.

    Args:
        spec: the plans.
        inputs: calendar, seats and people.

    Raises:
        BadInput: a person has a plan that is not there, a plan asks what deals do not say, ...

    """
    demand(inputs, spec)
    opening.demand(inputs.owed, inputs, spec)
    usual = {name: _notional(inputs, spec, name) for name in spec.plans}
    return [*(found.told for found in checks(inputs, spec, usual)), *_without_plan(inputs)]


def checks(inputs: Inputs, spec: CompSpec, usual: Mapping[str, Typical | None]) -> list[Check]:
    """Check every plan on its typical person; without one, only what the tables alone say."""
    found: list[Check] = []
    for name in spec.plans:
        person = usual[name]
        judged: set[str] = set()
        if person is not None:
            subject = Subject(inputs, spec, name, person)
            if person.quota.sum() > 0 and any(part.turn == 0 for part in subject.parts):
                judged = {part.label for part in subject.parts}
                for ask in (target, shape, cost, upside, quota_to_ote, supports):
                    found += ask(subject)
            elif not subject.left_out:
                for ask in (target, cost, upside) if subject.parts else (target,):
                    found += ask(subject)
            found += pay_mix(subject)
        for part in spec.plans[name].components:
            if part.label not in judged:
                found += tables(name, part, inputs.currency)
    return found


def _notional(inputs: Inputs, spec: CompSpec, plan: str) -> Typical | None:
    """Return a person with an even quota, for whom credit is the quota in every measure."""
    if people(inputs, plan) == 0:
        return None
    year = NOTIONAL_QUOTA * 10 ** amounts.decimals(inputs.currency)
    quota = np.full(inputs.calendar.periods, year // 12, dtype=np.int64)
    measures = {measure for part in spec.plans[plan].components for measure in part.measures()}
    credit = dict.fromkeys(sorted(measures | {"bookings"}), quota)
    salary, target = terms_of(inputs, spec, plan)
    seats = np.broadcast_to(quota, (len(inputs.reps), quota.size))
    return Typical(
        people(inputs, plan),
        quota,
        target,
        credit,
        seats=lambda measure: seats,
        quotas=seats,
        salary=salary,
        notional=True,
    )


def _without_plan(inputs: Inputs) -> Iterator[str]:
    none = [name for name, plan in zip(inputs.spells.id, inputs.spells.plan, strict=True) if not plan]
    if none:
        shown = ", ".join(none[:3]) + (" ..." if len(none) > 3 else "")
        who = counted(len(none), "spell")
        yield f"{who} in the table of people without a plan: nothing is paid and nothing costs there ({shown})."
