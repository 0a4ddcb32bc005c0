"""Columns and tables: what every table that enters or leaves says about itself.

Input schemas and result tables use the same words, so one `dictionary.csv` explains them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

ColumnType = Literal["text", "money", "ratio", "real", "whole", "date", "flag"]
"""What a column holds. In memory: text as str (missing None), money as int64 minor units of the plan's
currency (nullable Int64 where blank is allowed), ratio and real as float64, whole as int64 (or Int64), date as
datetime64[us] at midnight (missing NaT), flag as bool. In CSV and the workbook, money is shown in currency units."""


@dataclass(frozen=True)
class Column:
    """One column: its name, type and meaning."""

    name: str
    type: ColumnType
    meaning: str
    unit: str = ""
    """For example `km`, `days`, `hours`; money is always in the plan's currency."""
    required: bool = False
    """For an input: the column must be there and no cell may be blank."""


@dataclass(frozen=True)
class Table:
    """A finished table with the description of its columns, in the order of the frame."""

    name: str
    columns: tuple[Column, ...]
    frame: pd.DataFrame
    meaning: str = ""
    private: bool = False
    """What a single person earns: written below `private/` and in no report and no workbook."""

    def __post_init__(self) -> None:
        """Hold the frame to its description."""
        described = [column.name for column in self.columns]
        if list(self.frame.columns) != described:
            raise ValueError(
                f"table {self.name}: columns {list(self.frame.columns)} are described as {described}"
            )
