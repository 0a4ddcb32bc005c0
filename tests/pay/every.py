"""A company whose plans have every kind of component and every rule around one, with deals drawn from a seed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np

from tests.pay.company import Company, flat

MEASURES = {
    "bookings": {"column": "amount"},
    "wins": {"column": "id"},
    "margin": {"column": "margin"},
}
SEATS = "id,region\n" + "".join(f"S{k},{['East', 'West'][k % 2]}\n" for k in range(9)) + "E,East\nW,West\n"
SPELLS = (
    "rep,person,plan,salary,target_incentive,start,end\n"
    + "".join(f"S{k},Seller {k},AE,60000,{12000 + 1200 * k},,\n" for k in range(6))
    + "S6,Late,AE,60000,18000,2026-03-10,\nS7,Mover,AE,60000,18000,,2026-08-20\n"
    + "S8,Mover,AE,66000,21000,2026-09-05,\n"
    + "E,Eve,Lead,90000,24000,,\nW,Wim,Lead,90000,24000,2026-02-15,\n"
)
LINES = {"mode": "marginal", "closed": "left"}
BOOKINGS = {"measure": "bookings", "accumulate": "year_to_date", "quota": "to_date", "closed": "left"}
MARGIN = {"measure": "margin", "over": "bookings", "accumulate": "quarter", "closed": "left"}
GATE = {**BOOKINGS, "measure": "wins", "at_least": "60%", "otherwise": "nothing"}
LINKED = {**BOOKINGS, "accumulate": "quarter", "at_least": "110%", "otherwise": "target"}
MODIFIER = {
    **MARGIN, "shape": "lines", "nodes": [{"ratio": "20%", "factor": "80%"}, {"ratio": "40%", "factor": "120%"}],
}  # fmt: skip
ROLLING = {
    "measure": "wins", "levels_in": "units", "accumulate": "rolling", "window": 3, "closed": "left", "shape": "steps",
    "nodes": [{"ratio": 0, "factor": "70%"}, {"ratio": 6, "factor": 1}, {"ratio": 9, "factor": "130%"}],
}  # fmt: skip
CURVE = [{"attainment": 0, "pay": 0}, {"attainment": "100%", "pay": "100%"}]
TEAM = {"level": "region", "credit_of": ["AE"], "double_credit": "once"}
SELLER: list[dict[str, Any]] = [
    {"kind": "salary"},
    flat(
        tiers_on="attainment", quota="to_date", weight="40%", rates="individual", modifiers=[MODIFIER],
        gates=[{**GATE, "at_least": "95%"}],
        tiers=[{"start": 0, "rate": "80%"}, {"start": "100%", "rate": "150%"}],
        cap={"per": "quarter", "of_target": "130%"}, floor={"per": "quarter", "amount": 300},
    ),
    flat(
        "3.3%", name="by deal", accumulate="transaction", windfall={"above": 9000, "counts": "50%"},
        credit_caps=[{"amount": 15000, "per": "deal", "above": "lost"}], gates=[LINKED],
        modifiers=[{**MODIFIER, "accumulate": "transaction"}, MODIFIER],
        cap=[{"per": "deal", "amount": 310}, {"per": "period", "amount": 900}],
    ),
    {
        "kind": "bonus", **BOOKINGS, "quota": "interval", "weight": "30%", "nodes": CURVE, "accelerator": 2,
        "threshold": None, "modifiers": [MODIFIER], "gates": [LINKED],
    },
    {
        "kind": "matrix", **BOOKINGS, "accumulate": "quarter", "weight": "20%", "shape": "bilinear",
        "levels": [0, "80%", "120%"], "across": {**MARGIN, "levels": [0, "20%", "40%"]},
        "cells": [[0, 0, 0], [0, "50%", "80%"], ["40%", "90%", "160%"]],
    },
    {
        "kind": "scorecard", "weight": "10%", "per": "quarter", "closed": "left",
        "goals": [
            {"name": "launch", "weight": "60%", "pays": "all_or_nothing", "threshold": "100%", "expected": "100%",
             "achieved": {"Seller 1": ["100%", "90%", "100%", 0]}},
            {"name": "survey", "weight": "40%", "pays": "pro_rata", "most": "120%", "expected": "83%"},
        ],
    },
    {
        "kind": "spif", "measure": "wins", "amount": 150, "each": {"units": 1}, "accumulate": "transaction",
        "first_day": "2026-02-10", "last_day": "2026-05-20", "budget": 3000, "cap": {"events": 4, "per": "quarter"},
    },
    {
        "kind": "spif", "name": "full ten thousands", "measure": "bookings", "amount": 75, "each": {"money": "10k"},
        "accumulate": "quarter", "first_day": "2026-01-15", "last_day": "2026-11-15",
        "cap": {"amount": 150, "per": "quarter"},
    },
    {
        "kind": "spif", "name": "volume", "measure": "wins", "each": {"units": 1}, "accumulate": "period",
        "first_day": "2026-01-01", "last_day": "2026-12-31", "mode": "retroactive",
        "tiers": [{"event": 1, "amount": 5}, {"event": 3, "amount": 20}],
    },
    flat(
        "1.7%", name="mini", accumulate="transaction", floor={"amount": 60, "per": "deal"},
        tenure=[{"month": 0, "factor": "80%"}, {"month": 3, "factor": "110%"}],
    ),
    flat("1.1%", name="rolling", accumulate="period", modifiers=[ROLLING], tenure=[{"month": 0, "factor": "90%"}]),
    {
        "kind": "contest", "measure": "bookings", "rank_by": "attainment", "per": "quarter", "among": "region",
        "ties": "shared", "at_least": {"attainment": "20%"},
        "prizes": [{"to_place": 1, "amount": 1000}, {"to_place": 2, "of_target": "10%"}],
    },
    {
        "kind": "commission", "name": "by units", "placed_by": {"measure": "wins", "levels_in": "units"},
        "tiers_on": "credit", "rates": "of_credit", "mode": "marginal", "closed": "left", "accumulate": "quarter",
        "tiers": [{"start": 0, "rate": "1%"}, {"start": 3, "rate": "1.5%"}],
    },
    {
        "kind": "commission", "name": "a unit", "measure": "wins", "goal": {"units": 6, "per": "quarter"},
        "tiers_on": "attainment", "rates": "per_unit", "mode": "retroactive", "closed": "left", "accumulate": "quarter",
        "quota": "to_date", "tiers": [{"start": 0, "amount": 20}, {"start": "100%", "amount": 30}],
    },
    {
        "kind": "contest", "name": "percentile", "measure": "wins", "rank_by": "credit", "per": "period",
        "among": "company", "ties": "shared", "percentiles": {"out_of": "others", "pays": "target", "shape": "lines",
        "closed": "left", "nodes": [{"percentile": "25%", "pay": "1%"}, {"percentile": 1, "pay": "6%"}]},
    },
    {
        "kind": "standing", "of": ["rolling", "percentile"], "measure": "bookings", "rank_by": "attainment",
        "per": "quarter", "among": "company", "ties": "each", "otherwise": "85%",
        "factors": [{"to_share": "25%", "times": "120%"}, {"to_share": "50%", "times": 1}],
    },
    {"kind": "fund", "of": ["rolling", "a unit"], "most": 900, "per": "quarter", "among": "region"},
    {"kind": "choice", "of": ["bonus", "matrix"], "take": "greater", "per": "quarter"},
    {"kind": "best", "of": ["rolling", "by units"], "per": "period", "count": 9},
    {
        "kind": "pool", "team": TEAM, "shares": "by_days", "accumulate": "quarter", "quota": "to_date",
        "closed": "left", "mode": "retroactive", "cap": {"per": "quarter", "amount": 2500}, "gates": [GATE],
        "tiers": [{"start": 0, "rate": "1%"}, {"start": "90%", "rate": "2.5%"}],
    },
    {"kind": "limit", "most": {"amount": 2600}, "least": {"amount": 250}, "per": "period",
     "carry": "trued_up_at_year_end"},
    {"kind": "limit", "name": "lost", "most": {"of_target": "45%"}, "per": "quarter", "carry": "lost",
     "of": ["commission", "by deal", "full ten thousands", "volume", "pool"]},
    {"kind": "holdback", "share": "12.5%", "after": 2, "leavers": "forfeited"},
    {"kind": "guarantee", "least": {"amount": 2400}, "periods": 4, "per": "quarter"},
    {"kind": "draw", "type": "recoverable_then_forgiven", "form": "advance", "per": "period", "amount": 1500,
     "term": "year", "until": 8},
]  # fmt: skip
LEAD: list[dict[str, Any]] = [
    {"kind": "salary"},
    {
        "kind": "override", "team": TEAM, "accumulate": "quarter", "quota": "to_date", "quota_of": "team",
        "closed": "left", "mode": "marginal", "tiers": [{"start": 0, "rate": "1%"}, {"start": "100%", "rate": "3%"}],
        "gates": [{**GATE, "accumulate": "period"}], "cap": {"per": "quarter", "of_target": "90%"},
    },
    {
        "kind": "override", "name": "excess", "team": {**TEAM, "double_credit": "counted"}, "rate": "0.7%",
        "accumulate": "period", "closed": "left", "above": {"credit": "20k", "pays_on": "excess"},
        "credit_caps": [{"amount": "60k", "per": "period", "above": "lost"}],
    },
    {"kind": "draw", "type": "recoverable", "form": "floor", "per": "period", "amount": 900,
     "recovers": "60%"},
    {"kind": "limit", "name": "carried", "most": {"of_target": "80%"}, "per": "period", "carry": "carried_forward",
     "of": ["override", "excess"]},
]  # fmt: skip


def deals(seed: int, count: int) -> tuple[str, str]:
    """Deals, some of which reverse others, and shares of some of them, as tables."""
    rng = np.random.default_rng(seed)
    rows, shares = [], []
    days = np.sort(rng.integers(0, 365, count)).tolist()
    for k, day in enumerate(days):
        rep, date = f"S{rng.integers(0, 9)}", dt.date(2026, 1, 1) + dt.timedelta(days=day)
        amount = int(rng.integers(40_000, 2_200_000))
        cents = [f"{value / 100:.2f}" for value in (amount, int(amount * rng.uniform(0.1, 0.5)))]
        rows.append(f"D{k},{rep},{date},{cents[0]},{cents[1]},")
        if k % 9 == 0:
            other = f"S{(int(rep[1:]) + 2) % 8}"
            kind = "overlay" if k % 2 else "credit"
            mine = "100%" if kind == "overlay" else "70%"
            shares += [f"D{k},{rep},{mine},credit", f"D{k},{other},{'40%' if k % 2 else '30%'},{kind}"]
        if k % 23 == 5 and day < 330:
            rows.append(f"R{k},{rep},{date + dt.timedelta(days=30)},-{cents[0]},-{cents[1]},D{k}")
    head = "id,rep,date,amount,margin,reverses\n"
    return head + "\n".join(rows) + "\n", "deal,rep,share,kind\n" + "\n".join(shares) + "\n"


def quotas() -> str:
    """Quotas of every seat: of money, and of wins."""
    return "rep,period,measure,quota\n" + "".join(
        f"{seat},2026-{month:02d},{measure},{quota}\n"
        for seat in (*(f"S{k}" for k in range(9)), "E", "W")
        for month in range(1, 13)
        for measure, quota in (("", 24_000 + 1000 * (month % 3)), ("wins", 2 + month % 2))
    )


def company(folder: Path, seed: int = 1, count: int = 240) -> Company:
    """Everything together; the seed also draws what plans leave to a choice."""
    sold, shares = deals(seed, count)
    made = Company(folder, sold, reps=SEATS, spells=SPELLS, quotas=quotas(), splits=shares)
    data = {
        **made.text["data"],
        "reps": {"path": "reps.csv", "levels": ["region"]},
        "deals": {"path": "deals.csv", "extra": {"margin": "money"}},
    }
    rng = np.random.default_rng(seed + 1000)

    def one(*choices: Any) -> Any:
        return choices[rng.integers(0, len(choices))]

    rules = {
        "rounding": one("half_even", "half_up"), "carry": one("person", "spell"),
        "proration": one("days_of_year", "days_of_period", "first_day"),
    }  # fmt: skip
    changed = {
        "pool": {
            "shares": one("by_days", "by_head", "by_credit", "by_target"),
            "accumulate": one("quarter", "period"),
        },
        "override": {"quota_of": one("team", "own"), "accumulate": one("quarter", "year_to_date")},
        "by deal": {"tiers": [{"start": 0, "rate": "3.3%"}, {"start": 5000, "rate": one("4.1%", "2%")}]},
        "spif": {"budget": one(3000, 450), "accumulate": one("transaction", "quarter")},
        "holdback": {"leavers": one("forfeited", "paid")},
    }
    everybody = {
        "AE": {"pay": "monthly", "components": _with(SELLER, changed)},
        "Lead": {"pay": "monthly", "components": _with(LEAD, changed)},
    }
    return made.says(
        data=data, crediting={"measures": MEASURES, "clawback": {"quota_credit": one(True, False), "take": "full"}},
        comp={**rules, "plans": everybody},
    )  # fmt: skip


def _with(parts: list[dict[str, Any]], changed: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**part, **changed.get(part.get("name", part["kind"]), {})} for part in parts]
