"""Tables in: CSV, Parquet and Excel as they come, judged row by row, into arrays with exact joins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.calendar import Calendar
from engine.inputs import Inputs

if TYPE_CHECKING:
    import pandas as pd

    from engine.data.spec import DataSpec


def read(spec: DataSpec, calendar: Calendar, currency: str, base: Path, roots: Sequence[Path] = ()) -> Inputs:
    """Read the tables of a scenario.

    Args:
        spec: the `data:` block.
        calendar: the plan; what is known ends where it starts.
        currency: ISO code of the plan's currency; money becomes its minor units.
        base: folder of the scenario, below which its tables lie.
        roots: further folders granted by the user.

    Raises:
        BadInput: every fault of every table, each with file, row and column.

    """
    from engine.data.reader import read_tables

    return read_tables(spec, calendar, currency, base, roots)


def frames(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Return the typed tables of a run, by name; `from_frames` is the exact inverse."""
    from engine.data.typed import to_frames

    return to_frames(inputs)


def from_frames(frames: Mapping[str, pd.DataFrame], calendar: Calendar, currency: str) -> Inputs:
    """Build the inputs again from the typed tables of a run."""
    from engine.data.restored import inputs_of

    return inputs_of(frames, calendar, currency)
