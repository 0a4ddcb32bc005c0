"""What a solve is asked for and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf

from solvers.quotas.instance import FloatArray, IntArray
from solvers.solution import Status, relative_gap


@dataclass(frozen=True)
class Options:
    """Limits of one solve, all of them counts, so that the answer repeats."""

    gap: float = 1e-3
    """Relative gap of the total at which a solve may stop as OPTIMAL."""
    exact_cells: int = 10_000
    """Cells up to which a mixed-integer program over all of them may close the gap that is left."""
    near_cells: int = 20_000
    """Undecided cells up to which a program over these alone may narrow it."""
    node_limit: int = 20_000
    """Nodes of such a program."""
    near_nodes: int = 200
    """Nodes of a program over undecided cells alone."""
    sweeps: int = 400
    """Rounds of the dual ascent."""
    firm: tuple[str, ...] = ()
    """What of a contradiction gives only where nothing else can: `company`, `node`, `product`, `period`, `cell`."""


@dataclass(frozen=True)
class Prices:
    """Multipliers that prove the bound of the total, in deviation per step; above 0 where more would be cheaper.

    For any prices the bound is the least of each cell on its own, |x - target| / scale - price * x within its limits,
    plus each price times the lower limit of its row where it is above 0, or times the upper limit where it is below.
    """

    company: FloatArray
    """Shape (product, period)."""
    node: FloatArray
    """Shape (node,); the price of a cell holds those of all nodes above it."""
    product: FloatArray
    """Shape (leaf, product)."""
    period: FloatArray
    """Shape (leaf, period)."""


@dataclass(frozen=True)
class Conflict:
    """A limit that has to give before there is any answer."""

    rule: str
    """The field of the instance: company_lower, node_upper, product_lower ..."""
    index: tuple[int, ...]
    """Where in that field."""
    amount: int
    """By how many steps."""


@dataclass(frozen=True)
class Answer:
    """Cells with their objectives and proven bounds."""

    status: Status
    cells: IntArray | None
    """Whole steps, shape (leaf, product, period); None without an answer."""
    worst: float = inf
    """Largest |cell - target| / scale over the cells that are a choice."""
    worst_bound: float = 0.0
    """No cells that keep the rules have a smaller worst deviation."""
    total: float = inf
    """Sum of the same deviations."""
    total_bound: float = 0.0
    """No cells that keep the rules and this `worst` have a smaller total."""
    prices: Prices | None = None
    """What proves `lagrangian`."""
    lagrangian: float = 0.0
    """The part of `total_bound` that is evaluated here from `prices`, without the word of a solver."""
    proof: str = ""
    """What proves `total_bound`, in words."""
    conflicts: tuple[Conflict, ...] = field(default=())

    @property
    def gap(self) -> float:
        """(total - bound) / total; 0 when both are equal, also at zero."""
        return relative_gap(self.total, min(self.total_bound, self.total))
