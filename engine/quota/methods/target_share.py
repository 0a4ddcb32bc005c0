"""target_share: a stated share of the seats reaches quota, and the company its goal with a stated chance."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import Field

from engine.errors import Fault, Infeasible
from engine.fields import Ratio
from engine.inputs import IntArray
from engine.quota.difficulty.ranking import at_share, reached
from engine.quota.method import Basis, Method

_PLACES = Decimal("0.0001")


class TargetShare(Method):
    """Quotas that `share` of the seats reach on average, equally hard for all, however far above the goal they add up.

    As the only method it finds the over-assignment of the seats: the most for which the mean over seats of
    P(credit >= quota) is still `share`, with chances as equal as bounds and steps allow. The goal itself is covered
    when P(company's credit >= goal) is at least `covered`, which no quota changes: where it is not, the goal is refused
    and the largest one that would be covered is told. In a blend, a seat's claim is the amount that it reaches in
    `share` of the replications.
    """

    kind: Literal["target_share"] = "target_share"
    """A stated share of the seats reaches quota."""
    share: Ratio = Field(gt=0, lt=1)
    """Mean share of the seats at or above quota, such as `65%`."""
    covered: Ratio = Field(default="0", ge=0, lt=1, validate_default=True)
    """Probability with which the company's credit must reach the goal, such as `80%`; not asked for unless given."""
    counts_time: ClassVar[bool] = True
    equalises: ClassVar[bool] = True
    finds_street: ClassVar[bool] = True

    def claims(self, basis: Basis) -> list[Fraction]:
        """Return the amounts that each seat reaches in `share` of the replications, minor units."""
        return at_share(basis.credit, Fraction(self.share))

    def over_assigned(self, credit: IntArray, goal: int, above: Fraction) -> Decimal:
        """Return the over-assignment of the seats at which each reaches its claim, rounded down to 0.01 %.

        Raises:
            Infeasible: the goal is covered with less than `covered`.

        """
        company = credit.sum(axis=1)
        chance = Fraction(int((company >= goal).sum()), len(company))
        if chance < Fraction(self.covered):
            largest = at_share(company[:, None], Fraction(self.covered))[0]
            share = float(largest / goal)
            message = (
                f"the company reaches its goal in {float(chance):.1%} of the simulated replications, and "
                f"{float(self.covered):.1%} are asked for"
            )
            hint = f"A goal of {share:.1%} of this one would be covered; or ask for less."
            raise Infeasible([Fault("M_INFEASIBLE", message, hint, field="quotas.goal")])
        street = sum(at_share(credit, Fraction(self.share)), Fraction(0))
        found = Decimal(street.numerator) / Decimal(street.denominator)
        return (found / (Decimal(above.numerator) / Decimal(above.denominator)) - 1).quantize(
            _PLACES, ROUND_FLOOR
        )

    def kept(self, credit: IntArray, quota: IntArray) -> bool:
        """Return whether so many of the seats that carry a quota reach it on average."""
        carried = quota > 0
        hits = int(reached(credit, quota)[carried].sum())
        return hits >= Fraction(self.share) * len(credit) * int(carried.sum())

    def asked(self) -> tuple[float, float]:
        """Return the share and the chance of the goal that are asked for."""
        return float(self.share), float(self.covered) if self.covered else float("nan")
