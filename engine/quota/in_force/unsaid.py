"""Quotas in force that nobody names: a plan that has begun, and quotas that are set anew as if it had not."""

from __future__ import annotations

from engine.inputs import Inputs


def unsaid(inputs: Inputs) -> tuple[str, ...]:
    """Return a warning where the plan has begun and no run says which quotas were handed out."""
    plan = inputs.calendar
    if plan.as_of is None or plan.as_of <= plan.start or inputs.in_force is not None:
        return ()
    return (
        f"W_QUOTAS_MOVE: quotas.previous: the plan has begun on {plan.start}, and no run says which quotas are in "
        "force: every seat is given a new quota, for periods that are over as well, and attainment so far is against "
        "that. Name the run whose quotas were handed out, such as `previous: ../runs/annual_plan` (with --allow-root "
        "where it lies elsewhere).",
    )
