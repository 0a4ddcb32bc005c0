"""Reading: the quotas of an earlier run, from its folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.columns import Column
from engine.in_force import COLUMNS, OPTIONAL, InForce
from engine.inputs import Inputs
from engine.quota.spec import QuotaSpec

if TYPE_CHECKING:
    import pandas as pd

    from engine.data.files import Files

FIELD = "quotas.previous"


def with_previous(inputs: Inputs, spec: QuotaSpec, base: Path, roots: Sequence[Path] = ()) -> Inputs:
    """Return the inputs with the quotas in force; a run folder keeps them, so that it can be verified by itself.

    Raises:
        BadInput: no such run, one of other periods, seats or another currency, or one without quotas.

    """
    from engine.data.earlier_run import manifest_of, refuse
    from engine.data.files import Files

    files = Files(base, roots)
    said = manifest_of(spec.previous, files, FIELD)
    if said.get("periods") != list(inputs.calendar.labels):
        raise refuse(
            f"the run in '{spec.previous}' plans other periods", "Name a run of the same year.", FIELD
        )
    if said.get("currency") != inputs.currency:
        raise refuse(
            f"the run in '{spec.previous}' plans in another currency", "Name a run of this plan.", FIELD
        )
    files_of = said.get("files")
    there = files_of if isinstance(files_of, dict) else {}
    more = {name: columns for name, columns in OPTIONAL.items() if f"tables/{name}.parquet" in there}
    found = {
        name: _table(spec.previous, name, columns, files) for name, columns in {**COLUMNS, **more}.items()
    }
    if not set(found["quotas"]["rep"]) & set(inputs.reps.id):
        raise refuse(
            f"the run in '{spec.previous}' has none of the seats of this plan",
            "Name a run of this plan.",
            FIELD,
        )
    sources = tuple(sorted({*inputs.sources, *files.sources}))
    return replace(inputs, in_force=InForce(found), sources=sources)


def _table(run: str, name: str, columns: Sequence[Column], files: Files) -> pd.DataFrame:
    from io import BytesIO

    import pandas as pd

    from engine.data.earlier_run import content_of, refuse

    lacks = (f"has no table {name}", "Name a run that this version of the engine made, up to its quotas.")
    data = content_of(run, f"tables/{name}.parquet", files, FIELD, lacks, "Run it again.")
    kinds: dict[str, Any] = {"money": "Int64", "ratio": "float64", "text": object}
    try:
        frame = pd.read_parquet(BytesIO(data), columns=[column.name for column in columns])
        return frame.astype({column.name: kinds[column.type] for column in columns})
    except (ValueError, TypeError, KeyError, OSError) as error:
        message = f"the table {name} of the run in '{run}' has other columns"
        raise refuse(message, "Run it again with this version of the engine.", FIELD) from error
