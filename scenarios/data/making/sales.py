"""Deals of past years: leads arise at accounts in proportion to potential, pass stages, are won or lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from making.draws import Draws

WON, LOST = "Closed Won", "Closed Lost"


@dataclass
class Account:
    """An account of a sample company."""

    id: str
    name: str
    segment: str
    city: str
    state: str
    region: str
    latitude: float
    longitude: float
    potential: int
    hours: float
    owner: str = ""
    country: str = "US"
    district: str = ""


@dataclass
class Deal:
    """An opportunity as it stands on the day of the export; amount 0 where the export has none."""

    id: str
    account: str
    owner: str
    product: str
    stage: str
    created: dt.date
    entered: dt.date
    closed: dt.date | None
    amount: int


@dataclass(frozen=True)
class Market:
    """What a company's sales look like; the scenarios state the same figures in their own words."""

    leads: Mapping[str, float]
    """Leads a year by segment in the year before the plan."""
    mix: Mapping[str, Mapping[str, float]]
    """Weights of products by segment."""
    sizes: Mapping[str, tuple[float, float]]
    """Mean and coefficient of variation of a won amount, by product."""
    stages: Sequence[tuple[str, float, float]]
    """Name, probability to advance, mean days."""
    months: Sequence[float]
    """Twelve weights of leads."""
    growth: float = 0.0
    """Growth of leads and amounts a year."""
    spread: float = 0.35
    """How unlike accounts of equal potential are."""
    unsized: frozenset[str] = field(default_factory=frozenset)
    """Stages in which an open deal has no amount yet."""


def deals(
    purpose: str, accounts: Sequence[Account], market: Market, since: dt.date, until: dt.date
) -> list[Deal]:
    """Return every deal created from `since` to the day before `until`, as known on `until`, by created date."""
    draws = Draws(f"{purpose} deals")
    weight = {account.id: account.potential * draws.lognormal(1.0, market.spread) for account in accounts}
    total = {segment: sum(weight[a.id] for a in accounts if a.segment == segment) for segment in market.leads}
    found = []
    for account in accounts:
        yearly = market.leads[account.segment] * weight[account.id] / total[account.segment]
        found += [
            _deal(draws, account, market, day, until) for day in _days(draws, yearly, market, since, until)
        ]
    found.sort(key=lambda deal: (deal.created, deal.account))
    for number, deal in enumerate(found):
        deal.id = f"006{number * 7 + 10_000:06d}"
    return found


def _days(draws: Draws, yearly: float, market: Market, since: dt.date, until: dt.date) -> list[dt.date]:
    found = []
    year, month = since.year, since.month
    while (first := dt.date(year, month, 1)) < until:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        length = (dt.date(year, month, 1) - first).days
        share = market.months[first.month - 1] / sum(market.months)
        trend = (1 + market.growth) ** (first.year - until.year + 1)
        count = draws.poisson(yearly * share * trend)
        found += [first + dt.timedelta(days=draws.below(length)) for _ in range(count)]
    return found


def _deal(draws: Draws, account: Account, market: Market, created: dt.date, until: dt.date) -> Deal:
    mix = market.mix[account.segment]
    product = draws.pick(list(mix), list(mix.values()))
    mean, cv = market.sizes[product]
    trend = (1 + market.growth) ** (created.year - until.year + 1)
    amount = max(round(draws.lognormal(mean * trend, cv) / 50) * 50, 50)
    entered = created
    for name, advance, days in market.stages:
        left = entered + dt.timedelta(days=max(1, round(draws.lognormal(days, 0.7))))
        wins = draws.uniform() < advance
        if left >= until:
            known = 0 if name in market.unsized else amount
            return Deal("", account.id, account.owner, product, name, created, entered, None, known)
        if not wins:
            return Deal("", account.id, account.owner, product, LOST, created, left, left, amount)
        entered = left
    return Deal("", account.id, account.owner, product, WON, created, entered, entered, amount)
