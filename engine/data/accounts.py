"""Accounts: the table of who may buy."""

from __future__ import annotations

import pyarrow.compute as pc

from engine.data.cells import hundredths, keys, money, text
from engine.data.currencies import one_currency
from engine.data.extras import extra
from engine.data.identity import identify
from engine.data.places import coordinates
from engine.data.references import Axis, reference
from engine.data.rows import Rows, named, words
from engine.data.spec import AccountsTable
from engine.inputs import Accounts

ALL = "all"
"""Segment of an account that has none."""
_ONE = 100


def accounts(rows: Rows, spec: AccountsTable, seats: Axis | None, currency: str) -> Accounts:
    """Return the accounts in canonical order."""
    ids = identify(rows)
    one_currency(rows, currency)
    names = text(rows, "name")
    segments = keys(rows, "segment")
    latitude, longitude = coordinates(rows)
    owner = reference(rows, "owner", seats)
    potential = money(rows, "potential", currency)
    workload = hundredths(rows, "workload", missing=_ONE)
    more = {name: extra(rows, name, kind, currency) for name, kind in spec.extra.items()}
    order = rows.order(["id"])
    return Accounts(
        id=words(ids, order),
        name=named(names, ids, order),
        segment=words(pc.if_else(pc.equal(segments, ""), ALL, segments), order),
        latitude=latitude[order],
        longitude=longitude[order],
        owner=owner[order],
        potential=potential[order],
        workload=workload[order],
        extra={name: values[order] for name, values in more.items()},
    )
