"""Observations: what a planner should know of data that is kept as it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from engine import amounts
from engine.data.verdicts import Verdicts
from engine.inputs import Accounts, BoolArray, Inputs, IntArray, Opportunities

FAR = 8.0
"""An outlier lies further than this many median absolute deviations from the median, in logarithms."""
_FEW = 10
_FORMS = r"\b(?:inc|incorporated|corp|corporation|co|company|ltd|limited|llc|plc|gmbh|ag|sa|pty)\b"


def observe(inputs: Inputs, verdicts: Verdicts) -> None:
    """Note outliers, accounts without potential or owner, and names that look alike."""
    accounts, deals = inputs.accounts, inputs.history
    without = accounts.potential == 0
    verdicts.find("accounts", "potential is 0", int(without.sum()), "kept", _ids(accounts.id, without))
    ownerless = accounts.owner < 0
    verdicts.find("accounts", "no owner", int(ownerless.sum()), "kept", _ids(accounts.id, ownerless))
    _alike(accounts, verdicts)
    _outliers("accounts", "potential", accounts.id, accounts.potential, inputs.currency, verdicts)
    won = np.flatnonzero(deals.outcome == 1)
    names = [deals.id[row] for row in won.tolist()]
    _outliers("opportunities", "won amount", names, deals.amount[won], inputs.currency, verdicts)


def _ids(names: Sequence[str], mask: NDArray[np.bool_]) -> list[str]:
    return [names[row] for row in np.flatnonzero(mask)[:_FEW].tolist()]


def _outliers(
    table: str, what: str, names: Sequence[str], values: IntArray, currency: str, verdicts: Verdicts
) -> None:
    at = np.flatnonzero(values > 0)
    if len(at) < _FEW:
        return
    logs = np.log(values[at].astype(np.float64))
    away = np.abs(logs - np.median(logs))
    deviation = float(np.median(away))
    if deviation == 0:
        return
    far = at[away > FAR * deviation]
    far = far[np.argsort(-values[far], kind="stable")]
    worth = ((names[row], amounts.from_minor(int(values[row]), currency)) for row in far[:_FEW].tolist())
    shown = [f"{name}: {amount:,f} {currency}" for name, amount in worth]
    verdicts.find(
        table, f"outlier: {what} beyond {FAR:g} deviations of its logarithm", len(far), "kept", shown
    )


def _alike(accounts: Accounts, verdicts: Verdicts) -> None:
    """Note accounts whose names differ by case, punctuation or legal form alone."""
    names = pa.array(accounts.name, pa.string())
    bare = pc.replace_substring_regex(pc.utf8_lower(names), _FORMS, " ")
    bare = pc.utf8_trim_whitespace(pc.replace_substring_regex(bare, r"[^\pL\pN]+", " "))
    bare = pc.if_else(pc.equal(bare, ""), names, bare).dictionary_encode()
    codes = np.asarray(bare.indices)
    alike = np.flatnonzero(np.bincount(codes, minlength=1)[codes] > 1)
    groups: dict[int, list[int]] = {}
    for row in alike.tolist():
        groups.setdefault(int(codes[row]), []).append(row)
    shown = [
        ", ".join(f"{accounts.id[row]} '{accounts.name[row]}'" for row in rows[:3])
        for rows in groups.values()
    ]
    verdicts.find("accounts", "names that look alike", len(alike), "kept", shown)


def won_in_last_year(deals: Opportunities, reps: int, start: np.datetime64) -> IntArray:
    """Return the won amounts of each seat in the year before a day, minor units; shape (rep,)."""
    mine, total = won_before(deals, start), np.zeros(reps, dtype=np.int64)
    np.add.at(total, deals.rep[mine], deals.amount[mine])
    return total


def won_before(deals: Opportunities, start: np.datetime64) -> BoolArray:
    """Return the deals that a seat won in the year before a day, shape (deal,)."""
    day: dt.date = start.astype(dt.date)
    first = np.datetime64(
        day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day), "D"
    )
    return np.asarray(
        (deals.outcome == 1) & (deals.rep >= 0) & (deals.closed >= first) & (deals.closed < start)
    )
