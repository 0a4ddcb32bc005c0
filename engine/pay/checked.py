"""Checked: what the plan checker says of the plans that pay, on their real quotas and deals.

The typical person of a plan has the means of its people: their quotas, and as credit at 100 % attainment the quota
itself, or what people were credited with where a measure is held against none. Findings are the plan's: of a plan that
few people have no amounts are named.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np

from engine.comp.checker import checks
from engine.comp.checking.finding import Check
from engine.comp.spec import CompSpec
from engine.comp.typical import Typical, people, terms_of
from engine.inputs import FloatArray, IntArray
from engine.pay.credit import Credits
from engine.pay.tables import Tables


def checked(spec: CompSpec, key: str, tables: Tables, credits: Credits, as_of: dt.date | None) -> list[Check]:
    """Check every plan.

    Args:
        spec: the plans.
        key: `comp` or `comp_b`, under which they stand in the pay file.
        tables: people and quotas.
        credits: what they were credited with.
        as_of: first day of which no deal is known; None where the whole year is.

    """
    usual = {plan: _typical(spec, plan, tables, credits, as_of) for plan in spec.plans}
    found = checks(tables.inputs, spec, usual)
    if key == "comp":
        return found
    return [
        replace(one, plan=f"B, {one.plan}", message="Plan B, " + one.message.removeprefix("Plan "))
        for one in found
    ]


def _typical(
    spec: CompSpec, plan: str, tables: Tables, credits: Credits, as_of: dt.date | None
) -> Typical | None:
    inputs, quotas = tables.inputs, tables.quotas
    members = [i for i, name in enumerate(inputs.spells.plan) if name == plan]
    if not members:
        return None
    seats = inputs.spells.rep[members]
    parts = spec.plans[plan].components
    held = {measure for part in parts for measure in part.held_to_quota()}
    measures = sorted({measure for part in parts for measure in part.measures()})

    def quota(measure: str) -> IntArray:
        return quotas.single.get(measure, quotas.every)

    def of_seats(measure: str) -> IntArray | FloatArray:
        return quota(measure) if measure in held else _sold(tables, credits, measure, as_of)

    def mean(table: IntArray | FloatArray) -> IntArray:
        return np.asarray(np.rint(table[seats].mean(axis=0)), dtype=np.int64)

    money = sorted(held - tables.counts)
    main = money[0] if len(money) == 1 else ""
    salary, target = terms_of(inputs, spec, plan)
    return Typical(
        people(inputs, plan),
        mean(quota(main)),
        target,
        {name: mean(of_seats(name)) if name in held else of_seats(name)[seats].mean(axis=0) for name in measures},
        seats=of_seats,
        quotas=quota(main),
        salary=salary,
        single={name: mean(values) for name, values in quotas.single.items()},
        single_of_seats=quotas.single,
    )  # fmt: skip


def _sold(tables: Tables, credits: Credits, measure: str, as_of: dt.date | None) -> IntArray:
    """Return the credit of a measure that every seat had, shape (rep, period); later periods have the mean so far."""
    sums = np.zeros((len(tables.inputs.reps), tables.inputs.calendar.periods), dtype=np.int64)
    np.add.at(sums, (credits.lines.rep, credits.period), credits.lines.credit[measure])
    if as_of is not None:
        closed = max(int((tables.inputs.calendar.edges[1:] <= np.datetime64(as_of, "D")).sum()), 1)
        sums[:, closed:] = np.rint(sums[:, :closed].mean(axis=1, keepdims=True))
    return sums
