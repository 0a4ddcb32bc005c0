"""Tables of the plans: pay for performance, and what the plan checker found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from engine.columns import Column, Table
from engine.comp.checker import Check
from engine.comp.groups import shown_plans
from engine.comp.spec import CompSpec
from engine.comp.tables.frames import table
from engine.comp.typical import Typical, pay_at, target_of_plan
from engine.inputs import Inputs

CURVE = np.arange(0, 41) / 20
"""Attainments of the pay curve: 0 to 200 % by 5."""


def pay_curve(inputs: Inputs, spec: CompSpec, usual: Mapping[str, Typical | None]) -> Table:
    """Return what each plan pays its typical person by attainment."""
    columns = [
        Column("plan", "text", "Comp plan."),
        Column("attainment", "ratio", "Credit over quota, the same in every period."),
        Column("pay", "ratio", "Variable pay over target incentive."),
        Column(
            "money",
            "money",
            "Variable pay of a person with the means of the plan, in seat all year; blank where the plan is hidden.",
        ),
    ]
    rows, kept = [], shown_plans(inputs, spec.plans)
    for plan, person in usual.items():
        if person is not None:
            pay = pay_at(inputs, spec, plan, person, CURVE)
            target = target_of_plan(inputs, spec, person)
            ratio = pay / target if target else np.full(pay.shape, np.nan)
            money = pay if plan in kept else np.full(pay.shape, np.nan)
            rows += [
                (plan, float(a), float(s), float(m)) for a, s, m in zip(CURVE, ratio, money, strict=True)
            ]
    return table("pay_curve", "Pay for performance.", columns, rows)


def plan_checks(found: Sequence[Check]) -> Table:
    """Return the findings of the plan checker."""
    columns = [
        Column("plan", "text", "Comp plan."),
        Column("check", "text", "What was looked at: target, monotone, cliff, cost, upside, quota, mix."),
        Column("passed", "flag", "Whether it is as a plan should be; cliffs and costs are told, not judged."),
        Column("message", "text", "The finding."),
    ]
    rows = [(check.plan, check.check, check.passed, check.message) for check in found]
    return table("plan_checks", "What the plans will do.", columns, rows)
