"""The annual plan's company: 2,000 accounts, 40 seats in 4 regions and 8 districts, 3 products, three years."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from making.draws import Draws
from making.export import write_accounts, write_opportunities
from making.files import Row, write
from making.names import companies
from making.places import Place, kilometres, places
from making.sales import WON, Account, Deal, Market, deals
from making.seats import SEATS, Seat, spells

PLAN = dt.date(2027, 1, 1)
EXPORT_SINCE = dt.date(2024, 1, 1)
MARKET = Market(
    leads={"Enterprise": 820, "Commercial": 880, "SMB": 700},
    mix={
        "Enterprise": {"Platform": 60, "Analytics": 30, "Essentials": 10},
        "Commercial": {"Platform": 20, "Analytics": 45, "Essentials": 35},
        "SMB": {"Platform": 3, "Analytics": 27, "Essentials": 70},
    },
    sizes={"Platform": (210_000, 0.9), "Analytics": (70_000, 0.8), "Essentials": (20_000, 0.6)},
    stages=[
        ("Discovery", 0.60, 25),
        ("Evaluation", 0.70, 35),
        ("Proposal", 0.80, 25),
        ("Negotiation", 0.78, 20),
    ],
    months=[9, 8, 9, 8, 8, 8, 7, 7, 9, 9, 10, 8],
    growth=0.07,
    unsized=frozenset({"Discovery"}),
)
POTENTIAL = {"Enterprise": (520_000, 0.9), "Commercial": (130_000, 0.8), "SMB": (38_000, 0.7)}
HOURS = {"Enterprise": 70, "Commercial": 26, "SMB": 9}
COUNTS = {"Enterprise": 300, "Commercial": 700, "SMB": 1000}


def make(folder: Path) -> None:
    """Write the six tables of the annual plan."""
    company = accounts()
    known = deals("annual plan", company, MARKET, dt.date(2023, 7, 1), PLAN)
    shown = [deal for deal in known if deal.closed is None or deal.closed >= EXPORT_SINCE]
    write_accounts(folder / "crm_accounts.csv", company)
    write_opportunities(folder / "crm_opportunities.csv", shown)
    write(
        folder / "seats.csv",
        ["seat", "title", "region", "district", "home", "latitude", "longitude", "serves", "slots", "bookings_2026"],
        [[s.id, s.title, s.region, s.district, s.home.city, s.home.latitude, s.home.longitude, s.serves, s.slots,
          _booked(s, shown)] for s in SEATS],
    )  # fmt: skip
    write(
        folder / "spells.csv",
        ["person", "name", "seat", "start", "end", "plan", "salary", "target_incentive"],
        spells(),
    )
    write(
        folder / "products.csv",
        ["product", "name", "list_price"],
        [[name, name, mean] for name, (mean, _) in MARKET.sizes.items()],
    )
    write(
        folder / "contracts.csv",
        ["id", "account", "product", "amount", "renews", "months"],
        _contracts(shown),
    )


def _contracts(shown: list[Deal]) -> list[Row]:
    """Return a yearly contract for each account and product with a won deal, at a quarter of the last one."""
    draws = Draws("annual plan contracts")
    won = (deal for deal in shown if deal.stage == WON and deal.closed)
    last = {
        (deal.account, deal.product): deal
        for deal in sorted(won, key=lambda deal: (str(deal.closed), deal.id))
    }
    rows: list[Row] = []
    for (account, product), deal in sorted(last.items()):
        assert deal.closed is not None
        due = PLAN + dt.timedelta(days=deal.closed.timetuple().tm_yday - 1)
        amount = max(round(deal.amount * 0.25 * draws.lognormal(1, 0.2), -2), 500)
        rows.append([f"CT{len(rows) + 1:05d}", account, product, int(amount), due, 12])
    return rows


def accounts() -> list[Account]:
    """Return the accounts with their incumbents in January, by id."""
    draws, names = Draws("annual plan accounts"), companies("annual plan")
    cities = places()
    found = []
    for segment, count in COUNTS.items():
        for _ in range(count):
            place = draws.pick(cities, [p.population**0.6 for p in cities])
            potential = max(round(draws.lognormal(*POTENTIAL[segment]), -2), 2_000)
            hours = HOURS[segment] * (potential / POTENTIAL[segment][0]) ** 0.4 * draws.lognormal(1, 0.3)
            found.append(Account(
                "", next(names), segment, place.city, place.state, place.region,
                place.latitude + 0.06 * draws.normal(), place.longitude + 0.06 * draws.normal(),
                int(potential), round(max(hours, 1), 1),
            ))  # fmt: skip
            found[-1].owner = _incumbent(draws, place, segment)
            found[-1].district = next(seat.district for seat in SEATS if seat.sells_to(segment, place.region))
    for number, account in enumerate(sorted(found, key=lambda a: a.name)):
        account.id = f"ACC-{number * 3 + 10_001}"
    return sorted(found, key=lambda a: a.id)


def _incumbent(draws: Draws, place: Place, segment: str) -> str:
    """Return who holds an account today: mostly the nearest seat that serves it, weighed by how greedy it is."""
    able = [seat for seat in SEATS if seat.sells_to(segment, place.region)]
    return min(able, key=lambda s: (kilometres(place, s.home) + 150) * s.greed * draws.lognormal(1, 0.25)).id


def _booked(seat: Seat, shown: list[Deal]) -> int:
    return sum(
        d.amount
        for d in shown
        if d.owner == seat.id and d.stage == WON and d.closed and d.closed.year == 2026
    )
