"""Reconciliation: what was set from below, account by account, against what the goal hands down, at every level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from engine.columns import Column, Table
from engine.quota.method import Basis, Method
from engine.quota.spec import QuotaSpec
from engine.quota.targets import blended
from engine.quota.tree import Tree

UNASSIGNED = "unassigned"
COLUMNS = (
    Column("team", "text", "Team whose goal is shared out; blank without teams"),
    Column(
        "level", "text", "company, a level of the hierarchy, rep, or unassigned: accounts that nobody holds"
    ),
    Column("node", "text", "Node or seat; blank for unassigned"),
    Column("bottom_up", "money", "Targets set below it, added up"),
    Column(
        "top_down",
        "money",
        "Its share of the goal by all other methods, before over-assignment and bounds; blank where there is none",
    ),
    Column("gap", "money", "bottom_up - top_down"),
    Column("gap_ratio", "ratio", "gap / top_down; blank where top_down is 0 or blank"),
    Column("weight", "ratio", "Weight of what was set below in the blend of all methods"),
    Column("blend", "money", "Its share of the goal by all methods at their weights: what the quotas aim at"),
    Column("quota", "money", "Its quota, with over-assignment, bounds and steps"),
)


def rows(
    team: str,
    basis: Basis,
    spec: QuotaSpec,
    tree: Tree,
    goal: int,
    year: Sequence[Fraction],
    quota: Sequence[int],
) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each node of a tree, and one for the accounts of nobody; none without a method from below."""
    below = [method for method in spec.methods if method.bottom_up]
    if not below:
        return
    others = tuple(method for method in spec.methods if not method.bottom_up and method.weight > 0)
    set_ = [
        sum(claims, Fraction(0)) / len(below)
        for claims in zip(*(m.claims(basis) for m in below), strict=True)
    ]
    handed = blended(basis, spec.model_copy(update={"methods": others}), year) if others else None
    total = sum((Fraction(method.weight) for method in spec.methods), Fraction(0))
    weight = float(sum((Fraction(method.weight) for method in below), Fraction(0)) / total)
    for index, node in enumerate(tree.nodes):
        seats = tree.below(index)
        up = _cents(sum((set_[seat] for seat in seats), Fraction(0)))
        down = None if handed is None else _cents(goal * sum((handed[seat] for seat in seats), Fraction(0)))
        down = goal if index == 0 else down
        gap = None if down is None else up - down
        ratio = gap / down if gap is not None and down else float("nan")
        yield (
            team,
            node.level,
            node.name,
            up,
            down,
            gap,
            ratio,
            weight,
            _cents(goal * node.share),
            quota[index],
        )
    rest = _of_nobody(below, basis)
    if rest:
        yield team, UNASSIGNED, "", rest, None, None, float("nan"), weight, None, None


def _of_nobody(below: Sequence[Method], basis: Basis) -> int:
    """Return the mean over the methods of what stands in accounts that nobody holds, minor units."""
    amounts = [method.unclaimed(basis) for method in below]
    return _cents(sum(amounts, Fraction(0)) / len(amounts))


def _cents(value: Fraction) -> int:
    return int((2 * value + 1) // 2)


def table(found: Sequence[tuple[Any, ...]]) -> tuple[Table, ...]:
    """Return quota_reconciliation; nothing without rows."""
    if not found:
        return ()
    frame = pd.DataFrame(found, columns=[column.name for column in COLUMNS])
    money = {column.name: "Int64" for column in COLUMNS if column.type == "money"}
    meaning = "Targets of accounts against the goal that is handed down, at every level."
    return (Table("quota_reconciliation", COLUMNS, frame.astype(money), meaning),)
