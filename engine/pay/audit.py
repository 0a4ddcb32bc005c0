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
from engine.comp.exact import Rows, Settled
from engine.comp.spec import CompSpec
from engine.inputs import Inputs, IntArray
from engine.pay.changed import ChangedPayer

PEOPLE = 40
"""Whom an audit pays again, about; evenly chosen, and some of every plan."""


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
    payer = ChangedPayer(inputs, quota, quotas, spec, rows, changes, opening)
    for plan, block in spec.plans.items():
        members = [s for s, name in enumerate(inputs.spells.plan) if name == plan]
        again = payer.earned(block, members, _chosen(members, len(inputs.spells)))
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


def _chosen(members: list[int], everybody: int) -> list[int]:
    """Return some of the members of a plan, evenly spread, at least one where there are any."""
    count = min(max(PEOPLE * len(members) // max(everybody, 1), 1), len(members))
    return [members[i] for i in np.linspace(0, len(members) - 1, count).astype(int).tolist()]
