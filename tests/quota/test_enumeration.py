"""Whole answers of the stage against every allocation of tiny companies, counted out by `counting`."""

from __future__ import annotations

from pkgutil import iter_modules
from typing import Any

import pytest

from engine.errors import BadInput, Infeasible
from engine.progress import Silent
from engine.quota import allocate
from engine.quota import methods as methods_folder
from engine.quota.quotas import Quotas
from tests.quota.counting import Company, Counted, blended, drawn
from tests.quota.setting import aligned, booked

METHODS: dict[str, list[dict[str, Any]]] = {
    "potential": [{"kind": "potential"}],
    "history": [{"kind": "history", "growth": {"R1": "0.5"}}],
    "index": [{"kind": "index", "columns": {"potential": "2", "history": "1"}}],
    "pipeline": [{"kind": "pipeline"}],
    "capacity": [{"kind": "capacity"}],
    "accounts": [{"kind": "accounts", "column": "aim"}],
    "even": [{"kind": "even"}],
    "blend": [{"kind": "target_share", "share": "60%", "weight": "2"}, {"kind": "history", "weight": "0.5"}],
}
POLICIES: dict[str, dict[str, Any]] = {
    "free": {},
    "over-assigned": {"over": (-10, 5)},
    "locked": {"locks": {1: 4}},
    "bounded": {"target": (50, 130), "over": (10, 0)},
    "nodes": {"nodes": {"N": (6, 10), "R3": (2, 5)}},
}


def answer(company: Company) -> Quotas | None:
    try:
        return allocate(
            company.inputs, aligned(company.inputs), booked(company.inputs), company.wanted, progress=Silent()
        )
    except (BadInput, Infeasible):
        return None


def held_to(counted: Counted) -> bool:
    """Hold the answer to the best of all; return whether there is one."""
    found, every = (
        answer(counted.company),
        {tuple(quotas): counted.score(quotas) for quotas in counted.answers()},
    )
    assert (found is None) == (not every)
    if found is None:
        return False
    quotas, best = [int(value) for value in found.cells.sum(axis=(1, 2))], min(every.values())
    assert tuple(quotas) in every
    assert counted.score(quotas) == best
    for solve, least in zip(found.solves, best, strict=False):
        assert solve.bound <= float(least) + 1e-6
        assert solve.objective == pytest.approx(float(least), abs=0.51)
    return True


@pytest.mark.parametrize("seed", range(30))
def test_drawn_companies_get_the_best_of_all_allocations(seed: int) -> None:
    company = drawn(seed)
    held_to(Counted(company, blended(company)))


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("method", METHODS)
def test_every_method_gets_the_best_of_all_allocations_under_every_policy(method: str, policy: str) -> None:
    company = Company(
        [7, 2, 4, 3], [3, 5, 0, 6], ["N", "S", "N", "S"], 17, 2, METHODS[method], **POLICIES[policy]
    )
    assert held_to(Counted(company, blended(company)))


def test_no_method_is_left_out() -> None:
    """Equal difficulty is measured by chances: see below."""
    told = {method["kind"] for methods in METHODS.values() for method in methods}
    assert told | {"equal_difficulty"} == {module.name for module in iter_modules(methods_folder.__path__)}


def test_most_of_the_drawn_companies_have_an_answer() -> None:
    counted = [Counted(company, blended(company)) for company in map(drawn, range(30))]
    assert sum(next(iter(one.answers()), None) is not None for one in counted) >= 15
