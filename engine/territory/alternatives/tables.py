"""Tables of the alternatives: one row for each plan, and one for each account on which the plans differ."""

from __future__ import annotations

from math import nan

import numpy as np

from engine.columns import Column, Table
from engine.inputs import IntArray
from engine.territory.alternatives.differing import Alternative, Alternatives
from engine.territory.plain_rows import table_of
from engine.territory.study import Study

BEST = "best"


def tables(study: Study, found: Alternatives) -> tuple[Table, Table]:
    """Return `alternatives` and `alternative_accounts`."""
    return _plans(study, found), _accounts(study, found)


def _plans(study: Study, found: Alternatives) -> Table:
    money, unit = study.inputs.currency, found.measure.unit
    columns = (
        Column("plan", "text", "`best` for the plan of the run, then the number of the alternative"),
        Column("cost", "real", "Cost by the objectives of the scenario", money),
        Column("over_best", "ratio", "What it costs more than the best plan, as a share of that plan's cost"),
        Column("accounts_differ", "whole", "Accounts that belong to another seat than in the best plan"),
        Column("potential_differs", "money", "Their potential"),
        Column("moved_accounts", "whole", "Accounts that leave their incumbent"),
        Column("difference", "real", "Least difference from the best plan and all plans above", unit),
        Column("bound", "real", "Proven: no plan within the cost differs by more", unit),
        Column("gap", "ratio", "Distance of the two, as a share of the difference"),
        Column("status", "text", "OPTIMAL when proven within the demanded gap"),
        Column("proof", "text", "Where the bound comes from"),
    )
    rows = [_row(study, BEST, study.rep_of, study.objective, None)]
    rows += [_row(study, str(k), plan.rep_of, plan.cost, plan) for k, plan in enumerate(found.plans, start=1)]
    fewer = found.spec.count - len(found.plans)
    words = f"Plans within {float(found.spec.within):.4g} of the best plan's cost that differ most"
    more = f"; {fewer} more were sought, none found" if fewer else ""
    return table_of("alternatives", columns, rows, words + more)


def _row(study: Study, name: str, rep_of: IntArray, cost: float, plan: Alternative | None) -> list[object]:
    accounts = study.inputs.accounts
    apart = rep_of != study.rep_of
    gone = (accounts.owner >= 0) & (accounts.owner != rep_of)
    over = (cost - study.objective) / abs(study.objective) if study.objective else 0.0
    told: tuple[object, ...] = (nan, nan, nan, "", "")
    if plan is not None:
        told = (plan.difference, plan.bound, plan.gap, str(plan.status), plan.proof)
    return [name, cost, over, int(apart.sum()), int(accounts.potential[apart].sum()), int(gone.sum()), *told]


def _accounts(study: Study, found: Alternatives) -> Table:
    names = [BEST, *(f"plan_{k}" for k in range(1, len(found.plans) + 1))]
    plans = [study.rep_of, *(plan.rep_of for plan in found.plans)]
    apart = np.flatnonzero(np.any([plan != study.rep_of for plan in plans], axis=0))
    accounts, seats = study.inputs.accounts, study.inputs.reps.id
    columns = (
        Column("account", "text", "Id of the account"),
        Column("name", "text", "Name of the account"),
        Column("incumbent", "text", "Seat that held it before; blank where nobody did"),
        *(Column(name, "text", f"Seat that owns it in plan {name.removeprefix('plan_')}") for name in names),
        Column("potential", "money", "Money a year that could be won"),
    )
    rows = [
        (
            accounts.id[i],
            accounts.name[i],
            seats[accounts.owner[i]] if accounts.owner[i] >= 0 else "",
            *(seats[plan[i]] for plan in plans),
            int(accounts.potential[i]),
        )
        for i in apart.tolist()
    ]
    return table_of(
        "alternative_accounts", columns, rows, "Accounts that belong to different seats in some plan"
    )
