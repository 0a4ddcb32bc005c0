"""Target: the share of a measure that each seat should carry; a band surrounds it, a deviation prices it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import numpy as np
from pydantic import field_validator

from engine.blocks import Block
from engine.errors import Fault, did_you_mean
from engine.fields import Ratio, Text, refuse
from engine.inputs import Inputs, IntArray, Words
from engine.territory.measure import measure_faults

SHOWN = 5


class Target(Block):
    """Fields shared by the kinds that compare a seat with the mean of the seats."""

    measure: Text = "potential"
    """What is balanced: `count`, `potential` (the default), `workload`, or a whole or money column declared for
    the accounts."""
    weights: Mapping[Text, Ratio] = {}
    """Weight of a seat in the mean, by seat id: 50% for a half-time seat; 1 for every seat not named."""
    weights_column: Text = ""
    """Column of the seats with their weights, such as 0.5 for a ramping seat; `weights` goes before it."""
    level: Text = ""
    """Level of the hierarchy, such as `region`, whose nodes have a mean of their own; one mean over all seats unless
    given."""
    column: Text = ""
    """Column of the accounts that names their node of `level`; a column called like the level unless given."""

    @field_validator("weights")
    @classmethod
    def _positive(cls, value: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
        for seat, weight in value.items():
            if weight <= 0:
                raise refuse(
                    "E_RANGE", f"weight {weight} of seat '{seat}' is not above 0", "Give a ratio above 0."
                )
        return value

    @property
    def node_column(self) -> str:
        """Column of the accounts that names the node."""
        return self.column or self.level

    def target_faults(self, inputs: Inputs) -> list[Fault]:
        """Return what in these fields does not fit the tables."""
        found = [*measure_faults(inputs, self.measure), *seat_faults(inputs, self.weights, "weights")]
        found += _weight_faults(inputs, self.weights_column)
        if self.level:
            found += level_faults(inputs, self.level, self.node_column)
        return found

    def targets(self, inputs: Inputs, values: IntArray) -> list[Fraction]:
        """Return the exact target of each seat: the total of its node, shared by weight. Shape (rep,)."""
        nodes = seat_nodes(inputs, self.level)
        account_nodes = account_nodes_of(inputs, self.node_column) if self.level else ("",) * len(values)
        total = dict.fromkeys(nodes, 0)
        for node, value in zip(account_nodes, values.tolist(), strict=True):
            if node in total:
                total[node] += value
        weight = self.seat_weights(inputs)
        shared = dict.fromkeys(nodes, Fraction(0))
        for node, part in zip(nodes, weight, strict=True):
            shared[node] += part
        return [total[node] * part / shared[node] for node, part in zip(nodes, weight, strict=True)]

    def seat_weights(self, inputs: Inputs) -> list[Fraction]:
        """Return the exact weight of each seat, shape (rep,): as the decimal that a table or the scenario shows."""
        column = inputs.reps.extra[self.weights_column].tolist() if self.weights_column else None
        told = [Decimal(1)] * len(inputs.reps) if column is None else [Decimal(str(cell)) for cell in column]
        return [
            Fraction(self.weights.get(seat, weight))
            for seat, weight in zip(inputs.reps.id, told, strict=True)
        ]


def _weight_faults(inputs: Inputs, column: str) -> list[Fault]:
    if not column:
        return []
    extra = inputs.reps.extra
    if column not in extra:
        hint = f"Declare it under data.reps.extra. {did_you_mean(column, extra)}"
        message = f"the seats have no column '{column}'."
        return [Fault("E_REFERENCE", message, hint.strip(), field="weights_column")]
    cells = np.asarray(extra[column])
    if cells.dtype.kind not in "if" or not (cells > 0).all():
        message = f"column '{column}' of the seats does not hold a number above 0 for every seat."
        return [
            Fault("E_RANGE", message, "Give 1 for a full territory, 0.5 for half.", field="weights_column")
        ]
    return []


def seat_nodes(inputs: Inputs, level: str) -> Words:
    """Return the node of each seat on a level; '' for all when no level is given."""
    return inputs.reps.levels[level] if level else ("",) * len(inputs.reps)


def account_nodes_of(inputs: Inputs, column: str) -> Words:
    """Return the text of a further column of the accounts; '' where blank."""
    return tuple("" if cell is None or cell != cell else str(cell) for cell in inputs.accounts.extra[column])


def seat_faults(inputs: Inputs, seats: Mapping[str, object] | Words, field: str) -> list[Fault]:
    """Return a fault for each id that is no seat."""
    known = set(inputs.reps.id)
    return [
        Fault("E_REFERENCE", f"no seat has the id '{seat}'.", did_you_mean(seat, inputs.reps.id), field=field)
        for seat in seats
        if seat not in known
    ]


def level_faults(inputs: Inputs, level: str, column: str) -> list[Fault]:
    """Return a fault when a level, or the column of the accounts that names its nodes, is missing or unlike it."""
    if level not in inputs.reps.levels:
        hint = did_you_mean(level, inputs.reps.levels)
        return [Fault("E_REFERENCE", f"the seats have no level '{level}'.", hint, field="level")]
    extra = inputs.accounts.extra
    if column not in extra:
        text = [name for name in extra if np.asarray(extra[name]).dtype.kind == "O"]
        hint = f"Declare it among the accounts' further columns. {did_you_mean(column, text)}"
        return [Fault("E_REFERENCE", f"the accounts have no column '{column}'.", hint, field="column")]
    nodes = set(inputs.reps.levels[level])
    lost = [
        f"{account} ('{node}')"
        for account, node in zip(inputs.accounts.id, account_nodes_of(inputs, column), strict=True)
        if node not in nodes
    ]
    if not lost:
        return []
    shown = ", ".join(lost[:SHOWN]) + " ..." * (len(lost) > SHOWN)
    message = f"{len(lost)} accounts name no {level} of a seat: {shown}."
    return [Fault("E_REFERENCE", message, f"Known: {', '.join(sorted(nodes)[:12])}.", field="column")]
