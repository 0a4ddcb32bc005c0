"""The table of relief, and the plain check of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from engine.amounts import to_minor
from engine.columns import Column, Table
from engine.inputs import Inputs, IntArray
from engine.quota.in_force.relief import COMPANY, NOBODY, PEERS, Effect
from engine.quota.spec import QuotaSpec
from engine.quota.teams.parts import teams_of
from engine.quota.tree import levels_of, step_of
from engine.quota.words import amount

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    Column("entry", "whole", "Number of the entry in the scenario, from 1."),
    Column("rep", "text", "Seat that is relieved."),
    Column("reason", "text", "Why."),
    Column("taken_by", "text", "Who is to carry it: company, peers, or a level."),
    Column("who", "text", "Seat whose quota moves, or `company` for what nobody carries any more."),
    Column("product", "text", "Product, or `all`."),
    Column("period", "text", "Period of the plan."),
    Column("effect", "money", "What the entry does to the quota; the effects of an entry add up to 0."),
)


def table(inputs: Inputs, spec: QuotaSpec, products: Sequence[str], effects: Sequence[Effect]) -> Table:
    """Return the table `quota_relief`."""
    import pandas as pd

    rows = []
    for effect in effects:
        entry = spec.relief[effect.entry]
        who = COMPANY if effect.who == NOBODY else inputs.reps.id[effect.who]
        at = products[effect.product], inputs.calendar.labels[effect.period]
        rows.append((effect.entry + 1, entry.rep, entry.reason, entry.taken_by, who, *at, effect.amount))
    frame = pd.DataFrame(rows, columns=[column.name for column in COLUMNS])
    whole = {name: np.int64 for name in ("entry", "effect")}
    return Table(
        "quota_relief", COLUMNS, frame.astype(whole), "Who is relieved of what, and who carries it now."
    )


def moved(inputs: Inputs, products: Sequence[str], frame: pd.DataFrame, seat: str = "who") -> IntArray:
    """Return what relief or catch-up did to each cell, minor units, shape (rep, product, period).

    `seat` is the column of the seat.
    """
    found = np.zeros((len(inputs.reps), len(products), inputs.calendar.periods), dtype=np.int64)
    for who, product, period, effect in frame[[seat, "product", "period", "effect"]].itertuples(index=False):
        if who != COMPANY and effect:
            place = inputs.reps.id.index(who), products.index(product), inputs.calendar.labels.index(period)
            found[place] += int(effect)
    return found


def violations(
    inputs: Inputs, spec: QuotaSpec, products: Sequence[str], before: IntArray, frame: pd.DataFrame
) -> Iterator[str]:
    """Yield what is wrong with relief, in plain integers; `before` are the quotas without it, by cell."""
    now = before.copy()
    plan, teams = inputs.calendar, teams_of(inputs, spec)
    for index, entry in enumerate(spec.relief):
        rows = frame[frame["entry"] == index + 1]
        name = f"relief {index + 1}"
        if int(rows["effect"].sum()):
            yield f"{name}: the effects add up to {amount(int(rows['effect'].sum()), inputs.currency)}, not to 0"
        start = str(entry.start or plan.start)
        end = np.datetime64(entry.end or "9999-12-31")
        open_ = [
            p
            for p in range(plan.periods)
            if plan.edges[p + 1] > plan.today and str(plan.edges[p]) >= start and plan.edges[p + 1] - 1 <= end
        ]
        seat = inputs.reps.id.index(entry.rep)
        there = int(now[seat][:, open_].sum())
        wanted = Fraction(0)
        if entry.amount is not None:
            wanted = Fraction(to_minor(entry.amount, inputs.currency))
        elif entry.share is not None:
            wanted = Fraction(entry.share) * there
        lost = -int(rows.loc[rows["who"] == entry.rep, "effect"].sum())
        if abs(lost - wanted) > (0 if entry.amount is not None else Fraction(step_of(inputs, spec), 2)):
            told = f"{amount(lost, inputs.currency)}, not of {amount(wanted, inputs.currency)}"
            yield f"{name}: {entry.rep} is relieved of {told}"
        labels = {plan.labels[p] for p in open_}
        if set(rows["period"]) - labels:
            yield f"{name}: touches periods that give no relief: {', '.join(sorted(set(rows['period']) - labels))}"
        levels = levels_of(inputs, spec)
        for who in sorted(set(rows["who"]) - {entry.rep}):
            if (who == COMPANY) != (entry.taken_by == COMPANY):
                yield f"{name}: {who} carries what {entry.taken_by} should"
                continue
            if who == COMPANY:
                continue
            inside = levels if entry.taken_by == PEERS else levels[: levels.index(entry.taken_by) + 1]
            other = inputs.reps.id.index(who)
            if teams[other] != teams[seat]:
                yield f"{name}: {who} is not in the team of {entry.rep}"
            if any(inputs.reps.levels[level][other] != inputs.reps.levels[level][seat] for level in inside):
                yield f"{name}: {who} is none of the {entry.taken_by} of {entry.rep}"
        now += moved(inputs, products, rows)
        for other in np.flatnonzero((now < 0).any(axis=(1, 2))).tolist():
            yield f"{name}: {inputs.reps.id[other]} has a quota below 0"
