"""Inputs: the tables of a scenario as arrays with exact joins.

Index arrays point into the axes `accounts`, `reps` (seats), `products`; -1 means none. Money is in integer
minor units. Ids are digested once, so that randomness is keyed by who an entity is, never by its row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.adjusted import Adjusted
from engine.budgeted import Budgeted
from engine.calendar import Calendar, DateArray
from engine.errors import counted
from engine.geography import Adjacency, Ways
from engine.goals import Goals
from engine.history import Staff, StageHistory
from engine.in_force import InForce
from engine.owed import Owed

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
KeyArray = NDArray[np.uint64]
Words = tuple[str, ...]


def digest(ids: Sequence[str]) -> KeyArray:
    """Return a 64-bit key per id (BLAKE2b), the entity of its random draws; shape (id,)."""
    hashes = (hashlib.blake2b(text.encode(), digest_size=8).digest() for text in ids)
    return np.fromiter((int.from_bytes(h, "little") for h in hashes), dtype=np.uint64, count=len(ids))


@dataclass(frozen=True)
class Accounts:
    """Who may buy. Every array has shape (account,); rows stand in the order of their ids."""

    id: Words
    name: Words
    segment: Words
    latitude: FloatArray
    """Degrees; NaN where unknown."""
    longitude: FloatArray
    owner: IntArray
    """Incumbent: seat that holds the account today; -1 for none."""
    potential: IntArray
    """Money a year that could be won, minor units."""
    workload: IntArray
    """Hundredths of the unit of the table (hours, calls); bands on it are integer."""
    extra: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    """Further declared columns by name; whole and money are int64, real float64, text object."""

    def __len__(self) -> int:
        return len(self.id)

    @property
    def segments(self) -> Words:
        """The different segments, in order."""
        return tuple(sorted(set(self.segment)))

    @property
    def key(self) -> KeyArray:
        """Entity keys for random draws."""
        return digest(self.id)


@dataclass(frozen=True)
class Reps:
    """Seats: positions with a territory, a quota and a stream of credit. Shape (rep,), ordered by id."""

    id: Words
    name: Words
    levels: Mapping[str, Words]
    """Hierarchy above the seat from the top down, such as region then district: name of the node per seat."""
    latitude: FloatArray
    longitude: FloatArray
    serves: tuple[frozenset[str], ...]
    """Segments the seat may own; an empty set means any."""
    slots: IntArray
    """Opportunities worked at a time; -1 takes the pipeline's default."""
    history: IntArray
    """Bookings of the seat in the last full year, minor units; 0 where none."""
    extra: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    """Further declared columns by name; whole and money are int64, real float64, text object."""

    def __len__(self) -> int:
        return len(self.id)

    @property
    def key(self) -> KeyArray:
        """Entity keys for random draws."""
        return digest(self.id)


@dataclass(frozen=True)
class Spells:
    """People in seats: hire, leave, backfill.

    Ramps restart with the spell; so do pay, caps and draws, unless the comp plans carry them on.
    Shape (spell,), ordered by seat, then start; spells of a seat do not overlap.
    """

    id: Words
    """`person` when a person has one spell, else `person#2` ...; unique."""
    person: Words
    rep: IntArray
    """Seat of the spell."""
    start: DateArray
    """First day in the seat; may lie before the plan."""
    end: DateArray
    """Day after the last; NaT while nobody knows of an end."""
    plan: Words
    """Name of the comp plan, '' where none."""
    salary: IntArray
    """Base salary a year, minor units."""
    target_incentive: IntArray
    """Target incentive a year at 100 % attainment, minor units."""
    role: Words = ()
    """Role of the person, '' where none is given; none at all where no table tells."""

    def __len__(self) -> int:
        return len(self.id)

    @property
    def roles(self) -> Words:
        """Role of each spell: its own, or the comp plan."""
        return tuple(own or plan for own, plan in zip(self.role or self.plan, self.plan, strict=True))


@dataclass(frozen=True)
class Products:
    """What is sold. Shape (product,), ordered by id."""

    id: Words
    name: Words
    price: IntArray
    """List price in minor units; 0 where unknown."""

    def __len__(self) -> int:
        return len(self.id)


@dataclass(frozen=True)
class Opportunities:
    """Deals, past or open, as known on a day. Shape (opportunity,), ordered by id."""

    id: Words
    account: IntArray
    rep: IntArray
    product: IntArray
    stage: Words
    """Stage as the table names it."""
    outcome: NDArray[np.int8]
    """1 won, 0 lost, -1 still open."""
    created: DateArray
    entered: DateArray
    """Day on which it entered its present stage; `created` where the table does not say."""
    closed: DateArray
    """NaT while open."""
    amount: IntArray
    """Minor units; -1 where unknown (an open or lost deal without an amount)."""
    source: Words = ()
    """Source of the lead, '' where unknown; empty where no row names one."""
    kind: Words = ()
    """What was booked, `renewal` or `expansion`; empty where all of it is new business."""

    def __len__(self) -> int:
        return len(self.id)

    @property
    def key(self) -> KeyArray:
        """Entity keys for random draws."""
        return digest(self.id)


@dataclass(frozen=True)
class Contracts:
    """What customers have, and when it renews. Shape (contract,), ordered by id."""

    id: Words
    account: IntArray
    rep: IntArray
    """Seat that is credited; -1 for that of the account."""
    product: IntArray
    amount: IntArray
    """Worth of a term, minor units."""
    renews: DateArray
    """Day of a renewal; further ones follow, and went before, by the term."""
    months: IntArray
    """Term in months."""

    def __len__(self) -> int:
        return len(self.id)

    @property
    def key(self) -> KeyArray:
        """Entity keys for random draws."""
        return digest(self.id)


@dataclass(frozen=True)
class Finding:
    """One line of the report on the data: what was found, how often, what became of it, and examples."""

    table: str
    what: str
    """For example `unknown product`, `closed before opened`, `outlier: amount`."""
    rows: int
    action: str
    """refused, dropped, set aside, mapped, or kept."""
    examples: tuple[str, ...]
    """The first rows in words: `row 17: GTXPro`."""

    @property
    def told(self) -> str:
        """The line in words."""
        return f"{self.table}: {self.what}: {counted(self.rows, 'row')} {self.action}"


@dataclass(frozen=True)
class Edits:
    """Accounts that somebody has fixed to a seat in a file. Shape (edit,), in the order of the files and their rows."""

    file: Words
    """File as the scenario names it."""
    account: IntArray
    rep: IntArray
    place: Words
    """Where the edit stands: `plan/workbook.xlsx [alignment] row 7 (D7)`."""
    reason: Words
    """What the file says of it; '' where it says nothing."""

    def __len__(self) -> int:
        return len(self.file)


@dataclass(frozen=True)
class Inputs:
    """Everything the stages read; frozen, in canonical order."""

    calendar: Calendar
    currency: str
    accounts: Accounts
    reps: Reps
    spells: Spells
    products: Products
    history: Opportunities
    """Deals closed before the plan; may be empty."""
    pipeline: Opportunities
    """Deals open on `as_of`, or else at the start of the plan; may be empty."""
    findings: tuple[Finding, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    """Each file that was read, as the scenario names it, with the SHA-256 of the bytes that were parsed."""
    actuals: Opportunities | None = None
    """Deals closed from the start of the plan to the day before `as_of`; None without it, and where no table tells."""
    renewed: Opportunities | None = None
    """Renewals and expansions booked since the start of the plan, before `as_of`; None where no table tells."""
    edits: Edits | None = None
    """What was fixed in files that the territories name; None where they name none."""
    adjusted: Adjusted | None = None
    """Quotas that were set in files that the scenario names; None where it names none."""
    start: IntArray | None = None
    """Seat of each account in an earlier run from which the search starts, -1 for none; shape (account,)."""
    adjacency: Adjacency | None = None
    """Geographic units that touch; None where no table tells."""
    contracts: Contracts | None = None
    """The installed base; None where no table tells."""
    stage_history: StageHistory | None = None
    """When deals entered their stages; None where no table tells."""
    staff: Staff | None = None
    """Who came and left, from the table `hr`; None where there is none."""
    ways: Ways | None = None
    """Distances from a table of the user; None where there is none."""
    budget: Budgeted | None = None
    """What comp was expected to cost; None where the scenario has no budget."""
    in_force: InForce | None = None
    """Quotas of an earlier run; None where the scenario names none."""
    owed: Owed | None = None
    """Balances of people from before the plan; None where no table tells."""
    goals: Goals | None = None
    """Goals of the company and of nodes; None where no table tells."""

    @property
    def people_by_plan(self) -> dict[str, int]:
        """How many people each comp plan pays during the plan, by name of the comp plan."""
        spells, plan = self.spells, self.calendar
        rows = zip(spells.plan, spells.person, spells.start, spells.end, strict=True)
        here = {
            (name, who)
            for name, who, start, end in rows
            if name and start < plan.end and not end <= plan.start
        }
        names = [name for name, _ in here]
        return {name: names.count(name) for name in sorted(names)}
