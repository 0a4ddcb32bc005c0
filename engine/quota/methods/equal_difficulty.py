"""equal_difficulty: every seat reaches its quota with the same chance."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Literal

from engine.quota.difficulty.ranking import at_total
from engine.quota.method import Basis, Method


class EqualDifficulty(Method):
    """Quotas such that P(credit >= quota) over the simulated replications is the same for all seats.

    As the only method, the range of these chances is made as small as bounds, sums and steps allow, with a proven
    bound; then that of the seats which no bound holds back; then the deviation that `then` names. In a blend, a seat's
    claim is the amount that it reaches as often as every other, without bounds. A seat that books nothing in any
    replication has no claim. By product, P(credit in the product >= its quota) is the same for all seats and products
    as far as sums allow; the measures must count each product alone.
    """

    kind: Literal["equal_difficulty"] = "equal_difficulty"
    """The same chance for every seat to reach its quota."""
    then: Literal["level", "history"] = "level"
    """What decides between quotas that are equally hard, as the only method: the least relative deviation from the
    amounts at the common chance (`level`, the default), or from last year's bookings (`history`)."""
    by: Literal["seat", "product"] = "seat"
    """Whose chances are made equal, as the only method: each seat's for its whole quota (`seat`, the default), or each
    seat's in every product (`product`)."""
    counts_time: ClassVar[bool] = True
    equalises: ClassVar[bool] = True

    @property
    def by_product(self) -> bool:
        """What `by` says."""
        return self.by == "product"

    @property
    def decided_by(self) -> Literal["level", "history"]:
        """What `then` says."""
        return self.then

    def claims(self, basis: Basis) -> list[Fraction]:
        """Return the amounts that all seats reach equally often and that add up to the street quota, minor units."""
        return at_total(basis.credit, basis.street)
