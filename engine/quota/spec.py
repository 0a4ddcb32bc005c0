"""QuotaSpec: what a scenario says under `quotas:`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from engine.amounts import to_minor
from engine.blocks import Block
from engine.fairness.spec import FairnessSpec
from engine.fields import Day, Money, Name, Ratio, Real, Text, Whole, refuse
from engine.quota.adjusting.spec import AdjustmentFiles
from engine.quota.bounds import Bounds
from engine.quota.given import Goal, MaybeMoney, ProductShares, Seasonality, amounts
from engine.quota.in_force.relief_spec import ReliefSpec
from engine.quota.keeping.spec import KeepSpec
from engine.quota.method import Method
from engine.quota.teams.spec import AnyMethod, Team


class QuotaSolver(Block):
    """Who searches, and how good the answer must be proven to be."""

    backend: Text = "highs"
    """Name of the solver backend; `highs` unless given."""
    gap: Ratio = Field(default="0.001", ge=0, lt=1, validate_default=True)
    """Relative gap between a deviation and its proven bound at which each solve may stop; 0.1% unless given."""
    node_limit: Whole | None = Field(default=20_000, ge=1)
    """Nodes of the search tree after which the best quotas so far are taken; 20,000 unless given, fewer where more
    than 100 seats and nodes carry quotas. Repeatable."""
    time_limit: Real | None = Field(default=None, gt=0)
    """Seconds per solve; none unless given. Quotas that end on the clock may not repeat."""


class Leave(Block):
    """Days on which somebody is away."""

    rep: Text
    """Seat."""
    start: Day
    """First day away."""
    end: Day
    """Day of the return: the first one back."""
    carries: Ratio = Field(default="0", ge=0, le=1, validate_default=True)
    """Share of the quota that is carried on these days all the same; 0 unless given."""
    reason: Text = ""
    """Why, for people who read the scenario."""

    @model_validator(mode="after")
    def _some_days(self) -> Leave:
        if self.end <= self.start:
            raise refuse("E_DATE", f"leave ends {self.end}, not after its start {self.start}", "Swap them.")
        return self


class QuotaSpec(Block):
    """Who carries what number: goal to region, district, rep, product and period, to the cent at every level."""

    goal: Goal = None
    """The company's goal for the whole plan, such as `40M`; or one amount per period, keyed by period label
    (`2027-01: 3M`) or quarter (`Q1: 9M`, by fiscal quarter of the plan); or one per product, keyed by product id; or
    both together (`{GTX: {Q1: 1M, Q2: 2M, Q3: 0, Q4: none}, MG: 5M}`). 0 is a goal of nothing; `none`, like a product
    that is not named, is no goal at all. Currency units. Not needed where `data.goals` is a table of it."""
    measure: Name = "bookings"
    """Measure that the quotas are set on; `bookings` unless given. It is what a seat's credit is compared with."""
    levels: tuple[Text, ...] | None = None
    """Levels of the hierarchy of the reps' table that carry quotas, from the top down, such as `[region, district]`;
    all of them unless given, `[]` for none. Seats always come last."""
    over_assignment: Mapping[Text, Ratio] = {}
    """By level (`{region: 0%, district: 3%, rep: 5%}`): by how much the quotas of that level together exceed what
    stands above them. Levels not named have 0. Negative under-assigns."""
    products: ProductShares = "none"
    """Shares of products by product id (`{S1: 60%, S2: 40%}`; a product not named carries nothing), `history` (by
    money won per product in the closed deals), or `none`, a single product `all` (the default)."""
    seasonality: Seasonality = "even"
    """Weight of each period: a list in order, a mapping by period label or by quarter (`Q1: 20%`; spread evenly
    inside), `even` (the default), `days` (by length), `history` (by money won in whole past years) or `simulated`
    (by mean simulated bookings). Or one of these for each product by its id (`{GTX: history, MG: [1, 1, 2, 2]}`), or
    `{by: product, from: history}`."""
    step: Money = Field(default="0", ge=0, validate_default=True)
    """Quotas are multiples of this amount, currency units; 0, the default, means the minor unit (a cent). Where a sum
    must hold and is no multiple, the child with the largest target carries the remainder."""
    methods: tuple[AnyMethod, ...] = Field(min_length=1)
    """Ways to share out the goal, blended by their weights."""
    bounds: Bounds = Bounds()
    """What a seat's or a node's quota for the whole plan may be; none unless given."""
    ramp: tuple[Ratio, ...] = ()
    """Share of a full quota carried in each month in the seat, from the first, such as `[0, 25%, 50%, 75%]`; full
    from the month after the list ends. A backfill ramps anew. None unless given."""
    leave: tuple[Leave, ...] = ()
    """Absences of people who come back to their seat: their quotas rest, and no ramp begins anew. Who leaves for good,
    who comes after, and positions still open stand among the spells."""
    vacant: Ratio = Field(default="0", ge=0, le=1, validate_default=True)
    """Share of a full quota that a seat carries on days when nobody sits in it; 0 unless given, so that an open
    seat carries from its hire date."""
    locks: Mapping[Text, MaybeMoney] = {}
    """Quotas of the whole plan that are fixed already, by name of a seat; currency units. 0 is a quota of nothing;
    `none` says that the seat carries none, so that it has no claim either."""
    teams: Mapping[Text, Team] = {}
    """Teams by name, such as direct sellers, partners and overlays: each shares out its part of the goal, or a goal of
    its own beside it, among its members; all seats carry the goal together unless given."""
    adjustments: AdjustmentFiles = ()
    """Quotas that people set by hand, with their reasons: files of seats or nodes, products and periods, or the edited
    workbook of an earlier run. They are held, and everything else is balanced around them; none unless given."""
    previous: Text = ""
    """Run folder whose quotas are in force, such as `../runs/annual_plan`; none unless given. The table `quota_changes`
    says of each quota that differs why it does. With `as_of`, quotas of periods that are over stand as they are, and
    what is left of the goal is spread over the others."""
    keep: KeepSpec | None = None
    """What is in force stays unless there is a reason, with `previous`; every seat is set by the methods unless
    given."""
    shortfall: Literal["drop", "carry"] = "drop"
    """What becomes of quota that a seat did not reach in periods that are over, with `previous` and `as_of`: `drop`
    (the default), or `carry`, so that its open periods carry it on top of what the goal hands down, up to bounds."""
    relief: tuple[ReliefSpec, ...] = ()
    """What single seats need not carry any more, each with its reason and who carries it now; none unless given."""
    fresh: Whole | None = Field(default=None, ge=0)
    """Replications that are simulated anew, with parameters drawn anew as far as the data leave them open, to check the
    chance of every quota on; 0 for none. Unless given, as many as are simulated where a method looks at chances
    (`equal_difficulty`, `target_share`), and none elsewhere."""
    fairness: FairnessSpec = FairnessSpec()
    """What counts as fair when the quotas are tested."""
    solver: QuotaSolver = QuotaSolver()
    """Solver and proof."""

    @property
    def equalising(self) -> Method | None:
        """The only method, where it makes chances equal; None otherwise."""
        weighed = [method for method in self.methods if method.weight > 0]
        return weighed[0] if len(weighed) == 1 and weighed[0].equalises else None

    def total(self, currency: str) -> int:
        """Return the goal of the whole plan, minor units of the currency."""
        return sum(to_minor(amount, currency) for _, amount in amounts(self.goal) if amount is not None)

    @field_validator("ramp")
    @classmethod
    def _ramp_in_range(cls, value: tuple[Any, ...]) -> tuple[Any, ...]:
        for month, share in enumerate(value, start=1):
            if not 0 <= share <= 1:
                raise refuse("E_RANGE", f"month {month} of the ramp is {share}", "Give ratios from 0 to 1.")
        return value

    @field_validator("over_assignment")
    @classmethod
    def _above_nothing(cls, value: Mapping[str, Any]) -> Mapping[str, Any]:
        for level, share in value.items():
            if not -1 < share <= 10:
                raise refuse(
                    "E_RANGE", f"over-assignment of {level} is {share}", "Give a ratio above -1, at most 10."
                )
        return value

    @model_validator(mode="after")
    def _complete(self) -> QuotaSpec:
        if sum(method.weight for method in self.methods) <= 0:
            raise refuse(
                "E_RANGE", "the weights of the methods sum to 0", "Give at least one method a weight above 0."
            )
        if self.equalising is not None and self.equalising.finds_street and "rep" in self.over_assignment:
            raise refuse(
                "E_CONFLICT",
                "the over-assignment of `rep` is given, and the method finds it",
                "Leave `rep` out of over_assignment, or use equal_difficulty.",
            )
        for name, amount in self.locks.items():
            if amount is not None and amount < 0:
                raise refuse(
                    "E_RANGE", f"lock of {name} is negative: {amount:f}", "Give an amount of at least 0."
                )
        return self
