"""Checks: whether an export can bear an estimate, and what the reader should know of it first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.calibration.found import Found
from engine.calibration.spec import CalibrationSpec
from engine.calibration.visits import ON, Entries, Visits
from engine.errors import BadInput, Fault
from engine.pipeline.competing_risks import incidence
from engine.pipeline.export import DAY, Export

_THIN = 200
"""Closed deals below which intervals are wide enough to say so."""
_UNLIKELY = 7.0
"""Closes expected where none is seen: that happens by chance once in a thousand times."""


def refuse_unusable(export: Export, asked: CalibrationSpec) -> None:
    """Refuse an export that is too thin.

    Raises:
        BadInput: too few closed deals, no won one, or a history of stages whose order nobody gives.

    """
    faults = []
    closed = int((export.outcome >= 0).sum())
    if closed < asked.fewest:
        hint = f"Give at least {asked.fewest}, from a longer export; or write arrivals, stages and sizes by hand."
        faults.append(
            Fault(
                "E_THIN",
                f"{closed} closed deals are too few to estimate from",
                hint,
                field="data.opportunities",
            )
        )
    elif not (export.outcome == 1).any():
        hint = "Look at data.opportunities.outcomes: which stages mean won?"
        faults.append(
            Fault("E_THIN", "no deal of the history is won", hint, field="data.opportunities.outcomes")
        )
    history = export.inputs.stage_history
    if history is not None and not asked.stages:
        order = [name for name, _ in Counter(history.stage).most_common()]
        hint = f"Give them from the first to the last, such as stages: [{', '.join(order)}]."
        faults.append(
            Fault(
                "E_REQUIRED", "nobody says in which order the stages come", hint, field="calibration.stages"
            )
        )
    if faults:
        raise BadInput(faults)


def refuse_thin_stages(visits: Sequence[Visits], asked: CalibrationSpec) -> None:
    """Refuse stages that too few deals left, or none for the next one.

    Raises:
        BadInput: there are some.

    """
    faults = []
    for one in visits:
        exits, on = int((one.how >= 0).sum()), int((one.how == ON).sum())
        hint = "Map it to a stage beside it under names, or give a longer export."
        if exits < asked.fewest:
            message = f"stage '{one.stage}': {exits} exits are too few to estimate from"
            faults.append(Fault("E_THIN", message, hint, field="calibration.stages"))
        elif not on:
            message = f"stage '{one.stage}': no deal advanced from it"
            faults.append(Fault("E_THIN", message, hint, field="calibration.stages"))
    if faults:
        raise BadInput(faults)


def warn_of_history(export: Export, found: Found) -> None:
    """Say where the history is thin, or begins later than it claims."""
    closed = int((export.outcome >= 0).sum())
    if closed < _THIN:
        found.warn(
            "history",
            f"{closed} closed deals: intervals are wide.",
            "Use the uncertainty that stands in the block.",
        )
    created = export.created[export.outcome >= 0]
    early = int((created < export.visible).sum())
    # Where an export holds every deal since some day, the first close comes a little later, and nothing is hidden.
    if early and _hidden(export, np.min(created)) > _UNLIKELY:
        found.warn(
            "history",
            f"Closes are visible since {export.visible}, but {early:,} closed deals were created before, back to "
            f"{np.min(created)}: of those older ones the export shows only what closed late. They count from the age "
            f"that they had on {export.visible}, and leads are counted from that day on.",
            "Give closes_since if the export begins on another day.",
        )
    _warn_of_claim(export, found)
    span = int((export.today - export.visible) / DAY)
    if span < 365:
        found.warn(
            "history",
            f"{span} days of closes: a year-on-year season or trend cannot be told.",
            "Give two years or more.",
        )
    for finding in export.inputs.findings:
        if "before it was created" in finding.what or "before it entered" in finding.what:
            found.warn(
                "history", f"{finding.rows:,} rows of {finding.table} {finding.action}: {finding.what}."
            )


def _warn_of_claim(export: Export, found: Found) -> None:
    """Say that closes begin later than `closes_since` claims."""
    as_found = replace(export, closes_since=None)
    first, created = as_found.visible, export.created[~np.isnat(export.created)]
    begun = max(export.visible, created.min()) if len(created) else first
    expected = _hidden(as_found, begun)
    if expected > _UNLIKELY:
        found.warn(
            "history",
            f"closes_since is {export.visible}, and the export shows deals created since {begun}, but no close before "
            f"{first}: with the leads and the days seen since then, about {expected:,.0f} should have closed. The "
            "export begins later than it claims, and its rate of leads and its chances are wrong.",
            "Leave closes_since out, or give the day of the first close.",
        )


def _hidden(export: Export, begun: np.datetime64) -> float:
    """Return how many deals that arose from `begun` on should have closed before the first visible close.

    They arise at the rate seen since then, and take the days of the deals seen since then.
    """
    first = export.visible
    if begun >= first:
        return 0.0
    shares = incidence(export.observed()[0])
    gone = shares.won + shares.lost
    waited = np.minimum(np.arange(int((first - begun) / DAY)), len(gone) - 1)
    rate = float((export.created >= first).sum()) / max(float((export.today - first) / DAY), 1.0)
    return rate * float(gone[waited].sum())


def warn_of_entries(entries: Entries, found: Found) -> None:
    """Say what of the history of stages did not fit."""
    if entries.without:
        found.warn(
            "stages",
            f"{entries.without:,} deals have no entry in the history of stages and are left out there.",
        )
    if entries.late:
        found.warn(
            "stages",
            f"{entries.late:,} deals have their first entry more than a day after their creation: the history "
            "of stages begins late for them, or the days before it are a queue.",
        )
    if entries.after:
        found.warn(
            "stages",
            f"{entries.after:,} entries lie after the close of their deal and are left out.",
            "Look at how the export dates closes.",
        )
    if entries.skips:
        found.note("stages", f"{entries.skips:,} stages were passed over; each counts as a visit of no day.")
    for name, count in entries.others.items():
        found.missing(
            "stages",
            f"'{name}': {count:,} entries into a stage that is none of the pipeline's",
            "Add it, or map it under names.",
        )
