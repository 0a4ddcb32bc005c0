"""The answers of the stages, read back from their tables and held to the plain checks, in integers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from engine.comp.groups import FEWEST
from engine.verification.certificates import certificate_faults
from engine.verification.difficulty import difficulty_faults
from engine.verification.fairness_run import run_fairness_faults
from engine.verification.targets import target_faults
from engine.verification.territories import balance_faults, territory_faults

if TYPE_CHECKING:
    import pandas as pd

    from engine.inputs import Inputs, IntArray
    from engine.scenario import Scenario

    Frames = Mapping[str, pd.DataFrame]

BESIDE = {
    "certificates": ("certificate_seats", "multipliers"),
    "frontier": ("frontier_accounts",),
    "alternatives": ("alternative_accounts",),
}
"""Tables that say what another one is checked by."""


def alignment(inputs: Inputs, today: Inputs, scenario: Scenario, tables: Frames) -> list[str]:
    """Every account once, every constraint, and territories that are the sums of their accounts.

    `inputs` has the seats of the run, `today` those of the tables as read.
    """
    from engine import territory

    frame = tables["alignment"]
    if list(frame["account"]) != list(inputs.accounts.id):
        return ["the accounts of the alignment are not the accounts of the inputs, each once"]
    seats = {seat: index for index, seat in enumerate(inputs.reps.id)}
    unknown = sorted(set(frame["rep"]) - set(seats))
    if unknown:
        return [f"no seat is called {name}" for name in unknown]
    rep_of = np.array([seats[seat] for seat in frame["rep"]], dtype=np.int64)
    said = list(territory.violations(inputs, scenario.territories, rep_of))
    said += territory.table_violations(inputs, scenario.territories, rep_of, tables)
    said += territory.headcount_violations(today, scenario.territories, tables)
    said += territory_faults(inputs, today, tables, rep_of)
    said += _studies(inputs, scenario, tables, rep_of)
    return said


def _studies(inputs: Inputs, scenario: Scenario, tables: Frames, rep_of: IntArray) -> list[str]:
    """Bounds, and the other plans that stand beside the alignment."""
    from engine.territory.planning.rules import seen
    from engine.verification.alternatives import alternative_faults
    from engine.verification.frontier import frontier_faults
    from engine.verification.levels import level_faults
    from engine.verification.overlays import overlay_faults

    spec = scenario.territories
    held = seen(inputs, spec)
    said = _without(tables)
    if said:
        return said
    said = certificate_faults(inputs, spec, tables, rep_of) if "certificates" in tables else []
    said += balance_faults(*held, tables["balance"], rep_of)
    if spec.frontier is not None and "frontier" in tables:
        said += frontier_faults(*held, tables, rep_of)
    if spec.alternatives is not None and "alternatives" in tables:
        said += alternative_faults(*held, tables, rep_of)
    if spec.hierarchy is not None and "levels" in tables:
        said += level_faults(*held, tables["levels"], rep_of)
    if spec.overlays and "overlay_alignment" in tables:
        said += overlay_faults(held[0], spec, tables)
    return said


def _without(tables: Frames) -> list[str]:
    """Return the tables that are missing beside one that cannot be checked without them."""
    return [
        f"the table {name} is missing, which {table} is checked by"
        for table, names in BESIDE.items()
        for name in names
        if table in tables and name not in tables
    ]


def quotas(inputs: Inputs, scenario: Scenario, tables: Frames) -> list[str]:
    """Every level ties out, and the total of each seat is the sum of its cells."""
    from engine import quota
    from engine.quota.difficulty.street import recalled

    frame = tables["quotas"]
    seats = {seat: index for index, seat in enumerate(inputs.reps.id)}
    products = {product: index for index, product in enumerate(dict.fromkeys(frame["product"]))}
    periods = {label: index for index, label in enumerate(inputs.calendar.labels)}
    cells = np.zeros((len(seats), len(products), len(periods)), dtype=np.int64)
    carried = frame.loc[frame["quota"].notna(), ["rep", "product", "period", "quota"]]
    for seat, product, period, amount in carried.itertuples(index=False):
        cells[seats[seat], products[product], periods[period]] += int(amount)
    held = tables["quota_reps"].set_index("rep")["potential"].reindex(inputs.reps.id).to_numpy(np.int64)
    caught, relieved = quota.moves(inputs, tuple(products), tables)
    tied = cells - caught - relieved
    wanted = recalled(inputs, scenario.quotas, tables["quota_levels"])
    said = list(quota.violations(inputs, wanted, tied, held))
    if "quota_kept" in tables:
        said += quota.kept_violations(inputs, scenario.quotas, tied, tables)
    said += quota.move_violations(inputs, scenario.quotas, tuple(products), tied, tables)
    for seat, told in zip(tables["quota_reps"]["rep"], tables["quota_reps"]["quota"], strict=True):
        total = int(cells[seats[seat]].sum())
        if int(told) != total:
            said.append(f"{seat}: the quota is given as {told}, its cells add up to {total}")
    totals = {seat: int(cells[index].sum()) for seat, index in seats.items()}
    said += target_faults(inputs, wanted, tables)
    said += run_fairness_faults(inputs, scenario, tables)
    return said + _steps(tables, totals) + list(difficulty_faults(tables, totals))


def _steps(tables: Frames, quotas: dict[str, int]) -> list[str]:
    """Hold steps to the quotas, and reasons to the changes."""
    made = tables["quota_steps"].groupby("rep")["amount"].sum()
    said = [
        f"{rep}: the steps add up to {made.get(rep)}, the quota is {quota}"
        for rep, quota in quotas.items()
        if int(made.get(rep, -1)) != int(quota)
    ]
    if "quota_changes" not in tables:
        return said
    for rep, rows in tables["quota_changes"].groupby("rep"):
        was, quota = int(rows["previous"].iloc[0]), int(rows["quota"].iloc[0])
        effect = int(rows["effect"].sum())
        if quota - was != effect or quotas.get(str(rep), 0) != quota:
            said.append(f"{rep}: the reasons add up to {effect}, the quota went from {was} to {quota}")
    return said


def cost(inputs: Inputs, tables: Frames) -> list[str]:
    """Mean cost adds up: salary and variable pay make the total, plans make `all`, periods make the year.

    Each mean is rounded to the minor unit, so that a sum of n may differ from its parts by (n + 1) / 2.

    Plans that may not be shown are left out of the table; then those that are shown cannot be held to the total. Where
    few people are paid in all there is no such table.
    """
    if sum(inputs.people_by_plan.values()) < FEWEST and "cost" not in tables:
        return []
    frame = tables["cost"]
    mean = {
        key: int(value)
        for *key_parts, value in frame[["plan", "period", "figure", "mean"]].itertuples(index=False)
        for key in [tuple(key_parts)]
    }
    plans = [plan for plan in dict.fromkeys(frame["plan"]) if plan != "all"]
    periods = [period for period in dict.fromkeys(frame["period"]) if period != "year"]
    said = []

    def hold(told: int, parts: Sequence[int], what: str) -> None:
        more = told - sum(parts)
        if 2 * abs(more) > len(parts) + 1:
            said.append(
                f"{what}: {told} minor units are given, the parts add up to {sum(parts)}, a difference of {more}"
            )

    for plan in ["all", *plans]:
        for period in ["year", *periods]:
            hold(
                mean[plan, period, "total"],
                [mean[plan, period, "salary"], mean[plan, period, "variable"]],
                f"cost of {plan} in {period}",
            )
        hold(
            mean[plan, "year", "total"],
            [mean[plan, period, "total"] for period in periods],
            f"cost of {plan} over the periods",
        )
    if set(plans) == set(inputs.people_by_plan):
        hold(
            mean["all", "year", "total"],
            [mean[plan, "year", "total"] for plan in plans],
            "cost over the plans",
        )
    return said
