"""Everything a run leaves, written into its temporary folder, then verified as it lies on the disk."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import Fault, VerificationFailed
from engine.store.manifest import LAYOUT, NAME, SCENARIO, digests, write_json

if TYPE_CHECKING:
    from engine.report.input import ReportInput
    from engine.runs import Results
    from engine.scenario import Scenario

_VERSIONED = (
    "numpy",
    "numba",
    "scipy",
    "pandas",
    "pyarrow",
    "highspy",
    "ortools",
    "pulp",
    "simpy",
    "pydantic",
    "bokeh",
)

UNREPEATABLE = frozenset({"time", "interrupt", "crash", "memory"})
"""Ends of a solve that another run need not meet at the same point."""


def write_run(folder: Path, scenario: Scenario, results: Results, until: str, *, complete: bool) -> str:
    """Write tables, report, workbook and manifest of a run, verify them, and return the summary.

    Raises:
        VerificationFailed: an independent check contradicts what was written, or an input changed meanwhile.

    """
    from engine import data, report
    from engine.data.dictionary import columns, planning_columns
    from engine.reading.resolved import to_yaml
    from engine.report.privacy import discreet
    from engine.store import tables
    from engine.verification import faults_in

    inputs = results.inputs
    assert inputs is not None
    unchanged(scenario.source.base, inputs.sources)
    typed = data.frames(inputs)
    tables.write_inputs(folder, typed)
    told = discreet(report_input(scenario, results))
    written = (*told.tables, *(table for table in results.tables if table.private))
    tables.write(folder, written, scenario.currency)
    described = [
        *((f"inputs/{name}", columns) for name, columns in columns(scenario.data).items()),
        *((f"inputs/{name}", columns) for name, columns in planning_columns().items() if name in typed),
        *((table.name, table.columns) for table in written),
    ]
    tables.write_dictionary(folder / "dictionary.csv", described, LAYOUT, scenario.currency)
    write_scenario(folder, to_yaml(_resolved(scenario, results)))
    report.write(folder, told)
    write_json(
        folder / "timings.json",
        {
            "seconds": results.seconds,
            "rss_mb": results.peak_mb,
            "solves": [{"stage": s.stage, "name": s.name, "seconds": s.seconds} for s in results.solves],
        },
    )
    write_json(folder / NAME, manifest(folder, scenario, results, until, complete))
    faults = faults_in(folder)
    if faults:
        raise VerificationFailed(faults)
    return report.summary(told)


def write_scenario(folder: Path, text: str) -> None:
    """Write the scenario of a run."""
    (folder / SCENARIO).parent.mkdir(exist_ok=True)
    (folder / SCENARIO).write_text(text, encoding="utf-8")


def _resolved(scenario: Scenario, results: Results) -> Scenario:
    """Return the scenario with every default and, where rates were estimated, with the estimates in their place."""
    estimated = results.bookings.resolved if results.bookings is not None else None
    return scenario if estimated is None else scenario.model_copy(update={"pipeline": estimated})


def manifest(
    folder: Path, scenario: Scenario, results: Results, until: str, complete: bool
) -> dict[str, Any]:
    """Return what the manifest says."""
    assert results.inputs is not None
    return {
        "engine": "apportion",
        "version": engine_version(),
        "layout": LAYOUT,
        "scenario": scenario.source.name,
        "scenario_digest": scenario.source.digest,
        "currency": scenario.currency,
        "periods": list(results.inputs.calendar.labels),
        "seed": scenario.seed,
        "complete": complete,
        "until": until,
        "stages": {
            stage: {"solves": [s.record() for s in results.solves if s.stage == stage]}
            for stage in results.stages
        },
        "repeatable": all(solve.ended_by not in UNREPEATABLE for solve in results.solves),
        "inputs": dict(results.inputs.sources),
        "findings": [
            {"table": f.table, "what": f.what, "rows": f.rows, "action": f.action}
            for f in results.inputs.findings
        ],
        "warnings": list(results.warnings),
        "notes": list(results.bookings.notes) if results.bookings is not None else [],
        "simulation": _simulation(results),
        "versions": versions(),
        "csv": "text cells that a spreadsheet would run begin with an apostrophe; Parquet holds the exact text",
        "files": digests(folder),
    }


def _simulation(results: Results) -> dict[str, Any]:
    """Return how many replications there are, and how well they know what was asked for."""
    if results.bookings is None:
        return {}
    return {
        "replications": results.bookings.replications,
        "precision": [one.record() | {"reached": one.reached} for one in results.bookings.precisions],
    }


def report_input(scenario: Scenario, results: Results) -> ReportInput:
    """Return what the report shows: public tables alone."""
    from engine.report.input import ReportInput

    inputs, bookings = results.seated or results.inputs, results.bookings
    assert inputs is not None
    return ReportInput(
        title=scenario.source.name,
        description=scenario.description,
        currency=scenario.currency,
        labels=inputs.calendar.labels,
        tables=tuple(table for table in results.tables if not table.private),
        solves=results.solves,
        findings=inputs.findings,
        warnings=tuple(results.warnings),
        measure=scenario.quotas.measure,
        seed=scenario.seed,
        replications=bookings.replications if bookings is not None else 0,
        goal_probability=_goal_probability(results),
        people_by_plan=inputs.people_by_plan,
        versions={"apportion": engine_version(), **versions()},
        stages=results.stages,
    )


def _goal_probability(results: Results) -> float | None:
    """Return the share of replications whose bookings over the whole plan reach the goal."""
    if results.bookings is None or results.quotas is None:
        return None
    goals = next(table.frame for table in results.quotas.tables if table.name == "goals")
    reached = results.bookings.measure(results.quotas.measure).sum(axis=(1, 2)) >= int(goals["goal"].sum())
    return float(reached.mean())


def engine_version() -> str:
    """Return the version of the engine."""
    from engine import __version__

    return __version__


def versions() -> dict[str, str]:
    """Return the versions that the numbers depend on."""
    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name in _VERSIONED:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found


def unchanged(base: Path, sources: tuple[tuple[str, str], ...]) -> None:
    """Hold the files that were read to the digests of what was parsed.

    Raises:
        VerificationFailed: a file below `base` has changed.

    """
    from engine.store.manifest import digest

    faults = []
    for name, sha in sources:
        path = base / name
        if not path.is_file() or digest(path) != sha:
            faults.append(
                Fault(
                    "E_INPUT_CHANGED",
                    "the file changed while the run was reading it",
                    "Run again.",
                    file=name,
                )
            )
    if faults:
        raise VerificationFailed(faults)
