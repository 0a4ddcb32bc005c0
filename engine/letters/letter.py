"""Letter: what one person's page says, as text in the order of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from engine.inputs import Inputs
from engine.letters import words
from engine.letters.pay import ATTAINMENTS, Pay
from engine.letters.periods import Row, reached, rows, so_far
from engine.pay.money import money

if TYPE_CHECKING:
    from engine.cli.recalled import Recalled


@dataclass(frozen=True)
class Letter:
    """One page. All amounts are text."""

    person: str
    """'' for a seat that nobody holds."""
    seat: str
    name: str
    """Name of the seat."""
    place: Sequence[str]
    """Nodes above the seat, from the lowest."""
    span: str
    """When the person holds the seat, where that is not all of the plan."""
    own: str
    """What of the quota falls into that time; '' where it is all of it, or where nobody is paid on it."""
    quota: str
    chance: str
    """'' where nothing was simulated."""
    products: Sequence[str]
    """None of them where quotas are not split by product."""
    so_far: str
    """What was credited before `as_of`; '' where the plan has not begun, or nothing tells."""
    periods: Sequence[Row]
    """Periods with sums of quarters; the last row is the whole plan."""
    steps: Sequence[tuple[str, str, str]]
    """Words, amount, running sum."""
    notes: Sequence[str]
    """Entries that moved the quota, with their reasons."""
    changes: Sequence[tuple[str, str]]
    """The quota in force, what moved it, and the new one; empty where none is in force, or nothing moved it."""
    pays: Sequence[tuple[str, Sequence[str]]]
    """Component, amount at each attainment; the last row is the sum. Empty where the run has no comp."""
    by_deal: bool = False
    """Whether the plan looks at single deals, of which one for each period stands in here."""


def letters(run: Recalled, pays: dict[int, Pay]) -> list[tuple[tuple[str, str], Letter]]:
    """Return the letter of every person in a seat, and of every seat that nobody holds, by (seat, person)."""
    inputs, found = run.inputs, []
    by_seat = {name: frame for name, frame in run.tables["quotas"].groupby("rep", sort=False)}
    steps = {name: frame for name, frame in run.tables["quota_steps"].groupby("rep", sort=False)}
    got = reached(run)
    for seat, rep in enumerate(inputs.reps.id):
        for person, spells in sorted(_people(inputs, seat).items()):
            own = [pays[spell] for spell in spells if spell in pays]
            credit = got.by(inputs, seat, spells) if got is not None and _began(inputs, spells) else None
            whole = _from_the_start(inputs, spells)
            page = Letter(
                person=person,
                seat=rep,
                name=inputs.reps.name[seat],
                place=[nodes[seat] for nodes in list(inputs.reps.levels.values())[::-1]],
                span=_span(inputs, spells),
                own=money(sum(pay.quota for pay in own), inputs.currency) if own else "",
                quota=money(int(steps[rep]["amount"].sum()), inputs.currency),
                chance=_chance(run, rep),
                products=_products(by_seat[rep]),
                so_far=so_far(inputs, by_seat[rep], credit, whole=whole),
                periods=rows(inputs, by_seat[rep], credit, whole=whole),
                steps=_steps(inputs, steps[rep]),
                notes=_notes(run, rep),
                changes=_changes(run, rep),
                pays=_pays(inputs, own),
                by_deal=any(pay.by_deal for pay in own),
            )
            found.append(((rep, person), page))
    return found


def _people(inputs: Inputs, seat: int) -> dict[str, list[int]]:
    """Return who holds a seat on a day of the plan that still lies ahead, with their spells; '' where nobody does."""
    spells, plan = inputs.spells, inputs.calendar
    found: dict[str, list[int]] = {}
    for spell in np.flatnonzero(spells.rep == seat).tolist():
        start, end = spells.start[spell], spells.end[spell]
        if not start >= plan.end and not end <= plan.today:
            found.setdefault(spells.person[spell], []).append(spell)
    return found or {"": []}


def _span(inputs: Inputs, spells: Sequence[int]) -> str:
    """Say when somebody holds the seat, where that is not all of the plan."""
    said = []
    for spell in spells:
        start, end = inputs.spells.start[spell], inputs.spells.end[spell]
        begins = "" if np.isnat(start) or start <= inputs.calendar.start else f"from {start}"
        ends = "" if np.isnat(end) or end >= inputs.calendar.end else f"until {end - np.timedelta64(1, 'D')}"
        said.append(" ".join(filter(None, (begins, ends))))
    return "; ".join(filter(None, said))


def _began(inputs: Inputs, spells: Sequence[int]) -> bool:
    """Whether somebody's time in the seat has begun; that of a seat without spells has with the plan."""
    starts = [inputs.spells.start[spell] for spell in spells]
    return not starts or any(np.isnat(start) or start < inputs.calendar.today for start in starts)


def _from_the_start(inputs: Inputs, spells: Sequence[int]) -> bool:
    """Whether somebody has held the seat ever since the plan began; without spells nobody came in between."""
    starts = [inputs.spells.start[spell] for spell in spells]
    return not starts or any(np.isnat(start) or start <= inputs.calendar.start for start in starts)


def _chance(run: Recalled, rep: str) -> str:
    """Return how often the seat reaches its quota: in fresh years where there are any, else in those of the run."""
    count = int(run.manifest["simulation"]["replications"])
    asked = run.scenario.quotas.fresh
    for table, columns, fresh in (
        ("quota_difficulty", ["fresh", "fresh_low", "fresh_high"], True),
        ("attainment", ["p_quota", "p_quota_low", "p_quota_high"], False),
        ("quota_difficulty", ["chance", "low", "high"], False),
    ):
        if table not in run.tables:
            continue
        frame = run.tables[table]
        shares = frame.loc[frame["rep"] == rep, columns].to_numpy(np.float64)[0]
        if not np.isnan(shares).any():
            p, low, high = (float(share) for share in shares)
            return words.chance(p, low, high, asked if fresh and asked else count, fresh=fresh)
    return ""


def _products(quotas: pd.DataFrame) -> list[str]:
    names = list(dict.fromkeys(quotas["product"]))
    return names if len(names) > 1 else []


def _steps(inputs: Inputs, frame: pd.DataFrame) -> list[tuple[str, str, str]]:
    columns, running, found = ["step", "rule", "weight", "share", "amount"], 0, []
    for name, rule, weight, share, amount in frame[columns].itertuples(index=False):
        running += int(amount)
        texts = (money(amount, inputs.currency), money(running, inputs.currency))
        found.append((words.step(name, rule, weight, share), *texts))
    return found


def _notes(run: Recalled, rep: str) -> list[str]:
    """Return what was set by hand, and what relief took from the seat or gave it, with the reasons."""
    return [*_set_by_hand(run, rep), *_relieved(run, rep)]


def _set_by_hand(run: Recalled, rep: str) -> list[str]:
    if "quota_adjustments" not in run.tables:
        return []
    frame = run.tables["quota_adjustments"]
    rows = frame.loc[frame["name"] == rep, ["product", "period", "quota", "reason"]]
    found = []
    for product, period, quota, reason in rows.itertuples(index=False):
        at = ", ".join(filter(None, (product, period))) or "The quota of the plan"
        said = "none" if pd.isna(quota) else money(int(quota), run.inputs.currency)
        found.append(f"{at} was set by hand to {said}{f': {reason}' if reason else ''}.")
    return found


def _relieved(run: Recalled, rep: str) -> list[str]:
    if "quota_relief" not in run.tables:
        return []
    frame = run.tables["quota_relief"]
    mine = frame[frame["who"] == rep]
    found = []
    for (_, seat, reason), part in mine.groupby(["entry", "rep", "reason"], sort=True):
        amount = money(abs(int(part["effect"].sum())), run.inputs.currency)
        found.append(
            f"Relief of {amount}: {reason}."
            if seat == rep
            else f"You carry {amount} more: relief of another seat."
        )
    return found


def _changes(run: Recalled, rep: str) -> list[tuple[str, str]]:
    """Return what moved the quota from the one in force, from the largest effect down."""
    if "quota_changes" not in run.tables:
        return []
    frame = run.tables["quota_changes"]
    mine = frame[frame["rep"] == rep]
    if mine.empty:
        return []
    effects = sorted(
        mine[["effect", "reason", "note"]].itertuples(index=False), key=lambda row: (-abs(row[0]), row[1])
    )
    currency = run.inputs.currency
    moved = [(words.reason(reason, note), money(effect, currency)) for effect, reason, note in effects]
    before, now = (money(int(mine[name].iloc[0]), currency) for name in ("previous", "quota"))
    return [("In force before", before), *moved, ("Now", now)]


def _pays(inputs: Inputs, own: Sequence[Pay]) -> list[tuple[str, list[str]]]:
    """Return pay by component and in all, at each attainment; spells of one person are added up."""
    if not own:
        return []
    names = list(dict.fromkeys(name for pay in own for name in pay.components))
    sums = np.zeros((len(names), len(ATTAINMENTS)))
    for pay in own:
        for name, amounts in zip(pay.components, pay.amounts, strict=True):
            sums[names.index(name)] += amounts
    rows = [(name, sums[k]) for k, name in enumerate(names)]
    return [
        (name, [money(round(v), inputs.currency) for v in row])
        for name, row in [*rows, ("Variable pay", sums.sum(axis=0))]
    ]
