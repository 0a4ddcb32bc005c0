"""The quickstart company: 60 accounts around six seats in two regions, two products, clean tables."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from making.draws import Draws
from making.files import read, write
from making.names import companies, people
from making.places import Place, kilometres, places
from making.sales import WON, Account, Deal, Market, deals

PLAN = dt.date(2027, 1, 1)
SEATS = {
    "W1": ("West", "Seattle"),
    "W2": ("West", "San Francisco"),
    "W3": ("West", "Denver"),
    "E1": ("East", "Atlanta"),
    "E2": ("East", "New York"),
    "E3": ("East", "Boston"),
}
NEW_SEATS = {"W4": ("West", "Salt Lake City"), "E4": ("East", "Philadelphia")}
HIRED = dt.date(2027, 2, 1)
CITIES = """Seattle, Portland, Spokane, Tacoma, Boise, San Francisco, San Jose, Oakland, Sacramento, Fresno, Reno,
Denver, Salt Lake City, Colorado Springs, Fort Collins, Albuquerque, Atlanta, Charlotte, Nashville, Charleston,
Knoxville, New York, Newark, Philadelphia, Allentown, Baltimore, Boston, Providence, Worcester, Manchester, Hartford,
Albany""".replace("\n", " ").split(", ")
REPS = ("id", "name", "region", "latitude", "longitude", "history")
PEOPLE = ("person", "rep", "start", "end", "plan", "salary", "target_incentive")
MARKET = Market(
    leads={"Enterprise": 70, "Mid-market": 140},
    mix={"Enterprise": {"Core": 75, "Plus": 25}, "Mid-market": {"Core": 40, "Plus": 60}},
    sizes={"Core": (150_000, 0.8), "Plus": (60_000, 0.6)},
    stages=[("Qualify", 0.60, 20), ("Propose", 0.70, 28), ("Negotiate", 0.75, 20)],
    months=[9, 8, 9, 8, 8, 8, 7, 7, 9, 9, 9, 9],
)


def make(folder: Path) -> None:
    """Write the five tables of the quickstart."""
    home = _homes(SEATS)
    accounts = _accounts(home)
    known = deals("quickstart", accounts, MARKET, dt.date(2025, 7, 1), PLAN)
    shown = [deal for deal in known if deal.closed is None or deal.closed >= dt.date(2026, 1, 1)]
    write(
        folder / "accounts.csv",
        ["id", "name", "segment", "city", "state", "latitude", "longitude", "potential", "workload", "owner"],
        [[a.id, a.name, a.segment, a.city, a.state, f"{a.latitude:.3f}", f"{a.longitude:.3f}", a.potential,
          a.hours, a.owner] for a in accounts],
    )  # fmt: skip
    write(folder / "reps.csv", REPS, _seats(SEATS, shown))
    write(folder / "people.csv", PEOPLE, _people())
    write(
        folder / "products.csv",
        ["id", "name", "price"],
        [["Core", "Core", 150_000], ["Plus", "Plus", 60_000]],
    )
    write(
        folder / "opportunities.csv",
        ["id", "account", "rep", "product", "stage", "created", "entered", "closed", "amount"],
        [
            [d.id, d.account, d.owner, d.product, d.stage, d.created, d.entered, d.closed, d.amount]
            for d in shown
        ],
    )


def make_hire_two(folder: Path, today: Path) -> None:
    """Write the seats and people of the quickstart as they stand in `today`, and two more of each."""
    names = people("quickstart hires")
    hires = [[next(names), seat, HIRED, None, "AE", 74_000, 60_000] for seat in NEW_SEATS]
    write(folder / "reps.csv", REPS, [*read(today / "reps.csv"), *_seats(NEW_SEATS, [])])
    write(folder / "people.csv", PEOPLE, [*read(today / "people.csv"), *hires])


def make_renewals(folder: Path) -> None:
    """Write the contracts that the accounts of the quickstart have on the first day of the plan."""
    draws, rows = Draws("quickstart contracts"), list[list[object]]()
    for account in _accounts(_homes(SEATS)):
        if draws.uniform() < 0.55:
            product = draws.pick(["Core", "Plus"], list(MARKET.mix[account.segment].values()))
            months = draws.pick([12, 24, 6], [70, 20, 10])
            yearly = draws.lognormal(MARKET.sizes[product][0] * 0.3, 0.5)
            due = PLAN + dt.timedelta(days=draws.below(round(months * 30.4)))
            amount = round(yearly * months / 12 / 100) * 100
            rows.append([f"C{len(rows) + 1:03d}", account.id, product, amount, due, months])
    write(folder / "contracts.csv", ["id", "account", "product", "amount", "renews", "months"], rows)


def _homes(seats: dict[str, tuple[str, str]]) -> dict[str, Place]:
    return {seat: next(p for p in places() if p.city == city) for seat, (_, city) in seats.items()}


def _accounts(home: dict[str, Place]) -> list[Account]:
    draws, names = Draws("quickstart accounts"), companies("quickstart")
    near = [place for place in places() if place.city in CITIES and place.state != "ME"]
    found = []
    for number in range(60):
        place = draws.pick(near, [p.population**0.4 for p in near])
        large = draws.uniform() < 0.35
        potential = draws.lognormal(700_000 if large else 300_000, 0.6)
        found.append(Account(
            f"A{number + 1:02d}", next(names), "Enterprise" if large else "Mid-market", place.city, place.state,
            place.region, place.latitude + 0.05 * draws.normal(), place.longitude + 0.05 * draws.normal(),
            round(potential / 1000) * 1000, round(draws.lognormal(60 if large else 30, 0.4)),
        ))  # fmt: skip
        found[-1].owner = _incumbent(draws, place, home)
    return found


def _incumbent(draws: Draws, place: Place, home: dict[str, Place]) -> str:
    """Return who holds an account today: mostly the nearest seat, but San Francisco and New York kept too much."""
    greed = {"W2": 0.7, "E2": 0.65}
    near = {seat: (kilometres(place, home[seat]) + 80) * draws.lognormal(1, 0.25) for seat in home}
    return min(near, key=lambda seat: near[seat] * greed.get(seat, 1.0))


def _seats(seats: dict[str, tuple[str, str]], shown: list[Deal]) -> list[list[object]]:
    home = _homes(seats)
    return [
        [seat, f"{region}, {home[seat].city}", region, home[seat].latitude, home[seat].longitude,
         sum(d.amount for d in shown if d.owner == seat and d.stage == WON)]
        for seat, (region, _) in seats.items()
    ]  # fmt: skip


def _people() -> list[list[object]]:
    names, plan = people("quickstart"), "AE"
    found: list[list[object]] = []
    for seat in SEATS:
        ends = dt.date(2027, 4, 1) if seat == "W3" else None
        found.append([next(names), seat, dt.date(2023, 3, 1), ends, plan, 80_000, 60_000])
    return [*found, [next(names), "W3", dt.date(2027, 6, 1), None, plan, 76_000, 60_000]]
