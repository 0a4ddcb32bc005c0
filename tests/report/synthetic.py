"""A run that never ran: every table of the stages, with numbers of a believable size, from one seed."""

from __future__ import annotations

from engine.inputs import Finding
from engine.proof import Solve
from engine.report.input import ReportInput
from solvers.solution import Status
from tests.report.company import Company
from tests.report.plan_tables import quota_tables, territory_tables
from tests.report.simulated_tables import comp_tables, pipeline_tables


def solve(stage: str, name: str, objective: float, bound: float, unit: str, gap: float = 0.01) -> Solve:
    found = abs(objective - bound) / abs(objective)
    return Solve(
        stage,
        name,
        "highs",
        Status.OPTIMAL,
        objective,
        bound,
        found,
        gap,
        unit,
        1.5,
        "gap",
        "branch and bound (highs)",
    )


def run(
    seats: int = 6,
    accounts: int = 60,
    periods: int = 12,
    products: int = 2,
    *,
    placed: bool = True,
    history: bool = True,
    seed: int = 7,
) -> ReportInput:
    c = Company(seats, accounts, periods, seed, placed)
    tables = [*territory_tables(c), *pipeline_tables(c), *quota_tables(c, products, history), *comp_tables(c)]
    return ReportInput(
        title="annual_plan",
        description="Forty seats in four regions: who covers what, who carries what number, and what it pays.",
        currency="USD",
        labels=c.labels,
        tables=tuple(tables),
        solves=(
            solve("territories", "cost", 1_284_300.0, 1_276_900.0, "USD"),
            solve("quotas", "worst deviation", 0.041, 0.041, "ratio", 1e-6),
        ),
        findings=(
            Finding("opportunities", "unknown product", 1480, "mapped", ("row 17: GTXPro", "row 22: GTXPro")),
            Finding("accounts", "outlier: potential", 3, "kept", ("row 5: 12,000,000",)),
        ),
        warnings=("Seat R002 is open until 2027-04-01.",),
        seed=20270101,
        replications=1000,
        goal_probability=0.57,
        people_by_plan={"AE": 30, "AM": 12},
        versions={"apportion": "0.1.0", "highspy": "1.12.0"},
    )
