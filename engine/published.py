"""Published: what a study beside the runs has written. Nothing heavy is imported."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from engine.columns import Table


@dataclass(frozen=True)
class Published:
    """A folder with tables."""

    folder: Path
    tables: tuple[Table, ...]
    summary: str
    """At most 80 columns wide."""

    def table(self, name: str) -> pd.DataFrame:
        """Return a table by its name.

        Raises:
            KeyError: no such table.

        """
        return {table.name: table.frame for table in self.tables}[name]
