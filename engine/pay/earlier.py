"""Earlier: the ledger of an earlier pay folder, of which nothing is rewritten."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from engine.calendar import Calendar
from engine.errors import BadInput, Fault
from engine.pay.lines import WORDS
from engine.store.manifest import NAME, digest, is_run, listed

LEDGER = "private/ledger.parquet"
LINES = "private/lines.parquet"
SETTLED = "private/settled_lines.parquet"
"""Lines of all closed periods as they were last worked out, where those of `LINES` are not all."""


@dataclass(frozen=True)
class Earlier:
    """What was paid so far."""

    ledger: pd.DataFrame
    closed: int
    """Periods that it closed."""
    digest: str
    """SHA-256 of its ledger."""
    lines: pd.DataFrame
    """Lines of the periods that it closed, as it worked them out."""


def earlier(folder: Path, calendar: Calendar, currency: str, closed: int) -> Earlier:
    """Read the ledger of an earlier pay folder.

    Args:
        folder: the folder.
        calendar: the year that is paid.
        currency: the currency of pay.
        closed: periods that are closed now.

    Raises:
        BadInput: no pay folder, changed since, another year or currency, or nothing new to pay.

    """

    def refuse(message: str, hint: str) -> BadInput:
        return BadInput([Fault("E_RUN", message, hint, file=str(folder))])

    def sound(name: str) -> str:
        sha = digest(folder / name) if (folder / name).is_file() else ""
        if listed(folder, content["files"]).get(name) != sha:
            raise refuse(f"{name} is not what was written", "Restore it: what was paid stays paid.")
        return sha

    content = json.loads((folder / NAME).read_bytes()) if is_run(folder) else {}
    if content.get("kind") != "pay":
        raise refuse("the folder holds no pay", "Name a folder that `apportion pay` wrote.")
    sha = sound(LEDGER)
    lines = SETTLED if content["previous_ledger"] else LINES
    sound(lines)
    if content["currency"] != currency or content["periods"] != list(calendar.labels):
        hint = (
            "Name one of the same year. What an earlier year hands on goes to data.balances, data.deal_pay."
        )
        raise refuse("it pays another year or in another currency", hint)
    if content["closed"] >= closed:
        last = calendar.labels[content["closed"] - 1]
        raise refuse(f"it has paid up to {last}, and no later period has ended", "Give a later as_of.")
    told = pd.read_parquet(folder / lines)
    # Adjustments and exceptions are no lines of a component: the ledger tells them.
    told = told[told["line"].isin(WORDS)]
    return Earlier(pd.read_parquet(folder / LEDGER), int(content["closed"]), sha, told)
