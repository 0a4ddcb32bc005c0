"""Certificates: the multipliers that prove a bound, as tables that `verify` evaluates with other code.

    L(mu) = sum_i min_j (c_ij - sum_r mu_r a_r,ij) + sum_r (mu_r > 0 ? mu_r lower_r : mu_r upper_r)

bounds every alignment that keeps the rules, whatever the multipliers; so nobody has to trust the search.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from engine.columns import Column, Table
from engine.inputs import Words
from engine.territory.solving.search import Answer

CERTIFICATES = (
    Column("part", "whole", "Part of the territories that is solved by itself, from 1"),
    Column("seats", "whole", "Seats of the part"),
    Column("objective", "real", "Cost of the part", "currency units"),
    Column("bound", "real", "Bound of the run; better than the certified one where branch and bound went on"),
    Column("certified", "real", "Bound that the multipliers prove by themselves", "currency units"),
)
MULTIPLIERS = (
    Column("part", "whole", "Part of the territories, from 1"),
    Column("field", "text", "Place of the rule in the scenario"),
    Column("rule", "text", "Name of the rule"),
    Column("seat", "text", "Seat whose bound it is; blank for a budget"),
    Column(
        "multiplier",
        "real",
        "Price of the bound; 0 or more pulls towards the lower side",
        "currency units per smallest unit of the measure",
    ),
)


def certificate_tables(answers: Sequence[Answer], seats: Sequence[Words]) -> tuple[Table, ...]:
    """Return `certificates` and `multipliers`; none where a part has no certificate."""
    if not answers or any(found.certificate is None for found in answers if len(found.rep_of)):
        return ()
    parts, prices = [], []
    for number, (found, ids) in enumerate(zip(answers, seats, strict=True), start=1):
        if found.certificate is None:
            continue
        parts.append((number, len(ids), found.objective, found.bound, found.certificate.bound))
        for field, title, values in found.certificate.multipliers:
            labels = ids if len(values) == len(ids) else ("",) * len(values)
            prices += [
                (number, field, title, seat, value)
                for seat, value in zip(labels, values.tolist(), strict=True)
            ]
    return (
        _table("certificates", CERTIFICATES, parts, "What proves the bound of each part by itself"),
        _table("multipliers", MULTIPLIERS, prices, "The multipliers behind the certificates"),
    )


def _table(name: str, columns: tuple[Column, ...], rows: Sequence[tuple[object, ...]], meaning: str) -> Table:
    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    for column in columns:
        if column.type == "text":
            frame[column.name] = frame[column.name].astype("str")
    return Table(name, columns, frame, meaning)
