"""Verify a run folder by itself: digests, plain checks on the tables as they lie on the disk, totals.

Nothing here calls what produced the answers: the alignment and the quotas are read back from Parquet, put
beside the inputs as read, and checked by the plain checks of each stage in integers with tolerance zero.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine.errors import BadInput, Fault, VerificationFailed
from engine.store.manifest import LAYOUT, NAME, OUTSIDE, SCENARIO, digest, is_run, listed


def verify(folder: str | Path) -> list[str]:
    """Check a run folder; return the sentences of what was checked.

    Raises:
        BadInput: the folder holds no run of this engine.
        VerificationFailed: one fault per contradiction.

    """
    place = Path(folder)
    if not is_run(place):
        raise BadInput(
            [
                Fault(
                    "E_RUN",
                    "the folder holds no run of this engine",
                    "Name a folder that `apportion run` wrote.",
                    file=str(folder),
                )
            ]
        )
    faults = faults_in(place)
    if faults:
        raise VerificationFailed(faults)
    content = json.loads((place / NAME).read_bytes())
    checked = [f"{len(listed(place, content['files']))} files have the digest of the manifest"]
    if content.get("kind") == "pay":
        return [*checked, "lines add up to the ledger, and the ledger to the accruals"]
    if content.get("kind") == "backtest":
        return [*checked, "the scores follow from the forecasts, and both forms of every table agree"]
    if content.get("kind") == "calibration":
        return [*checked, "the block reads back as a pipeline, and both forms of every table agree"]
    if content.get("kind") == "quotas":
        return [*checked, "shares at quota follow from the seats, and both forms of every table agree"]
    if content.get("kind") == "letters":
        return checked
    if "territories" in content["stages"]:
        checked.append("every account has one seat, and every territory constraint holds")
        checked += _beside(place)
    if "quotas" in content["stages"]:
        checked.append("quotas tie out to the cent at every level")
    if "comp" in content["stages"]:
        checked.append("cost adds up by plan, and salary and variable pay make the total")
        checked.append("on-costs make up the loaded cost, and the books of the accruals balance")
    return checked


def _beside(folder: Path) -> list[str]:
    """Return what else was checked of the territories, by the tables that are there."""
    words = {
        "certificates": "multipliers prove the certified bounds by addition",
        "frontier": "every point of the frontier keeps its limit, and no bound lies above a plan",
        "alternatives": "every alternative lies within the cost and differs as told",
        "levels": "every node of every level carries what is told",
        "overlay_seats": "every overlay keeps its rules",
    }
    return [said for table, said in words.items() if (folder / "tables" / f"{table}.parquet").is_file()]


def faults_in(folder: Path) -> list[Fault]:
    """Return every contradiction in a run folder; none means that it holds."""
    content = json.loads((folder / NAME).read_bytes())
    if content.get("layout") != LAYOUT:
        return [
            Fault(
                "V_LAYOUT",
                f"layout {content.get('layout')} is not known here",
                f"This engine writes layout {LAYOUT}.",
                file=NAME,
            )
        ]
    faults = _digest_faults(folder, listed(folder, content["files"]))
    if faults:
        return faults
    if content.get("kind") == "letters":
        return []
    from engine.verification.backtests import backtest_faults
    from engine.verification.fairness import fairness_faults
    from engine.verification.forms import form_faults
    from engine.verification.pay import pay_faults

    if content.get("kind") == "pay":
        return pay_faults(folder)
    if content.get("kind") == "backtest":
        return [*backtest_faults(folder), *form_faults(folder)]
    if content.get("kind") == "calibration":
        return [*_block_faults(folder), *form_faults(folder)]
    if content.get("kind") == "quotas":
        return [*fairness_faults(folder), *form_faults(folder)]
    return [*_plain_checks(folder, content), *form_faults(folder)]


def _block_faults(folder: Path) -> list[Fault]:
    """Return why the estimated block is no pipeline; none when it is one."""
    from pydantic import ValidationError

    from engine.pipeline.spec import PipelineSpec
    from engine.reading.nodes import decode, parse

    name = "pipeline.yaml"
    written = parse(decode((folder / name).read_bytes(), name), name).plain()
    try:
        PipelineSpec.model_validate(written["pipeline"])
    except ValidationError as error:
        return [Fault("V_BLOCK", f"the block is no pipeline: {error.errors()[0]['msg']}", file=name)]
    return []


def _digest_faults(folder: Path, files: dict[str, str]) -> list[Fault]:
    faults = []
    for name, expected in files.items():
        path = folder / name
        if not path.is_file():
            faults.append(Fault("V_MISSING", "the file is missing", file=name))
        elif digest(path) != expected:
            faults.append(
                Fault(
                    "V_DIGEST", "the file is not what the run wrote", "Run again, or restore it.", file=name
                )
            )
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    faults += [
        Fault("V_EXTRA", "the file is not part of the run", file=name)
        for name in sorted(present - set(files) - OUTSIDE)
    ]
    return faults


def _plain_checks(folder: Path, content: dict[str, Any]) -> list[Fault]:
    import pandas as pd

    from engine import data, territory
    from engine.calendar import calendar
    from engine.reading.nodes import decode, parse
    from engine.scenario import Scenario
    from engine.store.tables import read_inputs
    from engine.verification import accounts, stages
    from engine.verification.certificates import manifest_faults

    name = SCENARIO
    scenario = Scenario.model_validate(parse(decode((folder / name).read_bytes(), name), name).plain())
    today = data.from_frames(
        read_inputs(folder), calendar(scenario.calendar, scenario.as_of), scenario.currency
    )
    tables = {path.stem: pd.read_parquet(path) for path in sorted((folder / "tables").glob("*.parquet"))}
    said: list[tuple[str, str]] = []
    inputs = today
    if "territories" in content["stages"]:
        inputs = territory.seated(today, scenario.territories, tables)
        said += [
            ("tables/alignment.parquet", text) for text in stages.alignment(inputs, today, scenario, tables)
        ]
        solves = content["stages"]["territories"]["solves"]
        said += [(NAME, text) for text in manifest_faults(solves, tables)]
    if "quotas" in content["stages"]:
        said += [("tables/quotas.parquet", text) for text in stages.quotas(inputs, scenario, tables)]
    if "comp" in content["stages"]:
        said += [("tables/cost.parquet", text) for text in stages.cost(inputs, tables)]
        said += [("tables/cost.parquet", text) for text in accounts.loaded(tables)]
        said += [("tables/accruals.parquet", text) for text in accounts.accruals(tables)]
        said += [("tables/journal.parquet", text) for text in accounts.journal(tables)]
    return [Fault("V_CHECK", text, file=file) for file, text in said]
