"""Every allocation of tiny companies, counted out: two levels, at most five seats, coarse steps. Amounts in cents.

It shares no code with the engine: targets, limits, roundings and remainders are read from the definitions alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import ceil, floor
from typing import Any

import numpy as np

from engine.inputs import Inputs, IntArray, Opportunities
from engine.quota.spec import QuotaSpec
from tests.quota.setting import seats, spec

Range = tuple[int, int | None]
Score = tuple[Fraction, Fraction]


def half_up(amount: Fraction) -> int:
    return floor(amount + Fraction(1, 2))


@dataclass(frozen=True)
class Company:
    """One drawn problem; goal, step, locks and bounds in whole currency units."""

    potential: list[int]
    history: list[int]
    district: list[str]
    goal: int
    step: int
    methods: list[dict[str, Any]]
    over: tuple[int, int] = (0, 0)
    """Percent by which districts exceed the goal, and seats their district."""
    locks: Mapping[int, int] = field(default_factory=dict)
    target: tuple[int, int] | None = None
    """Percent of their targets between which quotas lie."""
    last: tuple[int, int] | None = None
    """Percent of last year's bookings."""
    nodes: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def inputs(self) -> Inputs:
        """The seats, with targets of their accounts (2, 3, ...) and an open deal each, that of the last being 1."""
        count = len(self.potential)
        found = seats(self.potential, history=self.history, district=self.district)
        accounts = replace(found.accounts, extra={"aim": 100 * np.arange(2, count + 2)})
        return replace(found, accounts=accounts, pipeline=_open_deals(100 * np.arange(count, 0, -1)))

    @property
    def wanted(self) -> QuotaSpec:
        ranges = {"target": self.target, "history": self.last}
        bounds: dict[str, Any] = {
            name: {"min": f"{ends[0]}%", "max": f"{ends[1]}%"} for name, ends in ranges.items() if ends
        }
        bounds["nodes"] = {name: {"min": str(a), "max": str(b)} for name, (a, b) in self.nodes.items()}
        return spec(
            str(self.goal),
            step=str(self.step),
            methods=self.methods,
            over_assignment={"district": f"{self.over[0]}%", "rep": f"{self.over[1]}%"},
            locks={f"R{seat}": str(amount) for seat, amount in self.locks.items()},
            bounds=bounds,
            solver={"gap": 0},
        )


@dataclass(frozen=True)
class Counted:
    """A company, and the share of the goal that each seat claims."""

    company: Company
    shares: list[Fraction]

    @cached_property
    def places(self) -> list[tuple[str, list[int]]]:
        """Districts by name, with their seats."""
        held = self.company.district
        return [(name, [s for s, at in enumerate(held) if at == name]) for name in sorted(set(held))]

    @cached_property
    def factors(self) -> tuple[Fraction, Fraction]:
        return 1 + Fraction(self.company.over[0], 100), 1 + Fraction(self.company.over[1], 100)

    @cached_property
    def targets(self) -> list[Fraction]:
        return [100 * self.company.goal * share * self.factors[0] * self.factors[1] for share in self.shares]

    @cached_property
    def limits(self) -> list[Range]:
        """Of each seat; one that claims nothing carries the least that its bounds ask for."""
        one, found = self.company, []
        for seat, target in enumerate(self.targets):
            low, high = Fraction(0), None
            given = [(one.target, target), (one.last, Fraction(100 * one.history[seat]))]
            ends = [
                (a * base / 100, b * base / 100) for pair, base in given if pair and base for a, b in [pair]
            ]
            if f"R{seat}" in one.nodes:
                least, most = one.nodes[f"R{seat}"]
                ends.append((Fraction(100 * least), Fraction(100 * most)))
            if ends:
                low, high = max(max(a for a, _ in ends), low), min(b for _, b in ends)
            limit: Range = (ceil(low), None if high is None else floor(high))
            if seat in one.locks:
                limit = (100 * one.locks[seat],) * 2
            elif not target:
                least = -(-limit[0] // (100 * one.step)) * 100 * one.step
                limit = (least, least if limit[1] is None or least <= limit[1] else limit[1])
            found.append(limit)
        return found

    @cached_property
    def fixed(self) -> list[bool]:
        pairs = zip(self.targets, self.limits, strict=True)
        named = [self.company.nodes.get(f"R{seat}", (0, 1)) for seat in range(len(self.shares))]
        held = [
            seat in self.company.locks or named[seat][0] == named[seat][1] for seat in range(len(self.shares))
        ]
        return [lock or not target for lock, (target, _) in zip(held, pairs, strict=True)]

    @cached_property
    def aims(self) -> list[Fraction]:
        """Targets; where a district's own bounds hold it away from its target, scaled alike for all of its seats."""
        found = list(self.targets)
        for name, below in self.places:
            target = (
                100 * self.company.goal * self.factors[0] * sum((self.shares[s] for s in below), Fraction(0))
            )
            if name in self.company.nodes and target:
                least, most = self.company.nodes[name]
                held = min(max(target, Fraction(100 * least)), Fraction(100 * most))
                for seat in below:
                    found[seat] *= held / target
        return found

    def answers(self) -> Iterator[list[int]]:
        """Yield the quotas of the seats, in every way that keeps sums, steps, remainders and limits."""
        goal, step = half_up(100 * self.company.goal * self.factors[0]), 100 * self.company.step
        nodes = self.company.nodes
        exact = {
            k for k, (name, _) in enumerate(self.places) if name in nodes and nodes[name][0] == nodes[name][1]
        }
        whole = [sum((self.shares[s] for s in below), Fraction(0)) for _, below in self.places]
        own: dict[int, int] = {k: 100 * nodes[self.places[k][0]][0] for k in exact}
        for amounts in _split(goal, step, list(range(len(whole))), whole, own):
            if all(
                100 * nodes[name][0] <= amounts[k] <= 100 * nodes[name][1]
                for k, (name, _) in enumerate(self.places)
                if name in nodes
            ):
                yield from self._below(amounts, step)

    def _below(self, amounts: Mapping[int, int], step: int) -> Iterator[list[int]]:
        held = {
            s: low for s, ((low, _), fixed) in enumerate(zip(self.limits, self.fixed, strict=True)) if fixed
        }
        parts = [
            [
                found
                for found in _split(half_up(self.factors[1] * amounts[k]), step, below, self.shares, held)
                if all(self._within(seat, amount) for seat, amount in found.items())
            ]
            for k, (_, below) in enumerate(self.places)
        ]
        for chosen in product(*parts):
            one = {seat: amount for part in chosen for seat, amount in part.items()}
            yield [one[seat] for seat in range(len(self.shares))]

    def _within(self, seat: int, amount: int) -> bool:
        low, high = self.limits[seat]
        return low <= amount and (high is None or amount <= high)

    def score(self, quotas: list[int]) -> Score:
        """Return the worst relative and the total deviation of the seats whose quota is a choice."""
        off = []
        for seat, amount in enumerate(quotas):
            if not self.fixed[seat] and self.aims[seat] > 0:
                low, high = self.limits[seat]
                near = max(self.aims[seat], Fraction(low))
                near = near if high is None else min(near, Fraction(high))
                off.append((abs(amount - near), self.aims[seat]))
        worst = max((distance / aim for distance, aim in off), default=Fraction(0))
        return worst, sum((distance for distance, _ in off), Fraction(0))

    def best(self) -> Score | None:
        return min((self.score(quotas) for quotas in self.answers()), default=None)


def _open_deals(amounts: IntArray) -> Opportunities:
    count = len(amounts)
    whole, none = np.arange(count, dtype=np.int64), np.full(count, np.datetime64("NaT", "D"))
    made = np.full(count, np.datetime64("2026-12-01", "D"))
    return Opportunities(
        tuple(f"D{k}" for k in range(count)), whole, whole, np.zeros(count, np.int64), ("",) * count,
        np.full(count, -1, np.int8), made, made, none, amounts.astype(np.int64),
    )  # fmt: skip


def _split(
    total: int, step: int, parts: list[int], shares: list[Fraction], held: Mapping[int, int]
) -> Iterator[dict[int, int]]:
    """Yield whole multiples for all parts but the largest that is not held, which takes the rest."""
    free = [part for part in parts if part not in held] or parts
    carrier = max(free, key=lambda part: (shares[part], -part))
    others = [part for part in parts if part != carrier]
    for chosen in product(*([held[p]] if p in held else range(0, total + 1, step) for p in others)):
        rest = total - sum(chosen)
        if rest >= 0:
            yield {**dict(zip(others, chosen, strict=True)), carrier: rest}


def claimed(company: Company, method: Mapping[str, Any]) -> list[Fraction]:
    """Return what each seat claims by one method; seat j books j + 1 in the simulation."""
    past, potential, count = company.history, company.potential, len(company.potential)
    if method["kind"] == "history":
        rate = Fraction(sum(past), sum(p for p, h in zip(potential, past, strict=True) if h) or 1)
        grown = [Fraction(h) if h else rate * p for p, h in zip(potential, past, strict=True)]
        growth = method.get("growth", {})
        return [g * (1 + Fraction(growth.get(f"R{seat}", 0))) for seat, g in enumerate(grown)]
    if method["kind"] == "index":
        pairs = zip(potential, past, strict=True)
        of = {name: Fraction(weight) for name, weight in method["columns"].items()}
        return [of["potential"] * p / sum(potential) + of["history"] * h / sum(past) for p, h in pairs]
    found = {
        "potential": potential,
        "even": [1] * count,
        "capacity": range(1, count + 1),
        "target_share": range(1, count + 1),
        "accounts": range(2, count + 2),
        "pipeline": range(count, 0, -1),
    }[method["kind"]]
    return [Fraction(value) for value in found]


def blended(company: Company) -> list[Fraction]:
    """Return the shares of the goal by the methods of a company and their weights."""
    total = [Fraction(0)] * len(company.potential)
    for method in company.methods:
        claims = claimed(company, method)
        weight = Fraction(method.get("weight", "1"))
        total = [t + weight * c / sum(claims) for t, c in zip(total, claims, strict=True)]
    return [share / sum(total) for share in total]


def drawn(seed: int, kinds: tuple[str, ...] = ("potential", "history", "even", "capacity")) -> Company:
    """Draw a company: a blend of some methods, and each other thing now and then."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(3, 6))
    place = [str(name) for name in rng.choice(["N", "S"], count)]
    nodes = {}
    if rng.random() < 0.4:
        low = int(rng.integers(0, 8))
        nodes[place[0]] = (low, low + int(rng.choice([0, 4, 8, 12])))
    if rng.random() < 0.3:
        low = int(rng.integers(0, 4))
        nodes[f"R{rng.integers(count)}"] = (low, low + int(rng.choice([0, 1, 4])))
    few = rng.permutation(list(kinds))[: int(rng.integers(1, len(kinds) + 1))]
    pairs = [None, None, (50, 150), (70, 130)]
    return Company(
        potential=[
            int(v) for v in np.maximum(rng.integers(-1, 10, count), 0) + np.eye(1, count, dtype=int)[0]
        ],
        history=[int(v) for v in rng.integers(0, 10, count) + np.eye(1, count, dtype=int)[0]],
        district=place,
        goal=int(rng.integers(8, 23)),
        step=int(rng.choice([1, 1, 2, 3])),
        methods=[{"kind": str(kind), "weight": str(rng.integers(1, 4))} for kind in few],
        over=(int(rng.choice([0, 0, 10, -10, 25])), int(rng.choice([0, 0, 5, 20]))),
        locks={int(rng.integers(count)): int(rng.choice([0, 1, 3]))} if rng.random() < 0.3 else {},
        target=pairs[int(rng.integers(4))],
        last=(50, 400) if rng.random() < 0.2 else None,
        nodes=nodes,
    )
