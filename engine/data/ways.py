"""Ways: a user's own table of distances between accounts and seats."""

from __future__ import annotations

import numpy as np

from engine.data.cells import real
from engine.data.references import Axis, reference
from engine.data.rows import Rows
from engine.geography import Ways


def ways(rows: Rows, accounts: Axis | None, seats: Axis | None) -> Ways | None:
    """Return the pairs of the table by account, then seat; None when it names none."""
    account = reference(rows, "account", accounts, blank=False)
    rep = reference(rows, "rep", seats, blank=False)
    km, hours = real(rows, "km", 0.0), real(rows, "hours", 0.0)
    rows.contradiction(np.isnan(km), "E_REQUIRED", "km is blank", "km", lambda row: "blank")
    pair = np.where((account >= 0) & (rep >= 0), account * (int(rep.max(initial=0)) + 1) + rep, -1)
    kept = np.flatnonzero(rows.keep & (pair >= 0))
    order = kept[np.argsort(pair[kept], kind="stable")]
    again = np.zeros(len(pair), dtype=bool)
    again[order[1:]] = pair[order[1:]] == pair[order[:-1]]
    cells = rows.cells("account"), rows.cells("rep")

    def say(row: int) -> str:
        return f"{cells[0][row].as_py()} to {cells[1][row].as_py()}"

    rows.fault(again, "E_DUPLICATE_ID", "a way stands twice", "account", say, "Keep one.")
    order = order[rows.keep[order]]
    return Ways(account[order], rep[order], km[order], hours[order])
