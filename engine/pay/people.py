"""People: one plan a day for each."""

from __future__ import annotations

import numpy as np

from engine.data.cells import days, keys
from engine.data.rows import Rows

_FOREVER = np.datetime64("9999-12-31", "D")


def one_plan_a_day(rows: Rows) -> None:
    """Judge people who are on two plans on one day, in two seats."""
    if rows.verdicts.faults:
        return
    person = keys(rows, "person")
    start, end = days(rows, "start"), days(rows, "end")
    begin = np.where(np.isnat(start), np.datetime64("1970-01-01", "D"), start)
    until = np.where(np.isnat(end), _FOREVER, end)
    codes = np.asarray(person.dictionary_encode().indices)
    at = np.flatnonzero(rows.keep)
    order = at[np.lexsort((begin[at], codes[at]))]
    before, after = order[:-1], order[1:]
    wrong = np.zeros(rows.raw.rows, dtype=bool)
    plan = np.asarray(keys(rows, "plan").dictionary_encode().indices)
    twice = (codes[before] == codes[after]) & (begin[after] < until[before]) & (plan[before] != plan[after])
    wrong[after[twice]] = True
    rows.fault(
        wrong, "E_OVERLAP", "a person has two plans on a day", "start",
        lambda row: f"{person[row]} from {begin[row]}", "End the earlier spell on the day on which the next starts.",
    )  # fmt: skip
