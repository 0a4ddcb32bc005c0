"""Pay folders: lines add up to the ledger, statements to the lines, and an extract shows nobody who is not below."""

from __future__ import annotations

import json
from pathlib import Path

from engine.errors import Fault
from engine.store.manifest import NAME
from engine.verification import accounts
from engine.verification.forms import form_faults

LINES = "private/lines.parquet"


def pay_faults(folder: Path) -> list[Fault]:
    """Return every contradiction between the tables of a pay folder."""
    import pandas as pd

    ledger = pd.read_parquet(folder / "private/ledger.parquet")
    lines = pd.read_parquet(folder / LINES)
    faults = form_faults(folder, only_parquet=frozenset({"lines", "settled_lines"}))
    by = ["spell", "component", "period"]
    told = lines.groupby(by)["amount"].sum()
    content = json.loads((folder / NAME).read_bytes())
    # After an earlier ledger, the lines of the periods that it closed lie in its own folder.
    later = (
        ledger["period"].isin(set(lines["period"])) if content["previous_ledger"] else ledger["period"] != ""
    )
    fresh = ledger[later]
    wrong = fresh.groupby(by)["earned"].sum().sub(told, fill_value=0)
    for spell, component, period, amount in wrong[wrong != 0].reset_index().itertuples(index=False):
        said = f"{component} of {spell} in {period}: the ledger has {int(amount)} minor units more than its lines"
        faults.append(Fault("V_CHECK", said, file=LINES))
    accruals = pd.read_parquet(folder / "tables/accruals.parquet")
    total = accruals[accruals["plan"] == "all"]
    for column in ("earned", "paid"):
        if len(total) and int(total[column].sum()) != int(ledger[column].sum()):
            faults.append(
                Fault("V_TOTALS", f"{column} is not that of the ledger", file="tables/accruals.parquet")
            )
    books = {
        "accruals": pd.read_parquet(folder / "private/accrual_schedule.parquet"),
        "journal": pd.read_parquet(folder / "private/journal.parquet"),
    }
    for check, name in ((accounts.accruals, "accrual_schedule"), (accounts.journal, "journal")):
        faults += [Fault("V_TOTALS", text, file=f"private/{name}.parquet") for text in check(books)]
    statements = {path.stem for path in (folder / "private/statements").glob("*.csv")}
    least = len({*ledger["person"], *lines["person"]})
    if len(statements) != content["people"] or len(statements) < least:
        faults.append(
            Fault(
                "V_TOTALS",
                f"{len(statements)} statements for {max(content['people'], least)} people",
                file="private",
            )
        )
    return faults
