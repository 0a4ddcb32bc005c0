"""Approved exceptions and corrections: rows of the ledger that no plan explains, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from engine.comp.terms import days_in_seat
from engine.data import numbers
from engine.data.cells import blank, keys, signed, text
from engine.data.references import Axis, reference
from engine.data.rows import Rows, filled
from engine.inputs import Inputs, IntArray
from engine.pay.named import Named


@dataclass(frozen=True)
class Exceptions:
    """Shape (row,)."""

    named: Named
    period: IntArray
    amount: IntArray
    reason: list[str]
    approved_by: list[str]

    def ledger(self, inputs: Inputs, head: IntArray, closed: int) -> pd.DataFrame:
        """Return rows of the ledger, for the closed periods."""
        spell = self._spells(inputs)
        frame = pd.DataFrame(
            {
                "person": self.named.person,
                "spell": [inputs.spells.id[s] for s in head[spell]],
                "rep": [inputs.reps.id[inputs.spells.rep[s]] for s in spell],
                "plan": [inputs.spells.plan[s] for s in spell],
                "period": [inputs.calendar.labels[p] for p in self.period],
                "component": self.named.component,
                "adjusts": "",
                "earned": self.amount,
                "paid": self.amount,
                "reason": self.reason,
                "approved_by": self.approved_by,
            },
            dtype=object,
        )
        return frame[self.period < closed].astype({"earned": "int64", "paid": "int64"})

    def _spells(self, inputs: Inputs) -> IntArray:
        """Return the spell of each row: the last one that the person began by the end of the period, or their first."""
        first, last = days_in_seat(inputs.calendar, inputs)
        starts = np.argmax(last > first, axis=1)
        order = np.argsort(inputs.spells.start, kind="stable").tolist()
        found = []
        for person, period in zip(self.named.person, self.period.tolist(), strict=True):
            mine = [s for s in order if inputs.spells.person[s] == person and inputs.spells.plan[s]]
            begun = [s for s in mine if starts[s] <= period]
            found.append((begun or mine[:1])[-1])
        return np.array(found, dtype=np.int64)


def read_exceptions(rows: Rows | None, inputs: Inputs, currency: str) -> Exceptions:
    """Return approved exceptions; a row without reason or approver is refused."""
    if rows is None:
        none, words = np.empty(0, dtype=np.int64), np.empty(0, dtype=object)
        return Exceptions(Named("", none, words, words), none, none, [], [])
    person = reference(
        rows, "person", Axis("people", pa.array(sorted(set(inputs.spells.person)), pa.string())), blank=False
    )
    periods = Axis("periods of the calendar", pa.array(inputs.calendar.labels, pa.string()))
    period = reference(rows, "period", periods, blank=False)
    blank(rows, "amount")
    amount = signed(rows, "amount", lambda cells: numbers.money(cells, currency))
    for column in ("reason", "approved_by"):
        blank(rows, column)
    reason, approver = text(rows, "reason"), keys(rows, "approved_by")
    own = np.asarray(pc.equal(approver, rows.cells("person"))) & (person >= 0) & filled(approver)
    rows.contradiction(
        own, "E_CONFLICT", "an exception that is approved by the person who gets it", "approved_by",
        lambda row: str(approver[row]),
    )  # fmt: skip
    named, at = Named.of(rows)
    some = pa.array(at)
    return Exceptions(
        named, period[at], amount[at], reason.take(some).to_pylist(), approver.take(some).to_pylist()
    )
