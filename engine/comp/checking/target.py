"""Target: whether the plan pays its target incentive at 100 % attainment, and if not, which component is off.

Gates count as met and modifiers as 1, and the finding says so. Draws, guarantees and holdbacks move pay in time or lift
it to what was promised; they stay out of every figure, and a finding of their own says so.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.comp.checking.finding import Check
from engine.comp.checking.subject import Subject

EXACT = 1e-9
"""Part of a target incentive that counts as nothing."""


def target(subject: Subject) -> Iterator[Check]:
    """Yield the finding."""
    if subject.target == 0:
        what = "pays nobody a target incentive" if subject.parts else "pays a salary alone"
        yield subject.found("target", True, what)
        return
    parts = subject.opened
    pays = {label: float(pay[0]) for label, pay in subject.by_part(np.array([1.0]), parts).items()}
    total, year = sum(pays.values()), subject.target
    right = abs(total - year) <= subject.noise + year * EXACT
    money = f": {subject.money(total)} for {subject.money(year)}" if subject.many else ""
    share = "the target incentive" if right else f"{total / year:.1%} of the target incentive"
    off = {part.label: abs(pays[part.label] - part.target_weight * year) for part in parts}
    worst = "" if right or not off else max(off, key=lambda label: off[label])
    weights = sum(part.target_weight for part in parts)
    told = (
        f"; the weights add up to {weights:.0%}"
        if not right and weights > 0 and abs(weights - 1) > EXACT
        else ""
    )
    yield subject.found("target", right, f"pay at 100% is {share}{money}{told}{_provisos(subject)}", worst)


def supports(subject: Subject) -> Iterator[Check]:
    """Yield what is left out of every figure, where there is any."""
    names = ", ".join(part.label for part in subject.supports)
    if names:
        yield subject.found(
            "target", True, f"{names} has no pay at an attainment of its own and is in no figure here"
        )


def _provisos(subject: Subject) -> str:
    names = ", ".join(part.label for part in subject.left_out)
    return subject.proviso + (f"; without what attainment alone does not tell: {names}" if names else "")
