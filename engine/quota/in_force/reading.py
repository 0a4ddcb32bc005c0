"""Reading: the quotas of an earlier run, from its folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.columns import Column
from engine.in_force import COLUMNS, InForce
from engine.inputs import Inputs
from engine.quota.spec import QuotaSpec

if TYPE_CHECKING:
    import pandas as pd

    from engine.data.files import Files

FIELD = "quotas.previous"


def with_previous(inputs: Inputs, spec: QuotaSpec, base: Path, roots: Sequence[Path] = ()) -> Inputs:
    """Return the inputs with the quotas in force; a run folder keeps them, so that it can be verified by itself.

    Raises:
        BadInput: no such run, one of other periods or another currency, or one without quotas.

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
    found = {name: _table(spec.previous, name, columns, files) for name, columns in COLUMNS.items()}
    sources = tuple(sorted({*inputs.sources, *files.sources}))
    return replace(inputs, in_force=InForce(found), sources=sources)


def _table(run: str, name: str, columns: Sequence[Column], files: Files) -> pd.DataFrame:
    import pandas as pd

    from engine.data.earlier_run import content_of
    from engine.data.parquet import read_parquet

    file = f"tables/{name}.parquet"
    lacks = (f"has no table {name}", "Name a run that this version of the engine made, up to its quotas.")
    data = content_of(run, file, files, FIELD, lacks, "Run it again.")
    wanted = tuple(column.name for column in columns)
    read = read_parquet(data, f"{run.rstrip('/')}/{file}", wanted).columns
    kinds: dict[str, Any] = {"money": "Int64", "ratio": "float64", "text": object}
    return pd.DataFrame(
        {
            column.name: pd.Series(read[column.name].to_pylist(), dtype=kinds[column.type])
            for column in columns
        }
    )
