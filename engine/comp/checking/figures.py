"""Figures: what a plan costs, how far it rewards the strong, and how quota and pay mix stand to its OTE.

They are told, not judged. Of a plan that few people have no amounts are named.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.comp.checking.finding import Check
from engine.comp.checking.subject import AT_QUOTA, Subject
from engine.comp.typical import of_plan

LEVELS = (0.8, 1.0, 1.2)
SPREAD = 0.25
"""Standard deviation of attainment around 100 %, taken where there is no simulation."""
NINETY = 1.2815515655446004
"""90 % point of the normal distribution."""


def cost(subject: Subject) -> Iterator[Check]:
    """Yield variable pay of everybody at 80, 100 and 120 % attainment, gates met and modifiers 1."""
    pay = subject.pay(np.array(LEVELS), subject.opened)
    if subject.many:
        people = subject.person.people
        what = f"variable pay of all {people} people, in seat throughout,"
        shown = [subject.money(amount) for amount in pay * people]
    elif whole := subject.target or subject.at_quota:
        what = f"variable pay over {'target incentive' if subject.target else AT_QUOTA}"
        shown = [f"{amount:.1%}" for amount in pay / whole]
    else:
        return
    levels = ", ".join(f"{amount} at {level:.0%}" for level, amount in zip(LEVELS, shown, strict=True))
    yield subject.found("cost", True, f"{what} is {levels} of {subject.base}{subject.proviso}")


def upside(subject: Subject) -> Iterator[Check]:
    """Yield pay at the 90th percentile of attainment as a multiple of the target incentive.

    Two to three times is usual: SalesGlobe, www.salesglobe.com/blog/the-importance-of-differentiating-top-performers.
    """
    if not subject.target:
        return
    strong = subject.person.strong
    level = 1 + NINETY * SPREAD if strong is None else strong
    where = (
        f"the 90th percentile of an attainment spread by {SPREAD:.0%} around 100%"
        if strong is None
        else "the 90th percentile of simulated attainment"
    )
    times = float(subject.pay(np.array([level]), subject.opened)[0]) / subject.target
    yield subject.found(
        "upside",
        True,
        f"at {where}, {level:.0%} of {subject.base}, pay is {times:.2f} times the target incentive",
    )


def quota_to_ote(subject: Subject) -> Iterator[Check]:
    """Yield quota over OTE."""
    person = subject.person
    ote = of_plan(subject.inputs, subject.spec, person.salary + person.target)
    if person.notional or not subject.many or ote == 0:
        return
    quota = int(person.quota.sum())
    amounts = f"{subject.money(quota)} to {subject.money(ote)}"
    yield subject.found("quota", True, f"quota is {quota / ote:.1f} times OTE: {amounts}")


def pay_mix(subject: Subject) -> Iterator[Check]:
    """Yield salary to target incentive."""
    person = subject.person
    ote = person.salary + person.target
    if ote == 0:
        return
    base = round(100 * person.salary / ote)
    parts = (
        f"salary {subject.money(person.salary)} and target incentive {subject.money(person.target)} a year"
    )
    amounts = f": {parts}, OTE {subject.money(ote)}" if subject.many else ""
    yield subject.found("mix", True, f"pay mix {base}/{100 - base}{amounts}")
