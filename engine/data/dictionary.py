"""The columns of the input tables: what a table may hold, and what the typed tables of a run hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.columns import Column
from engine.in_force import COLUMNS as IN_FORCE
from engine.in_force import OPTIONAL

if TYPE_CHECKING:
    from engine.data.spec import DataSpec

SEPARATOR = ";"
"""Between the segments that a seat serves."""

CURRENCY = Column("currency", "text", "ISO code of the amounts in the row; must be the plan's currency")

CURRENCY_OF_DEAL = Column(
    "currency", "text", "ISO code of the amount in the row: the plan's currency, or one of data.rates"
)

ACCOUNTS = (
    Column("id", "text", "Id of the account", required=True),
    Column("name", "text", "Name of the account; its id unless given"),
    Column("segment", "text", "Segment of the account; `all` unless given"),
    Column("latitude", "real", "Latitude of the account; blank where unknown", "degrees"),
    Column("longitude", "real", "Longitude of the account; blank where unknown", "degrees"),
    Column("owner", "text", "Seat that holds the account today (the incumbent); blank for none"),
    Column("potential", "money", "Money a year that could be won; 0 where unknown"),
    Column(
        "workload",
        "real",
        "Work a year that the account takes, to hundredths; 1 unless given",
        "hours or calls",
    ),
)

PERSON = (
    Column("person", "text", "Person in the seat"),
    Column("start", "date", "First day in the seat; long ago where blank"),
    Column("end", "date", "Day after the last day in the seat; blank while no end is known"),
    Column("plan", "text", "Comp plan of the person; blank for none"),
    Column("salary", "money", "Base salary a year"),
    Column("target_incentive", "money", "Target incentive a year, paid at 100 % attainment"),
    Column("role", "text", "Role of the person, by which cost is told too; the comp plan where blank"),
)

REPS = (
    Column("id", "text", "Id of the seat", required=True),
    Column("name", "text", "Name of the seat; its id unless given"),
    Column("latitude", "real", "Latitude of the seat's home; blank where unknown", "degrees"),
    Column("longitude", "real", "Longitude of the seat's home; blank where unknown", "degrees"),
    Column("serves", "text", "Segments that the seat may own, separated by `;`; blank means any"),
    Column("slots", "whole", "Opportunities worked at a time; blank takes the pipeline's default"),
    Column(
        "history", "money", "Bookings of the seat in the last full year; from won opportunities unless given"
    ),
)

SPELLS = (
    PERSON[0],
    Column("rep", "text", "Seat of the spell", required=True),
    *PERSON[1:],
)

PRODUCTS = (
    Column("id", "text", "Id of the product", required=True),
    Column("name", "text", "Name of the product; its id unless given"),
    Column("price", "money", "List price; 0 where unknown"),
)

DEALS = (
    Column("id", "text", "Id of the opportunity", required=True),
    Column("account", "text", "Account of the opportunity; blank where unknown"),
    Column("rep", "text", "Seat that works on it, or closed it; blank where unknown"),
    Column("product", "text", "Product of the opportunity; blank where unknown"),
    Column("stage", "text", "Stage as the table names it", required=True),
    Column("created", "date", "Day on which it was created"),
    Column("entered", "date", "Day on which it entered its present stage; `created` unless given"),
    Column(
        "closed", "date", "Day on which it was won or lost; while open an expected day, which is not read"
    ),
    Column("amount", "money", "Amount; blank where unknown"),
    Column("source", "text", "Source of the lead; blank where unknown"),
)

KIND = Column("kind", "text", "What was booked: new, renewal or expansion; new where blank")

STAGE_HISTORY = (
    Column("opportunity", "text", "Id of the opportunity", required=True),
    Column("stage", "text", "Stage that it entered, as the table names it", required=True),
    Column("entered", "date", "Day on which it did", required=True),
)

HR = (
    Column("person", "text", "Person", required=True),
    Column("start", "date", "First day with the company", required=True),
    Column("end", "date", "Day after the last; blank for who is still there"),
)

ADJACENCY = (
    Column("unit", "text", "Geographic unit, as a column of the accounts names it", required=True),
    Column("neighbour", "text", "Unit that touches it; blank where none does"),
)

DISTANCES = (
    Column("account", "text", "Account at one end of the way", required=True),
    Column("rep", "text", "Seat at the other end", required=True),
    Column("km", "real", "Length of the way there", "km", required=True),
    Column("hours", "real", "Time of the way there; blank where unknown", "hours"),
)

CONTRACTS = (
    Column("id", "text", "Id of the contract", required=True),
    Column("account", "text", "Account of the contract; blank where unknown"),
    Column("rep", "text", "Seat that its renewals are credited to; that of the account unless given"),
    Column("product", "text", "Product of the contract"),
    Column("amount", "money", "Worth of a term"),
    Column("renews", "date", "Day of a renewal", required=True),
    Column("months", "whole", "Term; 12 unless given", "months"),
)

OWNERS = (
    Column("account", "text", "Account that was held", required=True),
    Column("rep", "text", "Seat that held it from that day; blank from when nobody did"),
    Column("since", "date", "First day", required=True),
)

BALANCES = (
    Column("person", "text", "Person", required=True),
    Column("component", "text", "Draw, holdback or limit, by its name on statements", required=True),
    Column("amount", "money", "Owed by the person (draw), held (holdback) or waiting (limit)", required=True),
    Column("due_in", "whole", "Holdback alone: period of the plan in which it is released, 1 for the first"),
)

GOALS = (
    Column(
        "level",
        "text",
        "Level of the node, or `rep`; found by the node's name unless given; blank for the company",
    ),
    Column("node", "text", "Region, district or seat whose goal it is; blank for the company"),
    Column("product", "text", "Product of the goal; blank for all of them together"),
    Column("period", "text", "Period of the plan, or quarter (`Q1`); blank for the whole plan"),
    Column("amount", "money", "What is to be brought; blank for no goal, which is not a goal of 0"),
)

READ: dict[str, tuple[Column, ...]] = {
    "accounts": (*ACCOUNTS, CURRENCY),
    "reps": (*REPS, *PERSON, CURRENCY),
    "spells": (*SPELLS, CURRENCY),
    "products": (*PRODUCTS, CURRENCY),
    "opportunities": (*DEALS, KIND, CURRENCY_OF_DEAL),
    "open_deals": (*DEALS, CURRENCY_OF_DEAL),
    "actuals": (*DEALS, KIND, CURRENCY_OF_DEAL),
    "contracts": (*CONTRACTS, CURRENCY),
    "stage_history": STAGE_HISTORY,
    "hr": HR,
    "owners": OWNERS,
    "distances": DISTANCES,
    "adjacency": ADJACENCY,
    "balances": (*BALANCES, CURRENCY),
    "goals": (*GOALS, CURRENCY),
}
"""Canonical columns that may be read from each table, besides declared levels and further columns."""

FINDINGS = (
    Column("table", "text", "Table in which it was found"),
    Column("what", "text", "What was found"),
    Column("rows", "whole", "How many rows"),
    Column("action", "text", "What became of them: dropped, set aside, mapped or kept"),
    Column("examples", "text", "The first of them, one a line"),
)

SOURCES = (
    Column("file", "text", "File as the scenario names it"),
    Column("sha256", "text", "SHA-256 of its bytes as they were read"),
)

EDITS = (
    Column("file", "text", "File as the scenario names it"),
    Column("account", "text", "Account that is fixed"),
    Column("rep", "text", "Seat that it is fixed to"),
    Column("place", "text", "Where the edit stands"),
    Column("reason", "text", "What the file says of it"),
)

ADJUSTED = (
    Column("file", "text", "File as the scenario names it"),
    Column("name", "text", "Seat or node whose quota is set"),
    Column("product", "text", "Product; blank for all of them together"),
    Column("period", "text", "Period; blank for the whole plan"),
    Column("amount", "money", "Quota that is set; one minor unit below 0 for none at all"),
    Column("place", "text", "Where the row stands"),
    Column("reason", "text", "What the file says of it"),
)

START = (
    Column("account", "text", "Id of the account"),
    Column("rep", "text", "Seat that owned it in the run from which the search starts; blank for none"),
)

BUDGET = (
    Column("figure", "text", "`total` (salary and variable pay) or `variable`"),
    Column("period", "text", "Period of payment, or `year` for the whole plan"),
    Column("amount", "money", "What comp was expected to cost"),
)

_FILE = Column("file", "text", "File as the scenario names it")
_LINE = Column("line", "whole", "Row of the file, with the header as row 1")
_WORKLOAD = Column("workload", "whole", "Work a year that the account takes", "hundredths of an hour or call")
_SPELL = Column(
    "id", "text", "Id of the spell: the person, or person#2 ... for further spells", required=True
)
_OUTCOME = Column("outcome", "whole", "1 won, 0 lost, -1 open", required=True)


def columns(spec: DataSpec | None = None) -> dict[str, tuple[Column, ...]]:
    """Return the columns of the typed tables below `inputs/`, with the declared ones when a spec is given."""
    levels: tuple[Column, ...] = ()
    extra: tuple[Column, ...] = ()
    of_seats: tuple[Column, ...] = ()
    if spec is not None:
        levels = tuple(Column(name, "text", f"Level of the hierarchy: {name}") for name in spec.reps.levels)
        extra = tuple(
            Column(name, kind, f"Declared column {name}") for name, kind in spec.accounts.extra.items()
        )
        of_seats = tuple(
            Column(name, kind, f"Declared column {name}") for name, kind in spec.reps.extra.items()
        )
    return {
        "accounts": (*ACCOUNTS[:-1], _WORKLOAD, *extra),
        "reps": (*REPS[:2], *levels, *REPS[2:], *of_seats),
        "spells": (_SPELL, *SPELLS),
        "products": PRODUCTS,
        "opportunities": (*DEALS[:5], _OUTCOME, *DEALS[5:]),
        "findings": FINDINGS,
        "sources": SOURCES,
    }


def planning_columns() -> dict[str, tuple[Column, ...]]:
    """Return the columns of the typed tables that only some runs have below `inputs/`."""
    return {
        "actuals": (*DEALS[:5], _OUTCOME, *DEALS[5:]),
        "renewed": (*DEALS[:5], _OUTCOME, *DEALS[5:], KIND),
        "edits": EDITS,
        "adjusted": ADJUSTED,
        "start": START,
        "budget": BUDGET,
        **{f"{name}_in_force": columns for name, columns in {**IN_FORCE, **OPTIONAL}.items()},
        "contracts": CONTRACTS,
        "stage_history": STAGE_HISTORY,
        "hr": HR,
        "distances": DISTANCES,
        "adjacency": ADJACENCY,
        "balances": (*BALANCES, _FILE, _LINE),
        "goals": (*GOALS, _FILE, _LINE),
    }
