"""Audit: people paid again plainly, in fractions, deal by deal, from the credited deals and the words of the plans.

Every kind of component is paid again by its reading in `engine.comp.plain`, which shares no table and no number type
with what paid, and compared with what was earned, to the minor unit. What takes effect on single deals, by their days,
or on a team, is read from the deals themselves; who shares a pool or a budget with others is paid again with all of
them. Some people of every plan are chosen, at least one, about `PEOPLE` in all; a year has all its periods compared.

Not worked out again here: how deals and cash come to be credited to whom, which `engine.pay.recredited` does, and what
shares of payouts, clawbacks and the release of pay change. That is taken as given, and what limits, holdbacks,
guarantees and draws make of it is paid again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from engine.comp.changes import Changes
from engine.comp.component import Component
from engine.comp.exact import Rows, Settled
from engine.comp.payer import Payer
from engine.comp.scaled import Scaled
from engine.comp.spec import CompSpec, Plan
from engine.inputs import Inputs, IntArray
from engine.pay.changed import ChangedPayer

PEOPLE = 40
"""Whom an audit pays again, about; evenly chosen, and some of every plan."""


SORTS = 2
"""Sorts of reversals, by the period in which they come and that of their deals, whose costs are worked out again for
each component that earns by the period, where a limit looks at them; the others are taken as given."""


def violations(
    inputs: Inputs,
    quota: IntArray,
    quotas: Mapping[str, IntArray],
    spec: CompSpec,
    rows: Rows,
    changes: Changes,
    opening: Mapping[int, IntArray],
    paid: Settled,
) -> Iterator[str]:
    """Yield what is wrong with what people earn, a sentence each.

    Args:
        inputs: calendar, currency and people.
        quota: quota by (rep, period).
        quotas: quotas of single measures.
        spec: the plans.
        rows: credited deals, each of the spell in which it was credited, with days.
        changes: what was added to the pay of components after their own rules.
        opening: balances from before the plan, by the place of their component.
        paid: what is to be checked, to the minor unit.

    """
    named = {name: k for k, name in enumerate(paid.components)}
    taken = _taken(paid, inputs)
    payer = ChangedPayer(inputs, quota, quotas, spec, rows, changes, opening, taken)
    for plan, block in spec.plans.items():
        members = [s for s, name in enumerate(inputs.spells.plan) if name == plan]
        chosen = _chosen(members, len(inputs.spells))
        again = payer.earned(block, members, chosen)
        for (label, spell), amounts in again.items():
            pairs = [(paid.earned, amounts)]
            if (label, spell) in payer.forfeited:
                # To hold pay moves it; what a holdback earns is what somebody loses of it.
                lost = payer.forfeited[label, spell]
                pairs = [(paid.pay, amounts), (paid.earned, [-amount for amount in lost])]
            for told, again_told in pairs:
                ours = told[named[plan, label], spell].tolist()
                for period, mine, other in zip(inputs.calendar.labels, ours, again_told, strict=True):
                    if mine != other:
                        who = inputs.spells.id[spell]
                        yield f"{label} of {who} in {period} is {mine} minor units, paid again it is {other}"
        for part in block.components:
            own = (plan, part.label) in taken and not (part.turn or part.fixed)
            if own and not (changes.replaced is not None and changes.replaced[named[plan, part.label]]):
                people = members if part.together else chosen
                yield from _costs(payer, block, part, people, taken[plan, part.label])


def _costs(payer: Payer, block: Plan, part: Component, people: list[int], table: IntArray) -> Iterator[str]:
    """Yield where what reversals take of a component is something else for some sorts of them."""
    labels = payer.inputs.calendar.labels
    for at in sorted(
        {*np.linspace(0, len(payer.sorts) - 1, min(SORTS, len(payer.sorts))).astype(int).tolist()}
    ):
        came, home = payer.sorts[at]
        for spell, other in payer.costs(block, part, people, (came, home)).items():
            mine = int(table[spell, came, home])
            if mine != other:
                yield (
                    f"what deals of {labels[home]} that are taken back in {labels[came]} take of {part.label} of "
                    f"{payer.inputs.spells.id[spell]} is {mine} minor units, worked out again it is {other}"
                )


def _taken(paid: Settled, inputs: Inputs) -> dict[tuple[str, str], IntArray]:
    """Return what reversals take of components, minor units, shape (spell, period, period), where one asks."""
    periods, found = inputs.calendar.periods, dict[tuple[str, str], IntArray]()
    for plan, book in paid.books.items():
        members = [s for s, name in enumerate(inputs.spells.plan) if name == plan]
        for label, amount in book.taken.items():
            assert isinstance(amount, Scaled)
            table = found[plan, label] = np.zeros((len(inputs.spells), periods, periods), dtype=np.int64)
            table[members] = amount.minor().reshape(-1, periods, periods)
    return found


def _chosen(members: list[int], everybody: int) -> list[int]:
    """Return some of the members of a plan, evenly spread, at least one where there are any."""
    count = min(max(PEOPLE * len(members) // max(everybody, 1), 1), len(members))
    return [members[i] for i in np.linspace(0, len(members) - 1, count).astype(int).tolist()]
