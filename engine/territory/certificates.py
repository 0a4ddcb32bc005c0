"""Certificates: the multipliers that prove a bound, as tables that `verify` evaluates with other code.

    L(mu) = sum_i min_j (c_ij - sum_r mu_r a_r,ij) + sum_r (mu_r > 0 ? mu_r lower_r : mu_r upper_r)

bounds every alignment that keeps the rules, whatever the multipliers; so nobody has to trust the search.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite, nan

from engine.columns import Column, Table
from engine.inputs import Words
from engine.territory.plain_rows import table_of
from engine.territory.solving.search import Answer
from solvers.solution import relative_gap

CERTIFICATES = (
    Column("part", "whole", "Part of the territories that is solved by itself, from 1"),
    Column("seats", "whole", "Seats of the part"),
    Column("objective", "real", "Cost of the part", "currency units"),
    Column(
        "bound",
        "real",
        "Bound of the run; beyond the certified one it is the solver's word",
        "currency units",
    ),
    Column(
        "certified", "real", "Bound that the multipliers prove by themselves; blank without", "currency units"
    ),
    Column("gap", "ratio", "Distance of cost and bound, as a share of the cost"),
    Column("certified_gap", "ratio", "Distance of cost and certified bound, as a share of the cost"),
    Column("left_out", "text", "Rules without multipliers; the certified bound holds without them"),
    Column("proof", "text", "Where the bound of the run comes from"),
    Column(
        "confirmed_by",
        "text",
        "Backend that solved the model of branch and bound again; blank where none did",
    ),
    Column("confirmed", "real", "Its own bound", "currency units"),
)
SEATS = (
    Column("part", "whole", "Part of the territories, from 1"),
    Column("seat", "text", "Seat of the part; no account may go to seats of two parts"),
)
MULTIPLIERS = (
    Column("part", "whole", "Part of the territories, from 1"),
    Column("field", "text", "Place of the rule or objective in the scenario"),
    Column("rule", "text", "Its name"),
    Column("seat", "text", "Seat or row whose bound it is; blank for a budget"),
    Column("account", "text", "Account on one side of a border; blank for every other rule"),
    Column("neighbour", "text", "Account on its other side"),
    Column(
        "multiplier",
        "real",
        "Price of the bound; 0 or more pulls towards the lower side",
        "currency units per smallest unit of the measure",
    ),
)


def certificate_tables(answers: Sequence[Answer], seats: Sequence[Words]) -> tuple[Table, ...]:
    """Return `certificates`, `certificate_seats` and `multipliers`; none where no part has a certificate.

    `seats` holds the ids of each part's seats.
    """
    if not any(found.certificate for found in answers):
        return ()
    numbered = list(enumerate(zip(answers, seats, strict=True), start=1))
    parts = [_part(number, found, len(ids)) for number, (found, ids) in numbered]
    places = [(number, seat) for number, (_, ids) in numbered for seat in ids]
    prices = [row for number, (found, _) in numbered for row in _prices(number, found)]
    return (
        table_of("certificates", CERTIFICATES, parts, "What the bound of each part rests on"),
        table_of("certificate_seats", SEATS, places, "The seats of each part"),
        table_of("multipliers", MULTIPLIERS, prices, "The multipliers behind the certificates"),
    )


def _part(number: int, found: Answer, seats: int) -> tuple[object, ...]:
    certificate, again = found.certificate, found.confirmation
    proven = certificate.bound if certificate else nan
    return (
        number,
        seats,
        found.objective,
        found.bound,
        proven,
        _gap(found.objective, found.bound),
        _gap(found.objective, proven),
        "; ".join(certificate.left_out) if certificate else "",
        found.proof,
        again.backend if again else "",
        again.bound if again and isfinite(again.bound) else nan,
    )


def _gap(objective: float, bound: float) -> float:
    gap = relative_gap(objective, bound)
    return gap if isfinite(gap) else nan


def _prices(number: int, found: Answer) -> Iterator[tuple[object, ...]]:
    for prices in found.certificate.multipliers if found.certificate else ():
        ends = prices.ends or (("", ""),) * len(prices.values)
        for seat, (account, neighbour), value in zip(prices.seats, ends, prices.values.tolist(), strict=True):
            yield number, prices.field, prices.rule, seat, account, neighbour, value
