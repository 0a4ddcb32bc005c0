"""CompSpec: what a scenario says under `comp:`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal

from pydantic import Field, field_validator, model_validator

from engine.blocks import Block, kinds
from engine.comp import components as component_kinds
from engine.comp.accounting import Accounting
from engine.comp.budget import BudgetSpec
from engine.comp.carry import Carry
from engine.comp.component import Component
from engine.comp.intervals import Pay
from engine.comp.looks import sound
from engine.comp.oncosts import OnCosts
from engine.comp.proration import Proration
from engine.comp.rounding import Rounding
from engine.fields import Name, Text, Whole, refuse
from engine.inputs import Words

if TYPE_CHECKING:
    from engine.calendar import Calendar

    AnyComponent = Component
else:
    AnyComponent = kinds(component_kinds, Component)


class Plan(Block):
    """One comp plan: its components are added up."""

    description: Text = ""
    """What the plan is for; shown in the report. Blank unless given."""
    pay: Pay
    """When variable pay is paid: `monthly` (every period), `quarterly` or `annually`, in the last period of the
    interval. A component may say otherwise. Required."""
    components: tuple[AnyComponent, ...]
    """Salary, commissions and bonuses, in the order in which a statement lists them."""

    @field_validator("components")
    @classmethod
    def _labels_differ(cls, value: tuple[Component, ...]) -> tuple[Component, ...]:
        if not value:
            raise refuse(
                "E_REQUIRED", "the plan has no components", "Give at least one, such as kind: salary."
            )
        labels = [component.label for component in value]
        twice = sorted({label for label in labels if labels.count(label) > 1})
        if twice:
            raise refuse(
                "E_DUPLICATE", f"two components are called '{twice[0]}'", "Give each a `name` of its own."
            )
        return value

    @model_validator(mode="after")
    def _looks_at_what_is_there(self) -> Plan:
        sound(self.components, self.pay)
        return self

    def by_deal(self, calendar: Calendar, cash: Words = (), *, waits: bool = False) -> bool:
        """Whether sums by period do not tell all it looks at, so that a simulation settles it deal by deal.

        They do not where one of its measures counts with the `cash`: that is whose the deal was, wherever they are. Nor
        where pay on a deal `waits` for it.
        """
        return any(
            part.needs_deals
            or part.needs_days(calendar)
            or not set(cash).isdisjoint(part.measures())
            or (waits and part.of_deals() is not None)
            for part in self.components
        )


class CostOfSales(Block):
    """How comp cost of sales is defined; sources differ, so the report prints it."""

    cost: Literal["total", "variable"] = "total"
    """Numerator: `total` (salary and variable pay, the default) or `variable` pay alone."""
    measure: Name = "bookings"
    """Denominator: the measure of all seats, staffed or not; `bookings` unless given."""


class CompSpec(Block):
    """What it pays: plans by name, and the rules that hold for all of them.

    Plans are dated by the table of people: a row is a person in a seat under a plan from a day to a day, with the
    salary and target incentive of that time. A hire, an exit, a leave (no row for its days), a transfer (a row in
    another seat) and a change of plan or of terms (another row) may fall on any day. In the period of the change,
    people are credited with the deals of their days, and what closes while nobody holds the seat pays nobody. A quota
    from a table is cut by days among those who held the seat. One that was set in the same run counts who sits there
    and for how long (ramp, leave, vacancy), and everybody carries what their own days count. Under a new plan credit,
    quota and target incentive begin anew with its first day; under the same plan `carry` says what happens.
    """

    plans: Mapping[Name, Plan] = Field(min_length=1)
    """Plans by the name that the table of people (spells) uses."""
    rounding: Rounding
    """`half_even` or `half_up` (away from zero), to the minor unit of the currency. Amounts are rounded where a
    component's pay to date is worked out, where a limit on it is, where a year's amount is cut into periods, and where
    a weight changes the credit of a deal, nowhere else. Required."""
    proration: Proration
    """How an annual salary or target incentive is cut by days: `days_of_period` (every period is a twelfth of a
    year; part of a period counts its days in seat over its days), `days_of_year` (days in seat over days of the
    year), `days_30_360` (every month has 30 days, the year 360; calendar months alone), `first_day` (a twelfth for
    whoever holds the seat on the period's first day), `whole_months` (a twelfth for whoever holds it on the
    `cutoff_day`) or `none` (a twelfth for everybody with a day in the period, by the last of their rows in it). The
    first day of a spell counts, the day after its last does not. Credit and quota of a
    seat go by the days held under each rule. Required."""
    cutoff_day: Whole | None = Field(default=None, ge=1, le=31)
    """Day of the period, from 1, that decides under `whole_months`: with 15, who comes on the 15th has the whole month,
    and who comes on the 16th nothing of it. The last day where a period is shorter. Required there, and for no other
    rule."""
    carry: Carry | None = None
    """What a person accumulated (credit to date, quota, caps, draws) when a new row of the same person under the same
    plan begins: `spell` starts anew, `person` runs on through transfers, raises and leave, and pay then stands in the
    first of the rows. Required where somebody has two rows under a plan in the year."""
    release: Literal["booking", "cash"] = "booking"
    """When pay on a deal becomes due in a simulation: at the `booking`, or when its customer pays (`cash`), as the
    processes of `payment` say. Attainment and rate follow the booking in either case, and what no single deal explains
    is due when it is earned. What is due after the plan is paid in none of its periods; pay on deals from before the
    plan is left out. `booking` unless given; `crediting.release` in a pay file."""
    cost_of_sales: CostOfSales = CostOfSales()
    """Definition of comp cost of sales: total cost over `bookings` unless given."""
    accounting: Accounting = Accounting()
    """What the books hold before the year, the clawback reserve, and the accounts of the journal."""
    budget: BudgetSpec | None = None
    """What comp was expected to cost, beside which a scenario with `as_of` shows what it has cost and will; none unless
    given."""
    on_costs: OnCosts = ()
    """What the employer pays on top of pay; none unless given."""

    @model_validator(mode="after")
    def _cutoff_where_needed(self) -> CompSpec:
        if (self.cutoff_day is not None) != (self.proration == "whole_months"):
            raise refuse(
                "E_REQUIRED",
                "`cutoff_day` belongs to proration: whole_months, and is required there",
                "Give 15, say.",
            )
        return self

    def quantities_meant(self) -> Iterator[tuple[str, str, str]]:
        """Yield (field path, measure, quantity) where a component pays on money alone, or on counts alone."""
        for name, plan in self.plans.items():
            for i, component in enumerate(plan.components):
                for measure, quantity in component.quantities():
                    own = ".measure" if measure == getattr(component, "measure", None) else ""
                    yield f"comp.plans.{name}.components[{i}]{own}", measure, quantity

    def measures_named(self) -> Iterator[tuple[str, str]]:
        """Yield (field path, measure) for every measure that is named here."""
        for name, plan in self.plans.items():
            for i, component in enumerate(plan.components):
                for measure in component.measures():
                    yield f"comp.plans.{name}.components[{i}].measure", measure
        yield "comp.cost_of_sales.measure", self.cost_of_sales.measure
