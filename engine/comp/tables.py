"""Tables of the comp stage: cost, attainment, pay curve, and the private ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engine.columns import Column, Table
from engine.comp.checker import Check
from engine.comp.given import Given
from engine.comp.ledger import Ledger
from engine.comp.payouts import Payouts
from engine.comp.spec import CompSpec
from engine.comp.typical import Typical, pay_at, people, target_of_plan
from engine.comp.wilson import wilson
from engine.inputs import FloatArray, Inputs
from engine.pipeline.bookings import Bookings
from engine.quota.quotas import Quotas

BINS = 40
CURVE = np.arange(0, 41) / 20
"""Attainments of the pay curve: 0 to 200 % by 5."""


def tables(
    given: Given,
    payouts: Payouts,
    ledger: Ledger,
    usual: Mapping[str, Typical | None],
    found: Sequence[Check],
) -> tuple[Table, ...]:
    """Return every table of the stage; `usual` holds the typical person of each plan."""
    inputs, spec, minor = given.inputs, given.spec, given.minor
    return (
        _cost(inputs, payouts, minor),
        _cost_distribution(payouts, minor),
        _attainment(inputs, given.quotas, payouts),
        _attainment_distribution(payouts),
        _cost_of_sales(given.bookings, spec, payouts),
        _pay_curve(inputs, spec, usual, minor),
        _checks(found),
        _private(inputs, ledger, minor),
    )


def _table(
    name: str, meaning: str, columns: Sequence[Column], rows: Sequence[tuple[Any, ...]], private: bool = False
) -> Table:
    import pandas as pd

    kinds = {
        "text": "str",
        "real": "float64",
        "ratio": "float64",
        "whole": "int64",
        "flag": "bool",
        "money": "int64",
    }
    names = [column.name for column in columns]
    frame = pd.DataFrame.from_records(list(rows), columns=names)
    return Table(
        name, tuple(columns), frame.astype({c.name: kinds[c.type] for c in columns}), meaning, private
    )


def _spread(percents: Sequence[int], kind: Any = "real", unit: str = "currency units") -> list[Column]:
    means = Column("mean", kind, "Mean over replications.", unit)
    return [
        means,
        *(Column(f"p{p}", kind, f"{p} % of replications lie at or below.", unit) for p in percents),
    ]


def _figures(values: FloatArray, percents: Sequence[int]) -> tuple[float, ...]:
    """Return mean and percentiles over replications; NaN without any."""
    if values.size == 0:
        return (float("nan"),) * (len(percents) + 1)
    return (float(values.mean()), *(float(q) for q in np.percentile(values, percents)))


def _cost(inputs: Inputs, payouts: Payouts, minor: int) -> Table:
    percents = (10, 50, 90, 99)
    rows = []
    figures = {"total": payouts.cost, "variable": payouts.variable, "salary": payouts.cost - payouts.variable}
    alone = any(people(inputs, plan) == 1 for plan in payouts.plans)
    for k, plan in [(None, "all"), *(() if alone else enumerate(payouts.plans))]:
        for figure, cube in figures.items():
            pay = (cube.sum(axis=2) if k is None else cube[:, :, k]) / minor
            for p, label in enumerate(inputs.calendar.labels):
                rows.append((plan, label, figure, *_figures(pay[:, p], percents)))
            rows.append((plan, "year", figure, *_figures(pay.sum(axis=1), percents)))
    columns = [
        Column("plan", "text", "Comp plan, or `all`."),
        Column("period", "text", "Period of payment, or `year` for the whole plan."),
        Column("figure", "text", "total = salary + variable."),
        *_spread(percents),
    ]
    hidden = " By plan left out: a plan with one person would show what that person earns." if alone else ""
    return _table("cost", "Comp cost when it is paid." + hidden, columns, rows)


def _cost_distribution(payouts: Payouts, minor: int) -> Table:
    columns = [
        Column("from", "real", "Lower edge, included.", "currency units"),
        Column("to", "real", "Upper edge, excluded but for the last.", "currency units"),
        Column("share", "ratio", "Share of replications."),
    ]
    rows = _histogram(payouts.cost.sum(axis=(1, 2)) / minor)
    return _table("cost_distribution", "Total comp cost of the whole plan.", columns, rows)


def _histogram(values: FloatArray, edges: FloatArray | int = BINS) -> list[tuple[float, float, float]]:
    if values.size == 0:
        return []
    if isinstance(edges, int) and values.min() == values.max():
        return [(float(values.min()), float(values.max()), 1.0)]
    counts, at = np.histogram(values, bins=edges)
    return [(float(a), float(b), float(n) / values.size) for a, b, n in zip(at, at[1:], counts, strict=False)]


def _attainment(inputs: Inputs, quotas: Quotas, payouts: Payouts) -> Table:
    columns = [
        Column("rep", "text", "Seat."),
        Column("quota", "money", "Quota of the whole plan."),
        *_spread((10, 50, 90), "ratio", ""),
        Column("p_quota", "ratio", "Share of replications with attainment of 100 % or more."),
        Column("p_quota_low", "ratio", "Lower end of its 95 % Wilson interval."),
        Column("p_quota_high", "ratio", "Upper end of its 95 % Wilson interval."),
    ]
    rows = []
    for j, (rep, quota) in enumerate(zip(inputs.reps.id, quotas.by_period.sum(axis=1), strict=True)):
        values = payouts.attainment[:, j].astype(np.float64)
        there = quota > 0 and values.size > 0
        hit = int((values >= 1).sum())
        odds = (hit / values.size, *wilson(hit, values.size)) if there else (float("nan"),) * 3
        rows.append((rep, int(quota), *_figures(values if there else values[:0], (10, 50, 90)), *odds))
    return _table("attainment", "Credit of the seat over its quota; blank without a quota.", columns, rows)


def _attainment_distribution(payouts: Payouts) -> Table:
    values = payouts.attainment[np.isfinite(payouts.attainment)].astype(np.float64)
    top = max(2.0, float(values.max()) + 1e-9) if values.size else 2.0
    edges = np.concatenate([np.arange(0, 40) / 20, [2.0, top]]) if top > 2 else np.arange(0, 41) / 20
    if values.size and values.min() < 0:
        edges[0] = values.min()
    columns = [
        Column("from", "ratio", "Lower edge, included."),
        Column("to", "ratio", "Upper edge, excluded but for the last."),
        Column("share", "ratio", "Share of seats and replications."),
    ]
    meaning = "Attainment over all seats with a quota and all replications."
    return _table("attainment_distribution", meaning, columns, _histogram(values, edges))


def _cost_of_sales(bookings: Bookings, spec: CompSpec, payouts: Payouts) -> Table:
    rule = spec.cost_of_sales
    cost = (payouts.cost if rule.cost == "total" else payouts.variable).sum(axis=(1, 2))
    sales = bookings.measure(rule.measure).sum(axis=(1, 2)).astype(np.float64)
    ratio = cost[sales > 0] / sales[sales > 0]
    what = "salary and variable pay" if rule.cost == "total" else "variable pay"
    definition = (
        f"{what} of everybody with a plan, as paid, over '{rule.measure}' of all seats, in the whole plan"
    )
    columns = [
        Column("figure", "text", "Which figure."),
        *_spread((10, 50, 90), "ratio", ""),
        Column("definition", "text", "How it is defined."),
    ]
    rows = [("cost_of_sales", *_figures(ratio, (10, 50, 90)), definition)]
    return _table("cost_of_sales", "Comp cost of sales, by replication.", columns, rows)


def _pay_curve(inputs: Inputs, spec: CompSpec, usual: Mapping[str, Typical | None], minor: int) -> Table:
    columns = [
        Column("plan", "text", "Comp plan."),
        Column("attainment", "ratio", "Credit over quota, the same in every period."),
        Column("pay", "ratio", "Variable pay over target incentive."),
        Column(
            "money",
            "real",
            "Variable pay of a person with the means of the plan, in seat all year; blank when it has one person.",
            "currency units",
        ),
    ]
    rows = []
    for plan, person in usual.items():
        if person is not None:
            pay = pay_at(inputs, spec, plan, person, CURVE)
            target = target_of_plan(inputs, spec, person)
            ratio = pay / target if target else np.full(pay.shape, np.nan)
            money = pay / minor if person.people > 1 else np.full(pay.shape, np.nan)
            rows += [
                (plan, float(a), float(s), float(m)) for a, s, m in zip(CURVE, ratio, money, strict=True)
            ]
    return _table("pay_curve", "Pay for performance.", columns, rows)


def _checks(found: Sequence[Check]) -> Table:
    columns = [
        Column("plan", "text", "Comp plan."),
        Column("check", "text", "What was looked at: target, cost, monotone, cliff."),
        Column("passed", "flag", "Whether it is as a plan should be; cliffs and costs are told, not judged."),
        Column("message", "text", "The finding."),
    ]
    rows = [(check.plan, check.check, check.passed, check.message) for check in found]
    return _table("plan_checks", "What the plans will do.", columns, rows)


def _private(inputs: Inputs, ledger: Ledger, minor: int) -> Table:
    columns = [
        Column("spell", "text", "Spell of a person in a seat."),
        Column("person", "text", "Person."),
        Column("rep", "text", "Seat."),
        Column("period", "text", "Period of payment, or `year`."),
        Column("component", "text", "Component of the plan."),
        *_spread((10, 50, 90)),
    ]
    periods = (*inputs.calendar.labels, "year")
    rows: dict[tuple[int, int], list[tuple[Any, ...]]] = {}
    for order, line in enumerate(ledger.lines):
        for i, spell in enumerate(line.spells):
            who = (
                inputs.spells.id[spell],
                inputs.spells.person[spell],
                inputs.reps.id[inputs.spells.rep[spell]],
            )
            rows[int(spell), order] = [
                (*who, label, line.label, line.mean[i, p] / minor, *(line.quantiles[:, i, p] / minor))
                for p, label in enumerate(periods)
            ]
    ordered = [row for key in sorted(rows) for row in rows[key]]
    return _table("payouts", "What each person is paid.", columns, ordered, private=True)
