"""A year of closed deals: twenty sellers in five teams, shared deals, euros, cash that comes late, deals taken back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from making.draws import Draws
from making.files import Row, write
from making.names import people

YEAR = dt.date(2026, 1, 1)
TEAMS = ("North", "South", "East", "West", "Overseas")
SELLERS = 4
QUOTA = 90_000
"""Of a seller and month."""
DAYS = 365


def make(folder: Path) -> None:
    """Write seats, people, quotas, deals, shares and exchange rates."""
    draws = Draws("pay")
    seats = [(f"{team[0]}{k + 1}", f"M-{team}") for team in TEAMS for k in range(SELLERS)]
    managers = [(f"M-{team}", "") for team in TEAMS]
    deals, shares = _deals(draws, seats)
    write(folder / "reps.csv", ["id", "manager"], [*seats, *managers])
    write(
        folder / "people.csv",
        ["person", "rep", "start", "end", "plan", "salary", "target_incentive"],
        _people([seat for seat, _ in seats], [seat for seat, _ in managers]),
    )
    write(folder / "quotas.csv", ["rep", "period", "quota"], _quotas([seat for seat, _ in seats]))
    write(
        folder / "deals.csv",
        ["id", "rep", "date", "amount", "currency", "margin", "cash", "term_months", "reverses"],
        deals,
    )
    write(folder / "splits.csv", ["deal", "rep", "share", "kind"], shares)
    write(folder / "rates.csv", ["currency", "date", "rate"], _rates(draws))


def _people(sellers: list[str], managers: list[str]) -> list[Row]:
    names = people("pay")
    rows: list[Row] = []
    for seat in sellers:
        if seat == "W4":
            rows.append([next(names), seat, "2024-02-01", "2026-05-16", "Seller", 72_000, 48_000])
            rows.append([next(names), seat, "2026-06-01", None, "Seller", 70_000, 48_000])
        else:
            rows.append([next(names), seat, "2024-02-01", None, "Seller", 75_000, 50_000])
    rows += [[next(names), seat, "2023-01-01", None, "Manager", 110_000, 40_000] for seat in managers]
    return rows


def _quotas(sellers: list[str]) -> list[Row]:
    months = [f"{YEAR.year}-{month:02d}" for month in range(1, 13)]
    return [[seat, month, QUOTA] for seat in sellers for month in months]


def _deals(draws: Draws, seats: list[tuple[str, str]]) -> tuple[list[Row], list[Row]]:
    deals: list[Row] = []
    shares: list[Row] = []
    sellers = [seat for seat, _ in seats]
    for number in range(480):
        seat, day = draws.pick(sellers), YEAR + dt.timedelta(draws.below(DAYS))
        name, euros = f"D{number + 1:03d}", seat.startswith("O") and draws.uniform() < 0.6
        amount = round(draws.lognormal(42_000, 0.9), 2)
        margin = round(amount * (0.15 + 0.2 * draws.uniform()), 2)
        paid = day + dt.timedelta(14 + draws.below(60)) if draws.uniform() < 0.97 else None
        currency = "EUR" if euros else "USD"
        deals.append([name, seat, day, f"{amount:.2f}", currency, f"{margin:.2f}", paid, 12, None])
        if draws.uniform() < 0.06:
            other = draws.pick([who for who in sellers if who != seat])
            shares += [[name, seat, "60%", "credit"], [name, other, "40%", "credit"]]
        if draws.uniform() < 0.02 and day < dt.date(YEAR.year, 9, 1):
            back = day + dt.timedelta(60 + draws.below(60))
            taken = [f"R{number + 1:03d}", seat, back, f"-{amount:.2f}", currency, f"-{margin:.2f}"]
            deals.append([*taken, paid, None, name])
    return deals, shares


def _rates(draws: Draws) -> list[Row]:
    rows: list[Row] = []
    rate = 1.09
    for month in range(12):
        rows.append(["EUR", dt.date(YEAR.year, month + 1, 1), f"{rate:.4f}"])
        rate *= 1 + 0.015 * draws.normal()
    return rows
