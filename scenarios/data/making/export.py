"""The CRM export of the annual plan, with the faults that real exports have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from making.draws import Draws
from making.files import Row, write
from making.sales import WON, Account, Deal

MISSPELT = {
    "Platform": ("platform", "Platfrom", "PLATFORM "),
    "Analytics": ("Analytcs", "analytics", "Analytics Pro"),
    "Essentials": ("Essential", "essentials", "Essentails"),
}
ACCOUNTS = (
    "Account ID,Account Name,Segment,Billing Country,Billing State,Billing City,Latitude,Longitude,Sales Region,"
    "District,Owner Seat,Est. Annual Potential,Service Hours"
)
OPPORTUNITIES = (
    "Opportunity ID,Account ID,Owner Seat,Product,Stage,Created Date,Stage Since,Close Date,Amount"
)
NAMIBIA = ["ACC-90001", "Etosha Freight (Pty) Ltd", "Commercial", "NA", "", "Windhoek", "", "", "East",
           "East Commercial", "", 96_000, 22.0]  # fmt: skip
QUOTED = ["ACC-90004", 'Baker, Chan & Novak "BCN" Clinics, Inc.', "SMB", "US", "OH", "Toledo", "41.650", "-83.540",
          "Central", "Central Commercial", "CC6", 41_000, 8.5]  # fmt: skip


def write_accounts(path: Path, accounts: Sequence[Account]) -> None:
    """Write the accounts: some without an owner, one doubled, one in Namibia, one with a comma and quotes."""
    draws = Draws("annual plan faults of accounts")
    rows: list[Row] = [
        [a.id, a.name, a.segment, a.country, a.state, a.city, f"{a.latitude:.4f}", f"{a.longitude:.4f}", a.region,
         a.district, "" if draws.uniform() < 0.02 else a.owner, a.potential, a.hours] for a in accounts
    ]  # fmt: skip
    rows += [NAMIBIA, QUOTED]
    rows.insert(draws.below(len(rows)), rows[draws.below(len(rows))])
    write(path, ACCOUNTS.split(","), rows)


def _hoped(draws: Draws, deal: Deal) -> dt.date:
    """Return the close date that a seller has typed into an open deal."""
    return deal.entered + dt.timedelta(days=30 + draws.below(90))


def write_opportunities(path: Path, deals: Sequence[Deal]) -> None:
    """Write the opportunities with misspelt products, orphans, doubled rows, impossible dates and blank amounts."""
    draws = Draws("annual plan faults of opportunities")
    rows: list[list[object]] = [
        [d.id, d.account, d.owner, d.product, d.stage, d.created, d.entered, d.closed or _hoped(draws, d),
         d.amount or None] for d in deals
    ]  # fmt: skip
    closed = [number for number, deal in enumerate(deals) if deal.closed]
    won = [number for number in closed if deals[number].stage == WON]
    for number in draws.sample(range(len(rows)), 320):
        rows[number][3] = draws.pick(MISSPELT[str(rows[number][3])])
    for number in draws.sample(closed, 34):
        rows[number][1] = f"ACC-7{draws.below(9000) + 1000}"
    for number in draws.sample(closed, 27):
        rows[number][2] = draws.pick(("Former User", "CRM Admin"))
    for number in draws.sample(closed, 19):
        shut = deals[number].closed
        assert shut is not None
        rows[number][5] = shut + dt.timedelta(days=draws.below(200) + 3)
    for number in draws.sample(won, 23):
        rows[number][8] = ""
    for number in draws.sample(closed, 41):
        rows.insert(min(number + draws.below(400), len(rows)), list(rows[number]))
    write(path, OPPORTUNITIES.split(","), rows)
