"""Tests of fairness by their tables alone: sums, and shares at quota, follow from the seats."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import Fault

if TYPE_CHECKING:
    import pandas as pd

_CLOSE = 1e-9


def fairness_faults(folder: Path) -> list[Fault]:
    """Return what contradicts itself between seats and findings; none means that they hold."""
    import pandas as pd

    def read(name: str) -> pd.DataFrame:
        return pd.read_parquet(folder / "tables" / f"{name}.parquet")

    if (folder / "tables" / "judged.parquet").is_file():
        return _judged(read("judged"), read("fairness"))
    quotas, methods, found = (
        read(name) for name in ("compared_quotas", "compared_methods", "fairness_comparison")
    )
    faults = []
    for row in methods.itertuples():
        own = quotas[quotas["method"] == row.method]
        if int(own["quota"].sum()) != row.street:
            faults.append(_fault(f"the quotas of {row.method} do not add up to its street quota"))
        tested = found[(found["method"] == row.method) & (found["years"] == "simulated")]
        faults += _share(tested, own["chance"].mean(), f"of {row.method} ")
    return faults


def _judged(seats: pd.DataFrame, found: pd.DataFrame) -> list[Fault]:
    wrong = int(((seats["attainment"] - seats["credit"] / seats["quota"]).abs() > _CLOSE).sum())
    faults = [_fault(f"{wrong} seats have another attainment than credit over quota")] if wrong else []
    return faults + _share(found, (seats["credit"] >= seats["quota"]).mean(), "")


def _share(found: pd.DataFrame, share: float, of: str) -> list[Fault]:
    """Hold the share at quota of all seats to what the seats say; nothing where it was not asked for."""
    told = found[(found["by"] == "all") & (found["figure"] == "at 100 %")]["value"]
    wrong = [value for value in told if abs(value - share) > _CLOSE]
    return [_fault(f"the share {of}at quota does not follow from the seats")] if wrong else []


def _fault(message: str) -> Fault:
    return Fault("V_TOTALS", message, file="tables")
