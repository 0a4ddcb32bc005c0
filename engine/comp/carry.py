"""Carry: whether what a person accumulated runs on into their next spell under the same plan.

A transfer to another seat, a raise or a leave cuts somebody's year into spells. Under `carry: spell` each is settled by
itself: credit, quota, target incentive, caps and draws begin anew. Under `carry: person` the spells of a person under
one plan are settled as one, in the row of the first of them: credit, quota and target incentive of all count there,
each still cut by the days of its own spell. A change of plan always begins anew, for the table that is read is another.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from engine.inputs import BoolArray, IntArray, Spells

Carry = Literal["spell", "person"]


def heads(spells: Spells, here: BoolArray, carry: Carry | None) -> IntArray:
    """Return the row in which each spell is settled, shape (spell,): itself, or the first of its chain.

    Args:
        spells: people in seats.
        here: whether a spell has a day in the plan year, shape (spell,).
        carry: as the plans say; nothing is `spell`.

    """
    rows = np.arange(len(spells), dtype=np.int64)
    if carry == "person":
        for chain in chains(spells, here):
            rows[chain] = chain[0]
    return rows


def chains(spells: Spells, here: BoolArray) -> Iterator[list[int]]:
    """Yield the spells, by rising start, of everybody who has more than one under a plan in the year."""
    found: dict[tuple[str, str], list[int]] = {}
    for spell in np.argsort(spells.start, kind="stable").tolist():
        if here[spell] and spells.plan[spell]:
            found.setdefault((spells.person[spell], spells.plan[spell]), []).append(spell)
    yield from (chain for chain in found.values() if len(chain) > 1)


def gathered(values: IntArray, heads: IntArray) -> IntArray:
    """Return values by (spell, period) added up in the rows of their heads; 0 in the others."""
    sums = np.zeros_like(values)
    np.add.at(sums, heads, values)
    return sums
