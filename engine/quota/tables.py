"""Tables of the quotas: cells, seats, every level, and the company's goal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.columns import Column, Table
from engine.inputs import Inputs, IntArray
from engine.quota.shape import Shape, largest_remainder
from engine.quota.split import Problem
from engine.quota.tree import COMPANY, SEAT, handed_down

if TYPE_CHECKING:
    import pandas as pd

YEAR = "year"
EVERY = "all"


@dataclass(frozen=True)
class Seats:
    """What is known of the seats beside their quota, shape (rep,)."""

    potential: IntArray
    year: Sequence[Fraction]
    targets: Sequence[Fraction]
    """Blended targets, by node of the tree."""
    unset: Sequence[Sequence[bool]]
    """Where a seat has no quota at all, shape (rep, period)."""
    relief: IntArray
    """What catch-up and relief gave each seat to carry, or took from it; minor units."""


def tables(
    inputs: Inputs, problem: Problem, shape: Shape, quota: Sequence[int], cells: IntArray, seats: Seats
) -> tuple[Table, ...]:
    """Return quotas, quota_reps, quota_levels and goals. `quota` is that of every node of the tree."""
    return (
        _quotas(inputs, shape, cells, seats.unset),
        _reps(inputs, problem, quota, seats),
        _levels(inputs, problem, shape, quota, cells, seats.relief),
        _goals(inputs, problem, shape, cells),
    )


def _frame(columns: Sequence[Column], values: dict[str, Any]) -> pd.DataFrame:
    import pandas as pd

    kinds: dict[str, Any] = {"money": np.int64, "ratio": np.float64, "text": object}

    def column(given: Any, type_: str) -> Any:
        return given if isinstance(given, pd.Series) else np.asarray(given, dtype=kinds[type_])

    return pd.DataFrame({c.name: column(values[c.name], c.type) for c in columns})


def _quotas(inputs: Inputs, shape: Shape, cells: IntArray, unset: Sequence[Sequence[bool]]) -> Table:
    import pandas as pd

    columns = (
        Column("rep", "text", "Seat."),
        Column("product", "text", "Product, or `all` where quotas are not split by product."),
        Column("period", "text", "Period of the plan."),
        Column(
            "quota",
            "money",
            "Quota of the seat for this product and period; blank where it has none at all, which is not 0.",
        ),
    )
    seat, product, period = (part.ravel() for part in np.indices(cells.shape))
    none = np.broadcast_to(np.array(unset, dtype=bool)[:, None, :], cells.shape).copy()
    for k, p in shape.unset:
        none[:, k, p] = True
    values = {
        "rep": [inputs.reps.id[i] for i in seat],
        "product": [shape.products[i] for i in product],
        "period": [inputs.calendar.labels[i] for i in period],
        "quota": pd.Series(cells.ravel(), dtype="Int64").mask(none.ravel() & (cells.ravel() == 0)),
    }
    return Table("quotas", columns, _frame(columns, values), "Quota of every seat, product and period.")


def _reps(inputs: Inputs, problem: Problem, quota: Sequence[int], seats: Seats) -> Table:
    levels = [level for level in inputs.reps.levels if level not in {"rep", "name"}]
    columns = (
        Column("rep", "text", "Seat."),
        Column("name", "text", "Name of the seat."),
        *(Column(level, "text", "Level of the hierarchy above the seat.") for level in levels),
        Column("quota", "money", "Quota for the whole plan."),
        Column("potential", "money", "Potential of the accounts aligned to the seat, a year."),
        Column("history", "money", "Bookings of the last full year; 0 where none."),
        Column(
            "target", "money", "Blended share of the goal with over-assignment, before bounds and rounding."
        ),
        Column("lower", "money", "Lowest quota that the bounds allow."),
        Column(
            "upper",
            "money",
            "Highest quota that the bounds allow; without a bound, the company's street quota.",
        ),
        Column("ramp", "ratio", "Share of the plan's quota that the seat carries, by ramp and time filled."),
    )
    nodes, street = problem.tree.seats(), sum(quota[i] for i in problem.tree.seats())
    limits = [problem.limits[i] for i in nodes]
    values = {
        "rep": inputs.reps.id,
        "name": inputs.reps.name,
        **{level: inputs.reps.levels[level] for level in levels},
        "quota": [quota[i] for i in nodes],
        "potential": seats.potential,
        "history": inputs.reps.history,
        "target": [int(seats.targets[i] + Fraction(1, 2)) for i in nodes],
        "lower": [limit.low for limit in limits],
        "upper": [street if limit.high is None else limit.high for limit in limits],
        "ramp": [float(share) for share in seats.year],
    }
    return Table("quota_reps", columns, _frame(columns, values), "Quota of every seat for the whole plan.")


LEVEL_COLUMNS = (
    Column("level", "text", "company, a level of the hierarchy, product, period, or product x period."),
    Column(
        "node", "text", "Name of the node, product or period; with its parents where a name stands twice."
    ),
    Column("parent", "text", "Node above; blank for the company."),
    Column("product", "text", "Product, or `all`."),
    Column("period", "text", "Period, or `year` for the whole plan."),
    Column(
        "assigned",
        "money",
        "The node's own quota; for products and periods, their share of the street quota.",
    ),
    Column(
        "target", "money", "What is handed down: (1 + over-assignment) x assigned, rounded to the minor unit."
    ),
    Column(
        "relief", "money", "What catch-up and relief moved in or out below the node: target + relief = quota."
    ),
    Column("quota", "money", "Street quota: the sum of the quotas one level below."),
    Column("over_assignment", "ratio", "By how much the level below together exceeds the node."),
    Column("remainder", "money", "What the target holds beyond multiples of the step."),
    Column(
        "carrier",
        "text",
        "Who carries the remainder: a node below, or seats (products, periods); blank for none.",
    ),
)


def _levels(
    inputs: Inputs, problem: Problem, shape: Shape, quota: Sequence[int], cells: IntArray, relief: IntArray
) -> Table:
    rows = [
        _node(problem, quota, index, relief) for index, below in enumerate(problem.tree.children) if below
    ]
    rows += _margins(inputs, problem, shape, cells)
    values = {column.name: [row[i] for row in rows] for i, column in enumerate(LEVEL_COLUMNS)}
    return Table(
        "quota_levels", LEVEL_COLUMNS, _frame(LEVEL_COLUMNS, values), "How the goal ties out at every level."
    )


def _node(problem: Problem, quota: Sequence[int], index: int, relief: IntArray) -> tuple[Any, ...]:
    tree, node, below = problem.tree, problem.tree.nodes[index], problem.tree.children[index]
    factor = tree.street(index)
    target = handed_down(quota[index], factor)
    moved = {child: int(relief[tree.nodes[child].seat]) for child in below if tree.nodes[child].seat >= 0}
    tied = {child: quota[child] - moved.get(child, 0) for child in below}
    odd = [child for child in below if tied[child] % problem.step and not problem.limits[child].fixed]
    parent = "" if node.parent < 0 else label(problem, node.parent)
    carrier = label(problem, odd[0]) if odd else ""
    street = sum(quota[child] for child in below)
    return (
        node.level, label(problem, index), parent, EVERY, YEAR, quota[index], target, sum(moved.values()), street,
        float(factor - 1), target % problem.step, carrier,
    )  # fmt: skip


def label(problem: Problem, index: int) -> str:
    """Return a node's name, with its parents where the name stands twice on its level."""
    node = problem.tree.nodes[index]
    same = [other for other in problem.tree.nodes if (other.level, other.name) == (node.level, node.name)]
    return node.name if len(same) == 1 or node.level == SEAT else " / ".join(node.path)


def _margins(inputs: Inputs, problem: Problem, shape: Shape, cells: IntArray) -> list[tuple[Any, ...]]:
    street, labels = int(cells.sum()), inputs.calendar.labels
    rows = []

    def add(level: str, name: str, parent: str, at: tuple[str, str], part: IntArray, share: Fraction) -> None:
        found, due = int(part.sum()), int(street * share + Fraction(1, 2))
        odd = np.flatnonzero(part.reshape(len(part), -1).sum(axis=1) % problem.step)
        carrier = ", ".join(inputs.reps.id[seat] for seat in odd) if found % problem.step else ""
        rows.append((level, name, parent, *at, due, found, 0, found, 0.0, found % problem.step, carrier))

    for k, product in enumerate(shape.products):
        add("product", product, COMPANY, (product, YEAR), cells[:, k], shape.product_shares[k])
    for p, period in enumerate(labels):
        add("period", period, COMPANY, (EVERY, period), cells[:, :, p], shape.seasons[p])
    if len(shape.products) > 1:
        for k, product in enumerate(shape.products):
            for p, period in enumerate(labels):
                share = shape.shares[k][p]
                add("product x period", period, product, (product, period), cells[:, k, p], share)
    return rows


def _goals(inputs: Inputs, problem: Problem, shape: Shape, cells: IntArray) -> Table:
    columns = (
        Column("period", "text", "Period of the plan."),
        Column("goal", "money", "The company's goal, before over-assignment."),
    )
    if shape.by_period is not None:
        goals = list(shape.by_period)
    elif shape.by_cell is not None:
        goals = [sum(column) for column in zip(*shape.by_cell, strict=True)]
    elif int(cells.sum()) == problem.goal:
        goals = [int(value) for value in cells.sum(axis=(0, 1))]
    else:
        goals = [
            problem.step * part for part in largest_remainder(problem.goal // problem.step, shape.seasons)
        ]
        goals[max(range(len(goals)), key=lambda p: (goals[p], -p))] += problem.goal % problem.step
    values = {"period": inputs.calendar.labels, "goal": goals}
    return Table("goals", columns, _frame(columns, values), "The company's goal per period.")
