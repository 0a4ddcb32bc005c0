"""Drawn comp plans: YAML text with every kind of component, each with its options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import yaml

Parts = dict[str, Any]
SIMPLE = ("commission", "bonus", "matrix")
"""Kinds that read credits; every plan begins with two to four of them."""


class Maker:
    """Draws plans from a seeded generator."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.kinds: Mapping[str, Callable[[], Parts]] = {
            "commission": self.commission,
            "bonus": self.bonus,
            "matrix": self.matrix,
            "salary": dict,
            "limit": self.limit,
            "holdback": self.holdback,
            "guarantee": self.guarantee,
            "draw": self.draw,
            "spif": self.spif,
            "scorecard": self.scorecard,
            "override": self.override,
            "pool": self.pool,
            "contest": self.contest,
            "choice": self.choice,
            "best": self.best,
            "standing": self.standing,
            "fund": self.fund,
        }

    def one(self, *of: Any) -> Any:
        """Return one of some things, each as likely."""
        return of[int(self.rng.integers(len(of)))]

    def percent(self, low: int, high: int) -> str:
        """Return a whole percentage."""
        return f"{self.rng.integers(low, high + 1)}%"

    def rising(self, count: int, low: int = 10, high: int = 250) -> list[str]:
        """Return rising percentages."""
        return [f"{n}%" for n in np.sort(self.rng.choice(np.arange(low, high), count, replace=False))]

    def maybe(self, key: str, value: Any) -> Parts:
        """Return an option every other time."""
        return {key: value} if self.rng.random() < 0.5 else {}

    def plan(self) -> Parts:
        """Return a plan: some kinds that read credits, and some that look at what those earn."""
        kinds = [str(kind) for kind in self.rng.choice(SIMPLE, int(self.rng.integers(2, 5)))]
        others = [kind for kind in self.kinds if kind not in SIMPLE]
        kinds += [str(kind) for kind in self.rng.choice(others, int(self.rng.integers(0, 4)), replace=False)]
        parts = [{"kind": kind, "name": f"{kind} {k}", **self.kinds[kind]()} for k, kind in enumerate(kinds)]
        for part in parts:
            if part["kind"] in ("choice", "best"):
                part["of"] = [other["name"] for other in parts[:2]]
        return {"pay": "monthly", "components": parts}

    def sides(self) -> Parts:
        """Return what a ratio is made of."""
        return {
            "measure": "bookings",
            "quota": self.one("to_date", "interval"),
            "accumulate": self.one("period", "quarter", "year_to_date"),
            "closed": self.one("left", "right"),
        }

    def incentive(self) -> Parts:
        """Return what components that follow credit have in common."""
        gate = {**self.sides(), "at_least": self.percent(50, 110), "otherwise": self.one("nothing", "target")}
        modifier = {
            "measure": "margin",
            "over": "bookings",
            "accumulate": "year_to_date",
            "closed": "left",
            "shape": self.one("steps", "lines"),
            "nodes": [{"ratio": ratio, "factor": self.percent(50, 150)} for ratio in self.rising(3)],
        }
        cap = self.one(
            {"of_target": self.percent(100, 300), "per": self.one("quarter", "year")},
            {"amount": "20k", "per": self.one("period", "quarter", "year")},
        )
        return {
            **self.sides(),
            "weight": self.percent(10, 60),
            **self.maybe("gates", [gate]),
            **self.maybe("modifiers", [modifier]),
            **self.maybe("cap", cap),
            **self.maybe("floor", {"of_target": self.percent(5, 30), "per": "quarter"}),
        }

    def commission(self) -> Parts:
        """Return rates on credit, in tiers."""
        on, rates = self.one("credit", "attainment"), self.one("of_credit", "individual")
        starts = self.rising(int(self.rng.integers(1, 6)))
        levels = starts if on == "attainment" else [f"{int(start[:-1]) * 12}k" for start in starts]
        most = 300 if rates == "individual" else 20
        return {
            **self.incentive(),
            "tiers_on": on,
            "rates": rates,
            "mode": self.one("marginal", "retroactive"),
            "tiers": [{"start": start, "rate": self.percent(0, most)} for start in ("0", *levels)],
        }

    def bonus(self) -> Parts:
        """Return a curve with a threshold."""
        entry = self.one("from_zero", "from_minimum", "from_first_dollar")
        threshold = {"attainment": self.percent(20, 60), "entry": entry}
        nodes = self.rising(int(self.rng.integers(1, 4)), low=70)
        return {
            **self.incentive(),
            "threshold": threshold | ({"minimum": self.percent(10, 60)} if entry == "from_minimum" else {}),
            "nodes": [{"attainment": node, "pay": self.percent(60, 200)} for node in nodes],
            "accelerator": self.percent(0, 200),
        }

    def matrix(self) -> Parts:
        """Return pay by two attainments."""
        rows, columns = self.rising(2), self.rising(2)
        across = {
            "measure": "margin", "over": "bookings", "accumulate": "quarter", "closed": "left",
            "levels": ["0", *columns],
        }  # fmt: skip
        cells = [[self.percent(0, 200) for _ in ("0", *columns)] for _ in ("0", *rows)]
        shape = self.one("steps", "bilinear")
        return {
            **self.incentive(),
            "shape": shape,
            "levels": ["0", *rows],
            "across": across,
            "cells": cells,
        }

    def limit(self) -> Parts:
        """Return a cap over several components."""
        return {
            "most": {"of_target": self.percent(100, 200)},
            "per": "quarter",
            "carry": self.one("lost", "carried_forward", "trued_up_at_year_end"),
        }

    def holdback(self) -> Parts:
        """Return a share of pay that is paid later."""
        return {
            "share": self.percent(5, 30),
            "leavers": self.one("paid", "forfeited"),
            **self.one({"after": str(self.rng.integers(1, 4))}, {"at_end_of": "quarter"}),
        }

    def guarantee(self) -> Parts:
        """Return least pay of somebody new."""
        return {"least": {"of_target": self.percent(20, 80)}, "periods": "6", "per": "period"}

    def draw(self) -> Parts:
        """Return a draw against pay."""
        kind = self.one("non_recoverable", "recoverable", "recoverable_then_forgiven")
        return {
            "type": kind,
            "form": "floor",
            "amount": f"{self.rng.integers(1, 5)}k",
            "per": "period",
            **({"term": "year"} if kind == "recoverable_then_forgiven" else {}),
        }

    def spif(self) -> Parts:
        """Return an amount for every so much credit in half a year."""
        return {
            "measure": "bookings",
            "amount": f"{self.rng.integers(20, 200)}",
            "each": {"money": "25k"},
            "accumulate": self.one("period", "quarter"),
            "first_day": "2027-01-01",
            "last_day": "2027-06-30",
            **self.maybe("cap", {"events": "12", "per": "year"}),
        }

    def scorecard(self) -> Parts:
        """Return two goals."""
        first = {"name": "one", "weight": "40%", "pays": "pro_rata", "most": "120%"}
        second = {"name": "two", "weight": "60%", "pays": "all_or_nothing", "threshold": "90%"}
        goals = [{**goal, "expected": self.percent(60, 130)} for goal in (first, second)]
        return {"weight": "10%", "per": "quarter", "closed": "left", "goals": goals}

    def override(self) -> Parts:
        """Return a rate on the credit of the company."""
        return {
            "team": {"level": "company", "credit_of": ["AE"], "double_credit": "counted"},
            "accumulate": self.one("period", "quarter"),
            "closed": self.one("left", "right"),
            "rate": f"0.{self.rng.integers(1, 9)}%",
        }

    def pool(self) -> Parts:
        """Return a share of the credit of the company, for everybody."""
        return {**self.override(), "shares": self.one("by_head", "by_days", "by_credit", "by_target")}

    def contest(self) -> Parts:
        """Return prizes for the best of the plan."""
        return {
            "measure": "bookings",
            "rank_by": self.one("credit", "attainment"),
            "per": self.one("period", "quarter"),
            "among": "company",
            "ties": self.one("each", "shared"),
            "prizes": [{"to_place": "1", "amount": "5k"}, {"to_place": "3", "amount": "1k"}],
        }

    def choice(self) -> Parts:
        """Return the greater of the first two components, or the lesser."""
        return {"take": self.one("greater", "lesser"), "per": self.one("period", "quarter")}

    def best(self) -> Parts:
        """Return the best intervals of the first two components together."""
        return {"per": self.one("period", "quarter"), "count": self.one(1, 2, 3)}

    def standing(self) -> Parts:
        """Return factors for the best of the plan, and one for all others."""
        return {
            "measure": "bookings",
            "rank_by": self.one("credit", "attainment"),
            "per": self.one("period", "quarter"),
            "among": "company",
            "ties": self.one("each", "shared"),
            "factors": [{"to_place": "3", "times": self.percent(100, 150)}],
            "otherwise": self.percent(60, 100),
        }

    def fund(self) -> Parts:
        """Return the most that the company earns together."""
        return {"most": f"{self.rng.integers(20, 200)}m", "per": "quarter", "among": "company"}


def drawn(seed: int) -> str:
    """Return the text of a drawn plan with its rules."""
    maker = Maker(seed)
    rules = {
        "rounding": maker.one("half_even", "half_up"),
        "proration": maker.one("days_of_period", "days_of_year", "first_day"),
    }
    return yaml.safe_dump({**rules, "plans": {"AE": maker.plan()}}, sort_keys=False)
