"""Taken back: which earlier periods clawbacks take pay of, where a limit on several components asks.

What a deal releases and gives back is known by period. A clawback takes what became due last, since it takes back what
was paid beyond what is left of the deal (see `engine.pay.release`). What components give back that earn by the period
is taken of the period of the deal. Pay of earlier years has no period here, and is taken where the clawback falls.
"""

from __future__ import annotations

import numpy as np

from engine.comp.changes import Taken
from engine.comp.components.spif import Spif
from engine.comp.spec import CompSpec
from engine.inputs import BoolArray
from engine.pay.credit import Credits
from engine.pay.lines import Lines
from engine.pay.release import Entries
from engine.pay.tables import Tables


def asked(spec: CompSpec) -> bool:
    """Return whether a component asks what clawbacks take of others."""
    return any(part.restates for block in spec.plans.values() for part in block.components)


def replaced(spec: CompSpec) -> BoolArray:
    """Return the components whose reversals clawbacks replace, shape (component,)."""
    parts = [part for block in spec.plans.values() for part in block.components]
    return np.array(
        [part.of_deals() is not None and not isinstance(part, Spif) for part in parts], dtype=np.bool_
    )


def taken(
    due: Entries, claws: Entries, of_periods: Lines, tables: Tables, credits: Credits, shape: tuple[int, ...]
) -> Taken:
    """Return what clawbacks take of what is due, by the periods in which that had become due.

    Args:
        due: what deals release and give back.
        claws: what is taken back of deals.
        of_periods: what is taken back of components that earn by the period.
        tables: the deals.
        credits: credited lines.
        shape: (component, spell, period) of pay.

    """
    found: list[tuple[int, int, int, int, int]] = []
    keys = due.keys(shape)
    some = np.flatnonzero(np.isin(keys, claws.keys(shape)))
    some = some[np.lexsort((due.period[some], keys[some]))]
    waiting: list[list[int]] = []
    before = -1
    columns = (keys, due.component, due.spell, due.period, due.amount)
    for key, component, spell, period, amount in zip(*(each[some].tolist() for each in columns), strict=True):
        waiting = waiting if key == before else []
        before, left = key, amount
        while left and waiting and waiting[-1][1] * left < 0:
            home, there = waiting[-1]
            part = max(left, -there) if left < 0 else min(left, -there)
            if home < period:
                found.append((component, spell, period, home, part))
            left -= part
            waiting[-1][1] += part
            if not waiting[-1][1]:
                waiting.pop()
        if left:
            waiting.append([period, left])
    deals = tables.deals
    deal = credits.lines.deal[np.maximum(of_periods.row, 0)]
    known = (of_periods.row >= 0) & (deals.reverses[deal] >= 0)
    for i in np.flatnonzero(known).tolist():
        home = int(deals.period[deals.reverses[deal[i]]])
        came = int(of_periods.period[i])
        if home < came:
            event = int(of_periods.component[i]), int(of_periods.spell[i]), came, home
            found.append((*event, int(of_periods.amount[i])))
    return Taken(*np.array(found, dtype=np.int64).reshape(-1, 5).T)
