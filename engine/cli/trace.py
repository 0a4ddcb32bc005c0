"""One replication of a run folder, simulated again and held to what the run says of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.recalled import Recalled, recalled
from engine.errors import BadInput, Fault, VerificationFailed, counted

if TYPE_CHECKING:
    from engine.pipeline.event_log import Trace


def write_trace(folder: Path, replication: int, out: Path | None) -> list[str]:
    """Write the event log of a replication, its deals and its bookings; return what was written, in sentences.

    Args:
        folder: a run folder.
        replication: number of the replication, from 0.
        out: file of the event log; beside the run folder unless given. Deals and bookings lie beside it.

    Raises:
        BadInput: no run with a pipeline, or no such replication.
        VerificationFailed: the replication does not come out as the run has it.
        EnvironmentFailed: the files cannot be written.

    """
    from engine.errors import EnvironmentFailed
    from engine.store.tables import spreadsheet

    run = recalled(folder, "pipeline")
    found = traced(run, replication)
    log = out or folder.with_name(f"{folder.name}.trace-{replication}.csv")
    said = []
    for table in (found.events, found.deals, found.bookings):
        path = log if table.name == "events" else log.with_name(f"{log.stem}.{table.name}.csv")
        try:
            spreadsheet(table, run.scenario.currency).to_csv(path, index=False, lineterminator="\n")
        except OSError as error:
            raise EnvironmentFailed(
                f"cannot write {path}: {error.strerror}", hint="Choose another --out."
            ) from None
        said.append(f"{path}: {counted(len(table.frame), table.name[:-1])}")
    return [*said, "Deals and bookings are those of the run, to the cent."]


def traced(run: Recalled, replication: int) -> Trace:
    """Return a replication of a run, simulated again and checked."""
    from engine import pipeline
    from engine.territory.alignment import Alignment

    rows = run.tables["replications"]
    if not 0 <= replication < len(rows):
        hint = f"Name one from 0 to {len(rows) - 1:,}."
        raise BadInput(
            [Fault("E_RANGE", f"the run has no replication {replication}", hint, field="--replication")]
        )
    found = pipeline.trace(
        run.inputs,
        Alignment(run.rep_of, (), ()),
        run.scenario.pipeline,
        run.scenario.measures,
        seed=run.scenario.seed,
        replication=replication,
    )
    told = rows.iloc[replication]
    faults = [
        Fault(
            "V_TRACE",
            f"replication {replication}, {name}: the run has {told[name]:,}, simulated again {value:,}",
            "Run again: the folder is of another version of the engine, or its tables were changed.",
            file="tables/replications.parquet",
        )
        for name, value in found.totals.items()
        if int(told[name]) != value
    ]
    if faults:
        raise VerificationFailed(faults)
    return found
