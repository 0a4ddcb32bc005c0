"""Doubts: what a pipeline says that is simulated as it stands, and can hardly be meant."""

from __future__ import annotations

import numpy as np

from engine.measures import Measures
from engine.pipeline.build.draft import Draft
from engine.pipeline.layout import MONTH, TICKS


def doubt(draft: Draft, measures: Measures) -> None:
    """Warn of unknown actuals, of a ramp beyond the plan, of stages without time, and of what has no effect."""
    plan = draft.inputs.calendar
    if plan.as_of is not None and plan.as_of > plan.start and draft.inputs.actuals is None:
        message = f"no table tells what was won from {plan.start} to {plan.as_of}"
        hint = "Bookings of the plan lack it; give data.opportunities or data.actuals of that day."
        draft.warn("W_NO_ACTUALS", message, hint, "as_of")
    _unknown_renewals(draft, measures)
    _ramp(draft)
    _no_time(draft)
    _nobody_leaves(draft)
    _nobody_starts(draft)
    if draft.inputs.contracts is not None and not draft.changes.renewals:
        message = f"{len(draft.inputs.contracts)} contracts, and no process renews them"
        _idle(draft, message, "Give a process `renewals`.", "pipeline.processes")


def _idle(draft: Draft, message: str, hint: str, where: str) -> None:
    draft.warn("W_NO_EFFECT", message, hint, where)


def _unknown_renewals(draft: Draft, measures: Measures) -> None:
    """Warn where a measure counts renewals, contracts came up for one in the plan so far, and nothing tells of it."""
    inputs, plan = draft.inputs, draft.inputs.calendar
    if not any(not one.kinds or "renewal" in one.kinds for one in measures.values()):
        return
    if plan.as_of is None or inputs.contracts is None or inputs.actuals is None or inputs.renewed is not None:
        return
    first = inputs.contracts.renews.astype("datetime64[M]").astype(np.int64)
    term = np.maximum(inputs.contracts.months, 1)
    begin, end = (int(day.astype("datetime64[M]").astype(np.int64)) for day in (plan.start, plan.as_of))
    due = int(((first + -(-(begin - first) // term) * term) < end).sum()) if draft.changes.renewals else 0
    if due:
        message = (
            f"{due} contracts came up for renewal from {plan.start} to {plan.as_of}, and no row tells of it"
        )
        hint = "Give actuals a column `kind` (new, renewal, expansion); measures of renewals lack them."
        draft.warn("W_NO_ACTUALS", message, hint, "data.actuals")


def _ramp(draft: Draft) -> None:
    months, plan = len(draft.spec.ramp), draft.inputs.calendar
    if months * MONTH > plan.days * TICKS:
        message = f"the ramp takes {months} months, and the plan ends after {plan.days} days"
        hint = "Nobody who starts in the plan gets through it; shorten the ramp if that is not meant."
        draft.warn("W_RAMP", message, hint, "pipeline.ramp")


def _no_time(draft: Draft) -> None:
    several = draft.spec.stages if len(draft.spec.stages) > 1 else ()
    for place, stage in enumerate(several):
        # What is decided by the month of the close stands in a stage of no days: its chances are those of that month.
        if place and any(case.months_of_quarter for case in stage.cases):
            continue
        laws = (stage.duration, *(case.duration for case in stage.cases if case.duration is not None))
        if any(law.knots()[1][-1] <= 0 for law in laws):
            message = f"deals pass stage '{stage.name}' in no time"
            hint = "Give days above 0, or multiply its chance into that of the stage before."
            draft.warn("W_NO_TIME", message, hint, f"pipeline.stages[{place}].duration")


def _nobody_leaves(draft: Draft) -> None:
    """Warn of a backfill or a reassignment where nobody leaves."""
    changes, people, plan = draft.changes, draft.inputs.spells, draft.inputs.calendar
    ends = bool(((people.end >= plan.today) & (people.end < plan.end)).any())
    if changes.quitting:
        return
    if changes.backfilling is not None and not (ends and changes.backfilling.planned):
        hint = "Give a process `attrition`, or `planned: true` where the table of people has leavers."
        _idle(draft, "a backfill, and nobody quits", hint, "pipeline.processes")
    if changes.leaving is not None and not ends:
        hint = "Give a process `attrition`, or leave `reassignment` out."
        _idle(draft, "a reassignment, and nobody leaves in the plan", hint, "pipeline.processes")


def _nobody_starts(draft: Draft) -> None:
    changes, people, plan = draft.changes, draft.inputs.spells, draft.inputs.calendar
    starts = bool(((people.start > plan.today) & (people.start < plan.end)).any())
    if changes.late is not None and not starts:
        hint = "Leave `late_starts` out."
        _idle(draft, "late starts, and nobody starts in the plan", hint, "pipeline.processes")
    if changes.frozen and not starts and changes.backfilling is None:
        hint = "Leave `hiring_freeze` out."
        _idle(draft, "a hiring freeze, and nobody starts in the plan", hint, "pipeline.processes")
