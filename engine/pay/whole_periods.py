"""Clawbacks of what no line explains: the difference that a deal makes to components that look at whole periods.

A SPIF, a scorecard, a pool or an override earns by the period, not by the deal. Where a reversal takes credit away
(`quota_credit: true`), such a component reads the credit that is left, and needs no rule. Where it does not, a deal is
held to have earned there

    what the component earns with it, less what it earns without it, period by period

and a reversal takes its share of that back, of past periods at once and of later ones as they come. Deals that were
reversed before count no longer, so all of them together give back no more than there was.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from engine.comp.component import Component
from engine.comp.components.spif import Spif
from engine.comp.exact import Rows, pay
from engine.comp.rounding import divide
from engine.comp.scaled import product
from engine.comp.spec import CompSpec
from engine.crediting.spec import Clawback
from engine.inputs import IntArray
from engine.pay.clawbacks import share_taken
from engine.pay.credit import Credits
from engine.pay.lines import CLAWBACK, Lines, joined, nobody
from engine.pay.tables import Tables


def taken_from_periods(rule: Clawback, spec: CompSpec, tables: Tables, credits: Credits, rows: Rows) -> Lines:
    """Return what reversals take back of components without lines.

    Args:
        rule: what a reversal takes.
        spec: the plans.
        tables: deals, quotas and people.
        credits: credited lines.
        rows: the same as they are settled.

    """
    deals, plans = tables.deals, _without_lines(spec)
    back = np.flatnonzero(deals.reverses >= 0)
    if rule.quota_credit or plans is None or not back.size:
        return nobody()
    named, kept = (
        [(plan, part.label) for plan, block in each.plans.items() for part in block.components]
        for each in (spec, plans)
    )
    index = np.array([named.index(name) for name in kept])
    found, with_it = [nobody()], _earned(plans, tables, rows)
    for deal in dict.fromkeys(deals.reverses[back].tolist()):
        rows = _less(rows, credits, deal)
        without = _earned(plans, tables, rows)
        for reversal in back[deals.reverses[back] == deal].tolist():
            share = share_taken(
                rule,
                deals,
                reversal,
                int(deals.numbers["amount"][deal]),
                int(deals.term[deal]),
                deals.day[deal],
            )
            steps = _from(with_it - without, share, int(deals.period[reversal]), spec)
            k, spell, period = np.nonzero(steps)
            line = int(np.append(np.flatnonzero(credits.lines.deal == reversal), -1)[0])
            found.append(Lines.of(index[k], spell, period, CLAWBACK, -steps[k, spell, period], row=line))
        with_it = without
    return joined(found)


def _without_lines(spec: CompSpec) -> CompSpec | None:
    """Return the plans with the components alone that earn by the period and look at credit; None for none."""
    kept = {
        plan: block.model_copy(
            update={
                "components": tuple(
                    part for part in block.components if not part.fixed and not part.turn and _by_period(part)
                )
            }
        )
        for plan, block in spec.plans.items()
    }
    return (
        spec.model_copy(update={"plans": kept}) if any(block.components for block in kept.values()) else None
    )


def _by_period(part: Component) -> bool:
    """Whether no lines of deals say what a component earns; those of a SPIF only say which deals count."""
    return part.of_deals() is None or isinstance(part, Spif)


def _earned(plans: CompSpec, tables: Tables, rows: Rows) -> IntArray:
    return pay(tables.inputs, tables.quotas.every, plans, rows, quotas=tables.quotas.single).earned


def _less(rows: Rows, credits: Credits, deal: int) -> Rows:
    """Return the rows without the credit of a deal."""
    kept = credits.lines.deal != deal
    credit, whole = (
        {name: np.where(kept, values, 0) for name, values in table.items()}
        for table in (rows.credit, rows.whole)
    )
    return replace(rows, credit=credit, whole=whole)


def _from(difference: IntArray, share: Fraction, period: int, spec: CompSpec) -> IntArray:
    """Return a share of a difference: to date in a period, and as it comes after that."""
    to_date = product(np.cumsum(difference, axis=2), share.numerator)
    taken = np.asarray(divide(to_date, share.denominator, spec.rounding), dtype=np.int64)
    taken[:, :, :period] = 0
    return np.diff(taken, axis=2, prepend=0)
