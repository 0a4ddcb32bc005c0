"""Incentive: what commission, bonus and matrix share, from credit to earned pay.

    due to date  =  rule(counted credit to date, quota, target incentive), scaled by modifiers,
                    rounded, held back by gates
    earned       =  what each period adds to it: F(to date) - earned so far
    capped       =  earned, as long as the cap of its interval is not reached; then topped up to the floor

Only the rule differs between kinds.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING, Self

from pydantic import Field, model_validator

from engine.comp import built_up
from engine.comp.compared import Against
from engine.comp.crediting import Crediting
from engine.comp.dimensions import Asked
from engine.comp.gates import Gate
from engine.comp.goal import Goal
from engine.comp.intervals import Accumulate, Groups, Pay
from engine.comp.limits import Caps, Floor
from engine.comp.modifiers import Modifier
from engine.comp.reason import Reason, some
from engine.comp.restated import restated_pay
from engine.comp.tenure import Tenure, by_tenure
from engine.fields import Ratio, refuse
from engine.inputs import Words

if TYPE_CHECKING:
    from engine.comp.book import Book
    from engine.comp.component import Quantities
    from engine.comp.quantity import Quantity
    from engine.comp.reason import Figure


class Incentive(Crediting):
    """Pay that follows credit."""

    accumulate: Accumulate
    """Over what credit adds up before the table is read: `period`, `quarter`, `year_to_date`, or `transaction` (each
    deal by itself). Year to date pays F(to date) less what was earned so far, so that it trues itself up. Required."""
    quota: Against | None = None
    """Quota (and target incentive) that credit to date is held against: that of the interval `to_date`, or of the
    whole `interval`. Required where credit of a quarter or year is compared with a quota, else of no account."""
    goal: Goal | None = None
    """Credit that 100 % attainment stands for, for everybody, in place of a quota, such as five new customers a
    quarter. `quota` says whether that to date or of the whole interval. The quota unless given."""
    weight: Ratio = Field(default="1", gt=0, le=1, validate_default=True)
    """Share of the person's target incentive that this component carries; all of it unless given."""
    pay: Pay | None = None
    """When it is paid: `monthly`, `quarterly` or `annually`; as the plan says unless given. An annual payment falls in
    the last period also for a person who has left."""
    modifiers: tuple[Modifier, ...] = ()
    """Ratios that scale what is due, multiplied together; none unless given."""
    tenure: Tenure = ()
    """Factors by the months since the person came, after modifiers: what is due to date is scaled by that of each
    period. None unless given. The pay curve takes somebody who comes with the plan, the plan checker a factor of 1."""
    gates: tuple[Gate, ...] = ()
    """What must be reached, each gate by itself, after modifiers; none unless given. Pay by transaction is held
    against them by the sum of each period."""
    cap: Caps = ()
    """Limit on what it earns, or a list of them that hold one after the other; none unless given."""
    floor: Floor | None = None
    """Least that it pays, after caps; none unless given."""

    @model_validator(mode="after")
    def _deals_where_there_are_any(self) -> Incentive:
        if self.accumulate == "transaction":
            if any(cap.per != "deal" for cap in self.credit_caps):
                raise refuse(
                    "E_CHOICE",
                    "pay by transaction looks at single deals, a cap on credit of an interval at their sum",
                    "Use `per: deal`, or let credit accumulate over an interval.",
                )
        elif any(limit.per == "deal" for limit in (*self.cap, self.floor) if limit is not None):
            raise refuse(
                "E_CHOICE",
                "a cap or floor per deal needs accumulate: transaction",
                "Else no single deal has a pay.",
            )
        elif any(modifier.accumulate == "transaction" for modifier in self.modifiers):
            raise refuse(
                "E_CHOICE",
                "the ratio of a single deal scales pay by transaction alone",
                "Let the modifier accumulate over an interval.",
            )
        return self

    @abstractmethod
    def worth(self, credit: Quantity, quota: Quantity, target: Quantity, book: Book) -> Quantity:
        """Return what the credit is worth, unrounded: the rule of the kind."""

    def worth_to_date(self, groups: Groups, quota: Quantity, target: Quantity, book: Book) -> Quantity:
        """Return what credit to date is worth, unrounded, shape (..., spell, period)."""
        return self.worth(self.counted(book).running(groups), quota, target, book)

    def worth_by_deal(self, quota: Quantity, target: Quantity, book: Book) -> Quantity:
        """Return what each deal is worth by itself, unrounded; everything has shape (line,)."""
        return self.worth(self.counted_deals(book)[0], quota, target, book)

    def earn(self, book: Book) -> Quantity:
        """Return what is earned in each period, in whole minor units, shape (..., spell, period)."""
        return self.on_book(book)

    def of_deals(self) -> Self | None:
        """Return the incentive without modifiers, tenure, gates, caps and floor of intervals."""
        return built_up.bare(self)

    def reasons(self, book: Book) -> Iterator[Reason]:
        """Yield what modifiers, tenure, gates, caps and the floor of intervals change."""
        return built_up.rules(self, book)

    def on_book(self, book: Book) -> Quantity:
        """Return what is earned on the credits and quotas of a book, of people or of teams."""
        target = book.target.times(Fraction(self.weight))
        by_deal, caps = self.accumulate == "transaction", [cap for cap in self.cap if cap.per != "deal"]

        def uncapped(some: Book) -> Quantity:
            target = some.target.times(Fraction(self.weight))
            return self._by_deal(target, some) if by_deal else self._to_date(target, some)

        def capped(earned: Quantity) -> Quantity:
            return reduce(lambda amount, cap: cap.held(amount, target, book), caps, earned)

        if caps and book.takes_back:
            earned = restated_pay(self.read_by, book, uncapped, capped)
        else:
            earned = capped(uncapped(book))
        if self.floor is None or self.floor.per == "deal":
            return earned
        return self.floor.held(earned, target, book)

    def _to_date(self, target: Quantity, book: Book) -> Quantity:
        groups, whole = book.intervals.groups(self.accumulate), self.quota == "interval"
        against = target.to_date(groups, whole)
        due = self.worth_to_date(groups, self.held_against(book, groups, whole), against, book)
        for modifier in self.modifiers:
            due = modifier.scaled(due, book)
        due = by_tenure(due, self.tenure, book.since).rounded(book.rounding)
        for gate in self.gates:
            due = gate.held(due, against, book)
        return due.steps(groups)

    def _by_deal(self, target: Quantity, book: Book) -> Quantity:
        _, cells = book.deals(self.measure)
        period = book.intervals.groups("period")
        quota = self.held_against(book, period, whole=False)
        due = self.worth_by_deal(quota.at(cells), target.running(period).at(cells), book)
        for modifier in self.modifiers:
            due = modifier.scaled_by_deal(due, book)
        if self.tenure:
            due = by_tenure(due, self.tenure, book.since.reshape(-1)[cells % book.since.size])
        earned = due.rounded(book.rounding)
        for cap in self.cap:
            if cap.per == "deal":
                earned = cap.of_deal(earned, book)
        if self.floor is not None and self.floor.per == "deal":
            earned = self.floor.of_deal(earned, self.measure, book)
        earned = earned.tallied(cells, book.grid)
        for gate in self.gates:
            earned = gate.held_by_deal(earned, target, book)
        return earned

    @property
    def read_by(self) -> str:
        """Measure by which its table is read."""
        return self.measure

    def held_against(self, book: Book, groups: Groups, whole: bool) -> Quantity:
        """Return the quota of each interval to date, or of all of it, or the goal; shape (spell, period)."""
        if self.goal is not None:
            return self.goal.of(book, groups, whole)
        return book.quota_of(self.read_by).to_date(groups, whole)

    def asks(self) -> Iterator[Asked]:
        """Yield the columns of deals that it asks for."""
        yield from (rule.asked(f"weights[{i}]") for i, rule in enumerate(self.weights))

    def measures(self) -> Words:
        """Return the measures it looks at."""
        deals = () if self.floor is None or self.floor.deals is None else (self.floor.deals,)
        others = (m for rule in (*self.modifiers, *self.gates) for m in rule.measures())
        return tuple(dict.fromkeys((self.measure, *others, *deals)))

    def quantities(self) -> Iterator[tuple[str, Quantities]]:
        """Yield measures that must be money, or counts: those whose goals or levels are credit itself."""
        if self.goal is not None:
            yield from self.goal.quantities(self.read_by)
        for rule in (*self.modifiers, *self.gates):
            if rule.levels_in is not None:
                yield rule.measure, "count" if rule.levels_in == "units" else "amount"

    def held_to_quota(self) -> Words:
        """Return the measures that it compares with a quota."""
        own = (self.read_by,) if self.needs_quota and self.goal is None else ()
        others = (m for rule in (*self.modifiers, *self.gates) for m in rule.held_to_quota())
        return tuple(dict.fromkeys((*own, *others)))

    def when(self, plan: Pay) -> Pay:
        """Return when it pays, given when its plan does."""
        return self.pay or plan

    @property
    @abstractmethod
    def needs_quota(self) -> bool:
        """Whether it compares credit with a quota."""

    @property
    def needs_deals(self) -> bool:
        """Whether it looks at every deal by itself."""
        return self.accumulate == "transaction" or self.weighs_deals

    @property
    def points(self) -> int:
        """Rounding points of one period: what is due, and limits."""
        return 1 + len(self.gates) + len(self.cap) + (self.floor is not None)

    def faults(self, currency: str) -> Iterator[tuple[str, str, str, str]]:
        """Yield (code, field, message, hint) for amounts that the currency cannot hold."""
        from engine.reading.money import money_faults

        for fault in money_faults(self, currency):
            yield fault.code, fault.field, fault.message, fault.hint


class QuotaBonus(Incentive):
    """What pays its weight of the target incentive at 100 % attainment, whatever its table."""

    @property
    def needs_quota(self) -> bool:
        """Whether it compares credit with a quota: always."""
        return True

    @property
    def target_weight(self) -> float:
        """Share of the target incentive at 100 % attainment."""
        return float(self.weight)

    def reasons(self, book: Book) -> Iterator[Reason]:
        """Yield what attainment pays of the target incentive, then what rules change."""
        if self.accumulate != "transaction":
            groups, whole = book.intervals.groups(self.accumulate), self.quota == "interval"
            credit, quota = (
                self.counted(book).running(groups),
                self.held_against(book, groups, whole),
            )
            target = book.target.times(Fraction(self.weight)).to_date(groups, whole)
            due = self.worth(credit, quota, target, book)
            figures: dict[str, Figure] = {
                "ratio": (credit, quota),
                "pays": (due, target),
                "target": target.rounded(book.rounding),
            }
            shown = some(quota) | some(self.counted(book))
            nothing = target.times(Fraction(0)).rounded(book.rounding)
            yield Reason("attainment", nothing, self.attained(), {**figures, **self.further(book)}, shown)
        yield from super().reasons(book)

    def attained(self) -> str:
        """Return how attainment is told: with the figures `ratio`, `pays` and `target`."""
        return f"{self.measure} at {{ratio}}: {{pays}} of target incentive {{target}}"

    def further(self, book: Book) -> Mapping[str, tuple[Quantity, Quantity]]:
        """Return what else attainment is told with."""
        return {}
