"""Tables of a frontier: a row for the plan, each point and each limit without a plan; and the seats of each point."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite, nan

import numpy as np

from engine.columns import Column, Table
from engine.inputs import Inputs
from engine.territory.frontier import axes
from engine.territory.frontier.tracing import Frontier, Point
from engine.territory.plain_rows import table_of
from engine.territory.study import Study

PLAN = "plan"


def table(study: Study, found: Frontier) -> Table:
    """Return the points, the plan of the run first, then from the loosest limit to the tightest."""
    names = axes.balanced(study.spec)
    numbered = [(str(k), point) for k, point in enumerate(found.points, start=1)]
    rows = [(PLAN, found.plan), *numbered, *(("none", point) for point in found.failed)]
    columns = _columns(study, found, names)
    cells = [_row(study, found, names, name, point) for name, point in rows]
    return table_of("frontier", columns, cells, _meaning(study, found))


def accounts_table(study: Study, found: Frontier) -> Table:
    """Return who owns each account in the plan of the run and at each point."""
    names = [PLAN, *(f"point_{k}" for k in range(1, len(found.points) + 1))]
    plans = [point.rep_of for point in (found.plan, *found.points) if point.rep_of is not None]
    seats, accounts = study.inputs.reps.id, study.inputs.accounts
    columns = (
        Column("account", "text", "Id of the account"),
        *(Column(name, "text", f"Seat that owns it: {name.replace('_', ' ')}") for name in names),
    )
    rows = [(accounts.id[i], *(seats[plan[i]] for plan in plans)) for i in range(len(accounts))]
    return table_of("frontier_accounts", columns, rows, "Who owns each account at each point of the frontier")


def _meaning(study: Study, found: Frontier) -> str:
    left = f"; {found.dominated} dominated points left out" if found.dominated else ""
    return f"Least {axes.words(found.spec)} for each limit on {found.spec.against}, each with its proven bound{left}"


def _columns(study: Study, found: Frontier, names: tuple[str, ...]) -> tuple[Column, ...]:
    unit, money = axes.unit(study.inputs, found.spec), study.inputs.currency
    limit = "ratio" if found.spec.against == "balance" else axes.limit_unit(study.inputs, found.spec)
    of = axes.words(found.spec)
    return (
        Column("point", "text", "Number of the point, `plan` for the plan of the run, `none` without a plan"),
        Column("minimised", "text", "What was minimised"),
        Column("limited", "text", "What was limited, and how"),
        Column("limit", "real", "The limit; blank where it was lifted, and for the plan of the run", limit),
        Column("reached", "real", "What the plan comes to on the limited axis", limit),
        Column("moved_accounts", "whole", "Accounts that leave their incumbent"),
        Column("moved_potential", "money", "Their potential"),
        *(
            Column(f"deviation_{name}", "ratio", f"Worst deviation of a seat's {name} from its target")
            for name in names
        ),
        Column("travel", "real", "Cost of travel; blank where the scenario has no price for it", money),
        Column("cost", "real", "Cost of the plan by the objectives of the scenario", money),
        Column(
            "cost_bound",
            "real",
            f"Bound of the LP on the cost within the limit, {of} held at this objective",
            money,
        ),
        Column("objective", "real", f"What was minimised: {of}", unit),
        Column("bound", "real", "Proven bound on it: no plan within the limit has less", unit),
        Column("gap", "ratio", "Distance of the two, as a share of the objective"),
        Column(
            "status", "text", "OPTIMAL when proven within the demanded gap; INFEASIBLE when no plan exists"
        ),
        Column("proof", "text", "Where the bound comes from"),
    )


def _row(study: Study, found: Frontier, names: tuple[str, ...], name: str, point: Point) -> list[object]:
    words = "not limited further" if name == PLAN else axes.limit_words(study.inputs, found.spec, point.limit)
    limit = None if name == PLAN else point.limit
    return [
        name,
        axes.words(found.spec),
        words,
        _number(limit),
        _number(point.reached),
        *_figures(study, names, point),
        point.cost,
        _finite(point.cost_bound),
        point.value,
        _finite(point.bound),
        _finite(point.gap),
        "" if name == PLAN and found.spec.of != "cost" else str(point.status),
        point.proof,
    ]


def _figures(study: Study, names: tuple[str, ...], point: Point) -> list[object]:
    if point.rep_of is None:
        return [None, None, *(nan for _ in names), nan]
    accounts = study.inputs.accounts
    gone = (accounts.owner >= 0) & (accounts.owner != point.rep_of)
    worst = [_deviation(study.inputs, study, name, point) for name in names]
    travel = axes.travel(study.inputs, study.spec, point.rep_of)
    return [int(gone.sum()), int(np.sum(accounts.potential[gone])), *worst, travel]


def _deviation(inputs: Inputs, study: Study, name: str, point: Point) -> float:
    assert point.rep_of is not None
    return float(axes.deviation(inputs, axes.template(study.spec, name), point.rep_of))


def _number(value: Decimal | None) -> float:
    return nan if value is None else float(value)


def _finite(value: float) -> float:
    return value if isfinite(value) else nan
