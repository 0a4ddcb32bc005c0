"""Stage history: when deals entered their stages, as known on a day."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.data.cells import days, keys
from engine.data.references import Axis, reference
from engine.data.rows import Rows, words
from engine.history import StageHistory


def stage_history(
    rows: Rows, listed: Axis, known: frozenset[str], day: np.datetime64, closing: Sequence[str]
) -> StageHistory:
    """Return the entries of known deals.

    Args:
        rows: opportunity, stage and entered.
        listed: ids in the tables of deals; others are unmatched.
        known: ids of the deals that were kept.
        day: last day known; later entries are left out.
        closing: stages that say how a deal ended, left out.

    """
    reference(rows, "opportunity", listed, blank=False)
    stage, entered = keys(rows, "stage", required=True), days(rows, "entered")
    deal = rows.cells("opportunity")

    def say(row: int) -> str:
        return f"{deal[row].as_py()} into {stage[row].as_py()}"

    rows.contradiction(np.isnat(entered), "E_REQUIRED", "entered is blank", "entered", say)
    rows.drop(entered > day, f"entered after {day}", say, "entered")
    names = np.array(deal.to_pylist(), dtype=object)
    gone = np.array([name not in known and name not in rows.spec.exclude for name in names], dtype=bool)
    rows.drop(gone, "of a deal that is left out", say, "opportunity")
    rows.drop(np.isin(names, rows.spec.exclude), "excluded", say, "opportunity")
    ends = np.isin(np.array(stage.to_pylist(), dtype=object), closing)
    rows.drop(ends, "a close, which stands among the opportunities", say, "stage")
    at = np.flatnonzero(rows.keep)
    order = at[np.lexsort((at, entered[at], names[at].astype(str)))]
    return StageHistory(words(deal, order), words(stage, order), entered[order])
