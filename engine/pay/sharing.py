"""Sharing: what the owner earns on a deal, divided among those who take part in its payout."""

from __future__ import annotations

import numpy as np

from engine.crediting.credits import TEAM, spell_of
from engine.crediting.shares import largest_remainder
from engine.inputs import IntArray
from engine.pay.credit import Credits
from engine.pay.lines import DEAL, SHARED, Lines, joined
from engine.pay.tables import Tables


def shared(lines: Lines, tables: Tables, credits: Credits, head: IntArray) -> Lines:
    """Return two lines for each share of a payout: what the owner gives, and what the other gets.

    The shares of what a deal earns add up to it, by largest remainder. What managers earn on a deal is not divided, and
    a share of a vacant seat stays with the owner. `head` is the row in which each spell is settled.
    """
    shares, deals = tables.payouts, tables.deals
    if not shares.deal.size:
        return lines.take(np.empty(0, dtype=np.int64))
    row = np.maximum(lines.row, 0)
    own = (lines.kind == DEAL) & (credits.lines.kind[row] != TEAM) & ~deals.falls[credits.lines.deal[row]]
    at = np.flatnonzero(own)
    deal = deals.of[credits.lines.deal[lines.row[at]]]
    count = np.bincount(shares.deal, minlength=len(deals))
    start = np.cumsum(count) - count
    each = count[deal]
    line = np.repeat(at, each)
    share = np.repeat(start[deal], each) + np.arange(line.size) - np.repeat(np.cumsum(each) - each, each)
    part = largest_remainder(lines.net[line], np.repeat(np.arange(at.size), each), shares.share[share])
    spell = spell_of(tables.inputs.spells, shares.rep[share], deals.held[shares.deal[share]].astype(np.int64))
    gets = (spell >= 0) & (shares.rep[share] != deals.rep[shares.deal[share]]) & (part != 0)
    line, part, spell = line[gets], part[gets], head[spell[gets]]
    component, period, row = lines.component[line], lines.period[line], lines.row[line]
    who = np.array([*tables.inputs.spells.person, ""], dtype=object)
    to, of = ("to " + who[spell]).astype(object), ("from " + who[lines.spell[line]]).astype(object)
    return joined(
        [
            Lines.of(component, lines.spell[line], period, SHARED, -part, row=row, why=to),
            Lines.of(component, spell, period, SHARED, part, row=row, why=of),
        ]
    )
