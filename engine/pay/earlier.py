"""Earlier: the ledger of an earlier pay folder, of which nothing is rewritten."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from engine.calendar import Calendar
from engine.errors import BadInput, Fault
from engine.store.manifest import NAME, digest, is_run

LEDGER = "private/ledger.parquet"


@dataclass(frozen=True)
class Earlier:
    """What was paid so far."""

    ledger: pd.DataFrame
    closed: int
    """Periods that it closed."""
    digest: str
    """SHA-256 of its ledger."""


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

    content = json.loads((folder / NAME).read_bytes()) if is_run(folder) else {}
    if content.get("kind") != "pay":
        raise refuse("the folder holds no pay", "Name a folder that `apportion pay` wrote.")
    sha = digest(folder / LEDGER) if (folder / LEDGER).is_file() else ""
    if content["files"].get(LEDGER) != sha:
        raise refuse(f"{LEDGER} is not what was written", "Restore it: what was paid stays paid.")
    if content["currency"] != currency or content["periods"] != list(calendar.labels):
        hint = (
            "Name one of the same year. What an earlier year hands on goes to data.balances, data.deal_pay."
        )
        raise refuse("it pays another year or in another currency", hint)
    if content["closed"] >= closed:
        last = calendar.labels[content["closed"] - 1]
        raise refuse(f"it has paid up to {last}, and no later period has ended", "Give a later as_of.")
    return Earlier(pd.read_parquet(folder / LEDGER), int(content["closed"]), sha)
