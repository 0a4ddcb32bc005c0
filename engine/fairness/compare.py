"""Compare: several methods through the quota stage on one simulated year, and every test of fairness on each.

The plan is simulated once to set quotas by every method, and once more, in replications that no method has seen, to
judge them: a method that looks at the simulation may not be praised for what it was fitted to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import BadInput, Infeasible, NoPlan
from engine.fairness import candidates, of_plan, run
from engine.fairness.book import Book, book
from engine.fairness.candidates import Candidate
from engine.fairness.of_table import credits_of, read_sheet
from engine.inputs import FloatArray, IntArray
from engine.published import Published

if TYPE_CHECKING:
    from engine.inputs import Inputs
    from engine.pipeline.bookings import Bookings
    from engine.progress import Progress
    from engine.proof import Solve
    from engine.quota.quotas import Quotas
    from engine.runs import Results
    from engine.scenario import Scenario


@dataclass(frozen=True)
class Judged:
    """A candidate with its quotas and what the tests found; without quotas where it has no answer."""

    candidate: Candidate
    quota: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """Of each seat for the whole plan, minor units."""
    chance: FloatArray = field(default_factory=lambda: np.zeros(0))
    """Share of fresh replications in which each seat makes it; NaN for a seat that carries none."""
    solves: tuple[Solve, ...] = ()
    rows: tuple[run.Row, ...] = ()
    """Of the simulated years."""
    past: tuple[run.Row, ...] = ()
    """Of what then happened; empty where nobody says."""
    refused: str = ""
    """Why there are no quotas."""


class Compared(Published):
    """A published comparison: tables `fairness_comparison`, `compared_methods`, `compared_quotas`."""


def compare(
    scenario: Scenario,
    methods: Sequence[str] = (),
    *,
    out: str | Path | None = None,
    actual: str | Path | None = None,
    workers: int = 0,
    progress: Progress | None = None,
) -> Compared:
    """Set quotas by each method, test them, and publish the comparison.

    Args:
        scenario: read with `Scenario.load`.
        methods: see `engine.fairness.candidates.asked`; the plan's blend and every method that fits unless given.
        out: the folder; `runs/<name of the scenario>-quotas` unless given.
        actual: table (rep, credit) of what then happened, of a plan for a past year.
        workers: threads of the simulation; 0 takes one per core.
        progress: where to report.

    Raises:
        BadInput, Infeasible, NoPlan: nobody's quotas could be set; nothing was published.

    """
    from engine.fairness import comparison, page
    from engine.progress import Silent
    from engine.runs import Results, carry, cores
    from engine.store.folder import publish, reserve
    from engine.store.publish import unchanged
    from engine.store.study import write_study

    told, source, results = progress or Silent(), scenario.source, Results()
    place = Path(out) if out is not None else Path("runs") / f"{source.name}-quotas"
    with reserve(place) as temporary:
        wanted = candidates.asked(methods, scenario.quotas)
        happened = None if actual is None else read_sheet(actual, scenario.currency, ("credit",))
        carry(scenario, results, "pipeline", workers or cores(), told)
        inputs = results.seated
        assert inputs is not None
        with source.placing_faults():
            came, sources = None, inputs.sources
            if actual is not None and happened is not None:
                came = credits_of(actual, happened, inputs.reps.id)
            fresh = _anew(results.bookings)
            told.stage("quotas")
            chosen = wanted or candidates.usual(scenario.quotas, inputs)
            judged = [_judged(one, scenario, results, fresh, came, told) for one in chosen]
        if happened is not None:
            sources = tuple(sorted({*sources, *happened.source}))
        tables = comparison.tables(inputs, judged, fresh.replications)
        unchanged(source.base, inputs.sources)
        facts = comparison.facts(scenario, fresh.replications, past=came is not None)
        text = page.compared(source.name, scenario.description, scenario.currency, facts, tables)
        said = {"scenario": source.name, "scenario_digest": source.digest, "seed": scenario.seed}
        write_study(temporary, "quotas", tables, scenario.currency, text, {**said, "inputs": dict(sources)})
        publish(temporary, place)
    return Compared(place, tables, comparison.summary(source.name, tables))


def _anew(bookings: Bookings | None) -> Bookings:
    """Return as many replications that no method has seen, with parameters drawn anew where they are uncertain."""
    assert bookings is not None
    assert bookings.fresh is not None
    return replace(bookings, cube=bookings.fresh(bookings.replications), again=None)


def _judged(
    candidate: Candidate,
    scenario: Scenario,
    results: Results,
    fresh: Bookings,
    came: FloatArray | None,
    progress: Progress,
) -> Judged:
    """Return a candidate's quotas and tests; one whose bounds contradict the goal tells why.

    Raises:
        BadInput: its block does not fit the tables; the plan's own blend cannot be set.

    """
    from engine import quota

    inputs, alignment, bookings = results.seated, results.alignment, results.bookings
    assert inputs is not None
    assert alignment is not None
    assert bookings is not None
    spec = scenario.quotas.model_copy(update={"methods": candidate.methods, "fresh": 0})
    try:
        found = quota.allocate(
            inputs, alignment, bookings, spec, progress=progress, measures=scenario.measures
        )
    except (BadInput, Infeasible, NoPlan) as error:
        if candidate.name == candidates.PLAN or isinstance(error, BadInput):
            raise
        return Judged(candidate, refused=" ".join(str(fault) for fault in error.faults[:1]))
    own = _book(inputs, found, fresh, scenario)
    amounts = found.cells.sum(axis=(1, 2))
    made = (fresh.measure(spec.measure).sum(axis=2) >= amounts).mean(axis=0)
    past: tuple[run.Row, ...] = ()
    if came is not None:
        observed = book(
            inputs.reps.id,
            amounts.astype(np.float64),
            came[None, :],
            observed=True,
            known=of_plan.past(inputs) | {"potential": _potential(found)},
            groups=of_plan.groups(inputs, spec.fairness),
        )
        past = tuple(run.judge(observed, spec.fairness))
    return Judged(
        candidate,
        amounts,
        np.where(amounts > 0, made, np.nan),
        found.solves,
        tuple(run.judge(own, spec.fairness)),
        past,
    )


def _book(inputs: Inputs, found: Quotas, fresh: Bookings, scenario: Scenario) -> Book:
    spec = scenario.quotas
    return of_plan.of_plan(inputs, fresh, spec.measure, found.cells, _potential(found), spec.fairness)


def _potential(found: Quotas) -> FloatArray:
    """Return the potential of each seat, once where a seat has quotas of several teams; shape (rep,)."""
    seats = next(table.frame for table in found.tables if table.name == "quota_reps")
    return np.asarray(seats.drop_duplicates("rep").sort_values("rep")["potential"], dtype=np.float64)
