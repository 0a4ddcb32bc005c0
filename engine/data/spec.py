"""DataSpec: what a scenario says under `data:` about its tables, and how to read each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from engine.blocks import Block
from engine.data.dictionary import PERSON, READ
from engine.data.table_spec import TableSpec
from engine.fields import Currency, Day, Name, Ratio, Text, refuse

Outcome = Literal["won", "lost"]
ExtraType = Literal["text", "whole", "real", "money"]
Rate = Annotated[Ratio, Field(gt=0, le=1_000_000)]
ALWAYS = "1900-01-01"
"""Day from which a rate holds that is given without one."""


def _by_day(value: Any) -> Any:
    return value if isinstance(value, Mapping) else {ALWAYS: value}


RatesByDay = Annotated[
    Mapping[Day, Rate],
    Field(min_length=1),
    BeforeValidator(_by_day, json_schema_input_type=Rate | Mapping[Day, Rate]),
]
OUTCOMES: Mapping[str, Outcome] = {"Won": "won", "Lost": "lost", "Closed Won": "won", "Closed Lost": "lost"}


def _no_collision(names: Iterable[str], table: str, where: str) -> None:
    taken = {column.name for column in READ[table]}
    seen: list[str] = []
    for name in names:
        if name in taken or name in seen:
            raise refuse(
                "E_NAME", f"{where}: '{name}' is taken", "Choose another name and map it under columns."
            )
        seen.append(name)


class AccountsTable(TableSpec):
    """Who may buy: id, name, segment, latitude, longitude, owner, potential, workload; only id is required."""

    extra: Mapping[Name, ExtraType] = Field(default_factory=dict)
    """Further columns by name and type (text, whole, real, money), for measures and rules of the scenario. A blank
    number needs a value under `defaults`."""

    table: ClassVar[str] = "accounts"

    def names(self) -> tuple[str, ...]:
        """Our names of the columns that may be read."""
        return (*super().names(), *self.extra)

    @model_validator(mode="after")
    def _extra_is_new(self) -> AccountsTable:
        _no_collision(self.extra, self.table, "extra")
        return self


class RepsTable(TableSpec):
    """Seats: id, name, levels, latitude, longitude, serves, slots, history; only id and the levels are required.

    Without a table of spells each row also holds its person: person (the id of the seat unless given; a blank cell is
    an open position), start, end, plan, salary, target_incentive.
    """

    levels: tuple[Name, ...] = ()
    """Columns of the hierarchy above the seat, from the top down: `[region, district]`."""
    extra: Mapping[Name, ExtraType] = Field(default_factory=dict)
    """Further columns by name and type (text, whole, real, money), for rules of the scenario: languages and skills
    (separated by `;`), the share of a full territory that a ramping seat takes. A blank number needs a value under
    `defaults`."""

    table: ClassVar[str] = "reps"

    def names(self) -> tuple[str, ...]:
        """Our names of the columns that may be read."""
        return (*super().names(), *self.levels, *self.extra)

    @model_validator(mode="after")
    def _levels_are_new(self) -> RepsTable:
        _no_collision((*self.levels, *self.extra), self.table, "levels and extra")
        return self


class SpellsTable(TableSpec):
    """People in seats: person, rep, start, end, plan, salary, target_incentive; person and rep are required.

    `exclude` names persons here.
    """

    table: ClassVar[str] = "spells"


class ProductsTable(TableSpec):
    """What is sold: id, name, price; only id is required."""

    table: ClassVar[str] = "products"


class OpportunitiesTable(TableSpec):
    """Deals, closed and open: id, account, rep, product, stage, created, entered, closed, amount.

    id, stage, created and closed must be there; blank where a row does not know: account, rep and amount (but a won
    deal needs its amount), and product and created of an open deal. `closed` is not read while a deal is open. An
    optional column `kind` says what a deal is, `new`, `renewal` or `expansion`; blank is new. Renewals and expansions
    that were closed since the plan began count as such, others are left out.
    """

    outcomes: Mapping[Text, Outcome] = OUTCOMES
    """Stage in the file: won or lost; every other stage is open. `Won`, `Lost`, `Closed Won` and `Closed Lost`
    unless given."""
    known_at: Day | None = None
    """Last day of which the engine may know: rows created later are left out, rows closed later count as open, with
    their amount unknown. The day before the plan starts, or before the scenario's `as_of`, unless given, so that
    nothing that is simulated is known."""
    stage_at_cut: Text = ""
    """Open stage in which deals stood at `known_at` that moved or closed later. Required when there are any."""

    table: ClassVar[str] = "opportunities"


class OpenDealsTable(TableSpec):
    """Deals open on `as_of`, or at the start of the plan, in a table of their own: the columns of opportunities.

    Open deals among the opportunities are not used then.
    """

    table: ClassVar[str] = "open_deals"


class ActualsTable(TableSpec):
    """Deals closed since the plan began: the columns of opportunities; needs the scenario's `as_of`.

    An export of the day of `as_of`: rows that are open, or were closed outside the plan so far, are left out and
    counted. An optional column `kind` says what was booked, `new`, `renewal` or `expansion`; blank is new. Deals that
    were closed since the plan began are not read from the opportunities then; one that is still
    open there was closed since their export, and counts once.
    """

    outcomes: Mapping[Text, Outcome] = OUTCOMES
    """Stage in the file: won or lost; every other stage is open. `Won`, `Lost`, `Closed Won` and `Closed Lost`
    unless given."""

    table: ClassVar[str] = "actuals"


class ContractsTable(TableSpec):
    """The installed base: id, account, rep, product, amount of a term, renews, months of a term."""

    table: ClassVar[str] = "contracts"


class StageHistoryTable(TableSpec):
    """When each deal entered each stage, a row an entry: opportunity, stage, entered.

    Stages that say how a deal ended, those of `opportunities.outcomes`, are left out; the close stands among the
    opportunities. `exclude` names opportunities here.
    """

    table: ClassVar[str] = "stage_history"


class HrTable(TableSpec):
    """Who came and left, for attrition: person, start, end. `exclude` names persons here."""

    table: ClassVar[str] = "hr"


class AdjacencyTable(TableSpec):
    """Geographic units that touch, one pair a row: unit, neighbour. The other direction need not stand there.

    A unit that touches no other stands in a row with a blank neighbour. `exclude` names units here.
    """

    table: ClassVar[str] = "adjacency"


class DistancesTable(TableSpec):
    """Ways between accounts and seats: account, rep, km, and hours where known; not every pair need be there."""

    table: ClassVar[str] = "distances"


class OwnersTable(TableSpec):
    """Who held each account from when: account, rep, since. The last on the day of the plan is the incumbent."""

    table: ClassVar[str] = "owners"


class BalancesTable(TableSpec):
    """Balances from before the plan: person, component, amount; and due_in for what a holdback holds.

    What people owe on recoverable draws, what holdbacks hold, and what limits carry forward. The pay folder of the year
    before holds it, `private/carried.csv`. `exclude` is of no account here.
    """

    table: ClassVar[str] = "balances"


class GoalsTable(TableSpec):
    """Goals of the company and of nodes: level, node, product, period, amount; only amount is required.

    A blank amount is no goal, and 0 is a goal of nothing. `exclude` names nodes here.
    """

    table: ClassVar[str] = "goals"


class _PathAlone:
    """Tells the JSON schema that a table may be given as its path alone."""

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, handler(core)]}


class DataSpec(Block):
    """The tables of a scenario."""

    accounts: Annotated[AccountsTable, _PathAlone()]
    """Who may buy."""
    reps: Annotated[RepsTable, _PathAlone()]
    """The seats that accounts go to."""
    spells: Annotated[SpellsTable, _PathAlone()] | None = None
    """People in seats; unless given, each row of reps holds its person."""
    products: Annotated[ProductsTable, _PathAlone()] | None = None
    """What is sold; a single product `all` unless given."""
    opportunities: Annotated[OpportunitiesTable, _PathAlone()] | None = None
    """Past and open deals; none unless given."""
    open_deals: Annotated[OpenDealsTable, _PathAlone()] | None = None
    """Open deals, where they are not among the opportunities."""
    owners: Annotated[OwnersTable, _PathAlone()] | None = None
    """Owners of accounts by date: the last one on `as_of`, or else when the plan starts, is the incumbent. The column
    `owner` of the accounts unless given, and for accounts that are not in it."""
    actuals: Annotated[ActualsTable, _PathAlone()] | None = None
    """Deals closed between the start of the plan and `as_of`, where they are not among the opportunities."""
    contracts: Annotated[ContractsTable, _PathAlone()] | None = None
    """Contracts that renew; used by the process `renewals` of the pipeline."""
    stage_history: Annotated[StageHistoryTable, _PathAlone()] | None = None
    """When deals entered their stages; used by `apportion calibrate`. Needs a table of opportunities."""
    hr: Annotated[HrTable, _PathAlone()] | None = None
    """Who came and left; used by `apportion calibrate`, which takes the spells of people in seats without it."""
    adjacency: Annotated[AdjacencyTable, _PathAlone()] | None = None
    """Geographic units that touch, for territories that hang together; none unless given."""
    distances: Annotated[DistancesTable, _PathAlone()] | None = None
    """Distances between accounts and seats, where they are not great circles; used by what says `by: table`."""

    rates: Mapping[Currency, RatesByDay] = Field(default_factory=dict)
    """What a unit of another currency is worth in the plan's: `EUR: 1.08`, or by the first day on which it holds,
    `EUR: {"2026-01-01": 1.05, "2026-07-01": 1.08}`. Amounts of closed deals are converted on the day of the close,
    those of open ones at the last rate. Deals in other currencies are refused unless given."""
    balances: Annotated[BalancesTable, _PathAlone()] | None = None
    """What people owed, or were owed, when the plan began, also where `as_of` is later; nothing unless given."""
    goals: Annotated[GoalsTable, _PathAlone()] | None = None
    """Goals by product and period, instead of `quotas.goal`, and goals of regions, districts or seats, which tie out
    with the company's; none unless given."""

    @model_validator(mode="after")
    def _consistent(self) -> DataSpec:
        person = {column.name for column in PERSON}
        twice = sorted(person & (set(self.reps.columns) | set(self.reps.defaults)))
        if self.spells is not None and twice:
            message = f"reps names {', '.join(twice)}, but there is a table of spells"
            raise refuse("E_CONFLICT", message, "Give people once.")
        if self.stage_history is not None and self.opportunities is None:
            raise refuse(
                "E_REQUIRED", "a history of stages without opportunities", "Give the table they are in."
            )
        for table in (self.opportunities, self.open_deals, self.actuals, self.goals):
            if (
                table is not None
                and self.products is None
                and {"product"} & {*table.columns, *table.defaults}
            ):
                raise refuse("E_REQUIRED", f"{table.table} name products", "Add a table of products.")
        return self
