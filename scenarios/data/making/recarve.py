"""The annual plan's company on 1 July 2027: one seat has lost its person, two are new, half a year is booked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from making.annual_plan import MARKET, accounts
from making.draws import Draws
from making.export import ACCOUNTS, OPPORTUNITIES
from making.files import Row, read, write
from making.names import people
from making.places import Place, kilometres, places
from making.sales import Account, Deal, deals
from making.seats import SEATS, Seat

START, TODAY = dt.date(2027, 1, 1), dt.date(2027, 7, 1)
LEADS_SINCE = dt.date(2026, 7, 1)
LEFT = ("EC2", dt.date(2027, 6, 12))
"""A seat whose person left, with nobody to follow."""
HIRED = (
    (
        "SE5",
        "Enterprise, Austin",
        "South",
        "South Enterprise",
        "Austin",
        "Enterprise",
        14,
        dt.date(2027, 7, 12),
    ),
    (
        "WC7",
        "Commercial, Denver",
        "West",
        "West Commercial",
        "Denver",
        "Commercial;SMB",
        20,
        dt.date(2027, 8, 2),
    ),
)
"""Two new seats with their homes, and the day on which somebody begins."""
ROOM = 1.1
"""How far a seat was filled beyond its share in January."""
DESK = 0.6


def make(folder: Path, january: Path) -> None:
    """Write accounts, seats, people and deals as they stand on 1 July; `january` holds those of the plan."""
    company = accounts()
    _carve(company)
    booked = deals("re-carve", company, MARKET, LEADS_SINCE, TODAY)
    _hand_over(company)
    write(folder / "crm_accounts.csv", ACCOUNTS.split(","), _accounts(company, january))
    write(
        folder / "seats.csv",
        [
            "seat",
            "title",
            "region",
            "district",
            "home",
            "latitude",
            "longitude",
            "serves",
            "slots",
            "bookings_2026",
        ],
        [*read(january / "seats.csv"), *_seats()],
    )
    write(
        folder / "spells.csv",
        ["person", "name", "seat", "start", "end", "plan", "salary", "target_incentive"],
        _spells(january),
    )
    closed = [deal for deal in booked if deal.closed is not None and deal.closed >= START]
    write(folder / "crm_closed.csv", OPPORTUNITIES.split(","), map(_row, closed))
    still = [deal for deal in booked if deal.closed is None]
    write(folder / "crm_open.csv", OPPORTUNITIES.split(","), map(_row, still))


def _row(deal: Deal) -> Row:
    """Return a deal as the export has it; one without an amount yet has none."""
    return [
        deal.id.replace("006", "007", 1), deal.account, deal.owner, deal.product, deal.stage, deal.created,
        deal.entered, deal.closed, deal.amount or None,
    ]  # fmt: skip


def _carve(company: list[Account]) -> None:
    """Give each account, the largest first, to the nearest seat that still has room: who holds it since January."""
    share = _shares(company)
    load = dict.fromkeys(share, 0.0)
    for account in sorted(company, key=lambda a: (-a.potential, a.id)):
        able = [seat for seat in SEATS if seat.sells_to(account.segment, account.region)]
        room = [s for s in able if load[s.id] + account.potential <= ROOM * share[s.id]]
        if room:
            place = Place(account.city, account.state, account.latitude, account.longitude, 0)
            chosen = min(room, key=lambda seat: kilometres(place, seat.home))
        else:
            chosen = min(able, key=lambda seat: load[seat.id] / share[seat.id])
        load[chosen.id] += account.potential
        account.owner = chosen.id


def _shares(company: list[Account]) -> dict[str, float]:
    """Return the potential that each seat should carry: its district's, an SMB desk six tenths of a seat."""
    total: dict[str, float] = {}
    for account in company:
        total[account.district] = total.get(account.district, 0.0) + account.potential
    weight = {seat.id: DESK if seat.serves == "SMB" else 1.0 for seat in SEATS}
    peers = {
        district: sum(weight[seat.id] for seat in SEATS if seat.district == district) for district in total
    }
    return {seat.id: total[seat.district] * weight[seat.id] / peers[seat.district] for seat in SEATS}


def _hand_over(company: list[Account]) -> None:
    """Let a few accounts change hands in the spring: what they bought stays with whoever sold it."""
    draws = Draws("re-carve hand-overs")
    for account in company:
        if draws.uniform() < 0.04:
            others: list[Seat] = [
                seat
                for seat in SEATS
                if seat.sells_to(account.segment, account.region) and seat.id != account.owner
            ]
            account.owner = draws.pick(others).id if others else account.owner


def _accounts(company: list[Account], january: Path) -> list[Row]:
    owner = {account.id: account.owner for account in company}
    column = ACCOUNTS.split(",").index("Owner Seat")
    rows = {row[0]: row for row in read(january / "crm_accounts.csv")}
    return [[*row[:column], owner.get(name, row[column]), *row[column + 1 :]] for name, row in rows.items()]


def _seats() -> list[Row]:
    home = {place.city: place for place in reversed(places())}
    return [
        [seat, title, region, district, city, home[city].latitude, home[city].longitude, serves, slots, 0]
        for seat, title, region, district, city, serves, slots, _ in HIRED
    ]


def _spells(january: Path) -> list[Row]:
    rows: list[Row] = []
    for row in read(january / "spells.csv"):
        rows.append([*row[:4], LEFT[1], *row[5:]] if row[2] == LEFT[0] else row)
    names, first = people("re-carve hires"), len({row[0] for row in rows}) + 101
    for number, (seat, *_, serves, _, begins) in enumerate(HIRED):
        plan, pay = ("Enterprise AE", 124_000) if serves == "Enterprise" else ("Commercial AE", 71_000)
        incentive = pay if serves == "Enterprise" else 46_000
        rows.append([f"P{first + number}", next(names), seat, begins, None, plan, pay, incentive])
    return rows
