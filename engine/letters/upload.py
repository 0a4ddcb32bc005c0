"""Upload: every quota by seat, product and period, under the names that a CRM importer maps by itself.

The names are those of the fields of Salesforce's object ForecastingQuota (QuotaOwnerId, StartDate, QuotaAmount,
ProductFamily, CurrencyIsoCode), which other importers know as well; QuotaKey is a key of one's own, so that a second
upload replaces the first.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd

from engine.columns import Column
from engine.inputs import Inputs
from engine.store.tables import escaped, minor_text

COLUMNS = (
    Column("QuotaKey", "text", "Seat, product and first day: the same row in every upload."),
    Column("QuotaOwnerId", "text", "Seat, as the scenario calls it."),
    Column("OwnerName", "text", "Who sits in it on the first day of the period; blank where nobody does."),
    Column("StartDate", "date", "First day of the period."),
    Column("EndDate", "date", "Last day of the period."),
    Column("ProductFamily", "text", "Product; blank where quotas are not split by product."),
    Column("CurrencyIsoCode", "text", "Currency of the amount."),
    Column("QuotaAmount", "money", "Quota."),
)


def write(path: Path, inputs: Inputs, quotas: pd.DataFrame) -> int:
    """Write the table and return its number of rows; a seat that carries none in a period has no row."""
    edges = inputs.calendar.edges
    place = {label: p for p, label in enumerate(inputs.calendar.labels)}
    known = set(inputs.products.id)
    keys = ["rep", "product", "period"]
    there = quotas[quotas["quota"].notna()].groupby(keys, sort=False)["quota"].sum().reset_index()
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([column.name for column in COLUMNS])
        for rep, product, period, quota in there.itertuples(index=False):
            first, after = edges[place[period]], edges[place[period] + 1]
            family = product if product in known else ""
            texts = ("|".join((rep, product, str(first))), rep, sitting(inputs, rep, first))
            days = (str(first), str(after - np.timedelta64(1, "D")))
            amount = minor_text(int(quota), inputs.currency)
            writer.writerow([*map(escaped, texts), *days, escaped(family), inputs.currency, amount])
    return len(there)


def sitting(inputs: Inputs, rep: str, day: np.datetime64) -> str:
    """Return who sits in a seat on a day; '' where nobody does."""
    spells, seat = inputs.spells, inputs.reps.id.index(rep)
    here = (spells.rep == seat) & ~(spells.start > day) & ~(spells.end <= day)
    return next((spells.person[i] for i in np.flatnonzero(here)), "")
