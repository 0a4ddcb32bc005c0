"""Clawbacks of what no line explains: the difference that a deal makes to components that look at whole periods.

A SPIF, a scorecard, a pool or an override earns by the period, not by the deal. Where a reversal takes credit away
(`quota_credit: true`), such a component reads the credit that is left, and needs no rule. Where it does not, a deal is
held to have earned there

    what the component earns with it, less what it earns without it, period by period

and a reversal takes its share of that back, of past periods at once and of later ones as they come. Deals that were
reversed before count no longer, so all of them together give back no more than there was.

Credit that is carried over a cap earns in later periods, in lines of no deal. There a reversal takes, beside what the
lines of its deal give back, the rest of that difference; where credit falls, the rest of what the fall changes, since
room under the cap that a deal leaves goes to others.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from engine.comp.component import Component
from engine.comp.components.spif import Spif
from engine.comp.crediting import Crediting
from engine.comp.exact import Rows, pay
from engine.comp.rounding import divide
from engine.comp.scaled import product
from engine.comp.spec import CompSpec
from engine.crediting.spec import Clawback
from engine.inputs import IntArray
from engine.pay.clawbacks import part_of, rounded, share_taken
from engine.pay.credit import Credits
from engine.pay.lines import CLAWBACK, DEAL, Lines, joined, nobody
from engine.pay.tables import Tables


def taken_from_periods(
    rule: Clawback, spec: CompSpec, tables: Tables, credits: Credits, rows: Rows, own: Lines, claws: Lines
) -> Lines:
    """Return what reversals take back of what components earn in no line of a deal.

    Args:
        rule: what a reversal takes.
        spec: the plans.
        tables: deals, quotas and people.
        credits: credited lines.
        rows: the same as they are settled.
        own: what components earn by their own rules.
        claws: what reversals take back of the lines of their deals.

    """
    deals, plans = tables.deals, _without_lines(spec)
    back = np.flatnonzero(deals.reverses >= 0)
    if rule.quota_credit:
        return _fallen(rule, spec, tables, credits, own, claws)
    if plans is None or not back.size:
        return nobody()
    named, kept = (
        [(plan, part.label) for plan, block in each.plans.items() for part in block.components]
        for each in (spec, plans)
    )
    index = np.array([named.index(name) for name in kept])
    found, with_it = [nobody()], _earned(plans, tables, rows)
    claws = claws.take(np.flatnonzero(np.isin(claws.component, index)))
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
            given = claws.take(np.flatnonzero(credits.lines.deal[claws.row] == reversal))
            at = np.searchsorted(index, given.component), credits.spell[given.row], deals.period[reversal]
            np.add.at(steps, at, given.amount)
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
    """Whether no lines of deals say all a component earns; those of a SPIF only say which deals count."""
    return part.of_deals() is None or isinstance(part, Spif) or _carries(part)


def _carries(part: Component) -> bool:
    return isinstance(part, Crediting) and any(cap.above == "carried" for cap in part.credit_caps)


def _fallen(
    rule: Clawback, spec: CompSpec, tables: Tables, credits: Credits, own: Lines, claws: Lines
) -> Lines:
    """Return what credit that falls changes where credit is carried, less what lines of deals give back."""
    deals = tables.deals
    parts = [part for block in spec.plans.values() for part in block.components]
    carries = np.array([_carries(part) for part in parts])
    at = np.flatnonzero((own.kind == DEAL) & carries[own.component])
    at = at[deals.reverses[credits.lines.deal[own.row[at]]] >= 0]
    lines, change = own.take(at), []
    given: dict[tuple[int, int], int] = {}
    for key, amount in zip(
        zip(claws.component.tolist(), claws.row.tolist(), strict=True), claws.amount.tolist(), strict=True
    ):
        given[key] = given.get(key, 0) + amount
    for component, row, net in zip(
        lines.component.tolist(), lines.row.tolist(), lines.net.tolist(), strict=True
    ):
        reversal = int(credits.lines.deal[row])
        of = int(deals.reverses[reversal])
        worth, term = int(deals.numbers["amount"][of]), int(deals.term[of])
        kept = share_taken(rule, deals, reversal, worth, term, deals.day[of]) / part_of(
            deals, reversal, worth
        )
        change.append(rounded(net * kept, spec.rounding) - given.get((component, row), 0))
    rest = np.array(change, dtype=np.int64)
    some = np.flatnonzero(rest)
    lines = lines.take(some)
    return Lines.of(
        lines.component, lines.spell, lines.period, CLAWBACK, rest[some], row=lines.row,
        why="the rest, on credit that is carried over a cap",
    )  # fmt: skip


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
