"""Run: from a scenario to a folder with the block, the tables and the page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.blocks import Block
from engine.calendar import calendar
from engine.calibration.calibrate import Calibration, calibrated
from engine.calibration.scenario import CalibrationScenario
from engine.columns import Table
from engine.errors import VerificationFailed, counted
from engine.inputs import Inputs
from engine.pipeline.law import Law
from engine.pipeline.spec import PipelineSpec
from engine.progress import Progress, Silent

BLOCK = "pipeline.yaml"


@dataclass(frozen=True)
class Calibrated:
    """A published calibration."""

    folder: Path
    calibration: Calibration
    tables: tuple[Table, ...]
    summary: str


class _Written(Block):
    pipeline: PipelineSpec


def calibrate(
    scenario: CalibrationScenario, out: str | Path | None = None, *, progress: Progress | None = None
) -> Calibrated:
    """Estimate a pipeline from the tables of a scenario and publish it.

    Args:
        scenario: read with `CalibrationScenario.load`.
        out: the folder; `runs/<name of the scenario>-calibration` unless given.
        progress: where to report.

    Raises:
        BadInput, VerificationFailed, FolderInUse, EnvironmentFailed: nothing was published.

    """
    from engine import data
    from engine.calibration.tables import tables
    from engine.store.folder import publish, reserve

    source, told = scenario.source, progress or Silent()
    place = Path(out) if out is not None else Path("runs") / f"{source.name}-calibration"
    with reserve(place) as temporary:
        with source.placing_faults():
            told.stage("inputs")
            plan = calendar(scenario.calendar, scenario.as_of)
            inputs = data.read(scenario.data, plan, scenario.currency, source.base, source.roots)
            told.stage("calibration")
            result = calibrated(inputs, scenario.pipeline, scenario.calibration)
        found = tables(result.found)
        _write(temporary, scenario, inputs, result, found)
        publish(temporary, place)
    return Calibrated(place, result, found, _summary(scenario, inputs, result))


def _write(
    folder: Path,
    scenario: CalibrationScenario,
    inputs: Inputs,
    result: Calibration,
    found: tuple[Table, ...],
) -> None:
    from engine.calibration.page import page
    from engine.store import tables
    from engine.store.manifest import LAYOUT, NAME, write_json
    from engine.store.publish import unchanged
    from engine.verification import faults_in

    unchanged(scenario.source.base, inputs.sources)
    tables.write(folder, found, scenario.currency)
    described = [(table.name, table.columns) for table in found]
    tables.write_dictionary(folder / "dictionary.csv", described, LAYOUT, scenario.currency)
    (folder / BLOCK).write_text(block_text(scenario.source.name, inputs, result), encoding="utf-8")
    text = page(
        scenario.source.name, scenario.description, f"{_known(inputs)}, money in {scenario.currency}", result.found,
        inputs.findings,
    )  # fmt: skip
    (folder / "report.html").write_text(text, encoding="utf-8", newline="\n")
    write_json(folder / NAME, _manifest(folder, scenario, inputs))
    faults = faults_in(folder)
    if faults:
        raise VerificationFailed(faults)


def block_text(name: str, inputs: Inputs, result: Calibration) -> str:
    """Return the block as YAML, with its warnings as comments; a scenario may name the file under `extends`."""
    from engine.reading.resolved import to_yaml

    head = [f"Estimated from {name}: {_known(inputs)}. Paste it into a scenario, or extend this file."]
    head += [f"{r.kind.capitalize()}: {r.part}: {r.text}" for r in result.found.remarks if r.kind != "note"]
    lines = "".join(f"# {' '.join(line.split())}\n" for line in head)
    return lines + "\n" + to_yaml(_Written(pipeline=result.spec), empty=False)


def _known(inputs: Inputs) -> str:
    closed = len(inputs.history) + (len(inputs.actuals) if inputs.actuals is not None else 0)
    plan = inputs.calendar
    today = plan.start if plan.as_of is None else plan.as_of
    return f"{closed:,} closed and {len(inputs.pipeline):,} open deals as known before {today}"


def _manifest(folder: Path, scenario: CalibrationScenario, inputs: Inputs) -> dict[str, Any]:
    from engine.store.manifest import LAYOUT, digests
    from engine.store.publish import engine_version, versions

    return {
        "engine": "apportion",
        "kind": "calibration",
        "version": engine_version(),
        "layout": LAYOUT,
        "scenario": scenario.source.name,
        "scenario_digest": scenario.source.digest,
        "currency": scenario.currency,
        "complete": True,
        "inputs": dict(inputs.sources),
        "findings": [
            {"table": f.table, "what": f.what, "rows": f.rows, "action": f.action} for f in inputs.findings
        ],
        "versions": versions(),
        "csv": "text cells that a spreadsheet would run begin with an apostrophe; Parquet holds the exact text",
        "files": digests(folder),
    }


def kind_of(law: Law) -> str:
    """Return the kind of a law."""
    return str(law.model_dump()["kind"])


def _summary(scenario: CalibrationScenario, inputs: Inputs, result: Calibration) -> str:
    """Return what was estimated, at most 80 columns wide but for names."""
    lines = [f"{scenario.source.name}: {_known(inputs)}"]
    for stage in result.spec.stages:
        cases = f", {len(stage.cases)} cases" if stage.cases else ""
        lines.append(f"  {stage.name}: advance {float(stage.advance):.1%}, {kind_of(stage.duration)}{cases}")
    for name, arrivals in result.spec.leads_by_source.items():
        total = arrivals.leads if arrivals.leads is not None else sum(arrivals.by_segment.values())
        lines.append(f"  {name}: {total:,.0f} leads a year")
    kinds = [remark.kind for remark in result.found.remarks]
    warnings, parts = (
        counted(kinds.count("warning"), "warning"),
        counted(kinds.count("not estimated"), "part"),
    )
    lines.append(f"  {warnings}, {parts} not estimated")
    return "\n".join(lines)
