"""The forms of one table must say the same: Parquet, CSV and the sheet of the workbook."""

from __future__ import annotations

from pathlib import Path

from engine.errors import Fault


def form_faults(folder: Path, only_parquet: frozenset[str] = frozenset()) -> list[Fault]:
    """Return a fault for every table whose CSV, or whose sheet, has other rows or other totals than its Parquet.

    Tables named in `only_parquet` have no other form.
    """
    import pandas as pd

    faults = []
    currency = _money_scale(folder)
    for path in sorted(folder.glob("*/*.parquet")):
        if path.parent.name == "inputs" or path.stem in only_parquet:
            continue
        exact = pd.read_parquet(path)
        sheet = pd.read_csv(path.with_suffix(".csv"), dtype=str, keep_default_na=False)
        name = path.with_suffix(".csv").relative_to(folder).as_posix()
        if len(exact) != len(sheet):
            faults.append(
                Fault(
                    "V_TOTALS",
                    f"{len(sheet)} rows, {len(exact)} in Parquet: a difference of {len(exact) - len(sheet)}",
                    file=name,
                )
            )
            continue
        for column in currency.get(path.stem, {}):
            exact_total = int(exact[column].fillna(0).sum())
            shown = sum(int(cell.replace(".", "")) for cell in sheet[column] if cell)
            if exact_total != shown:
                faults.append(
                    Fault(
                        "V_TOTALS",
                        f"{column} adds up to {shown}, {exact_total} in Parquet (minor units): "
                        f"a difference of {exact_total - shown}",
                        file=name,
                    )
                )
    return faults


def _money_scale(folder: Path) -> dict[str, list[str]]:
    """Return the money columns of each table, from the dictionary of the run."""
    import pandas as pd

    dictionary = pd.read_csv(folder / "dictionary.csv", dtype=str, keep_default_na=False)
    money = dictionary[dictionary["type"] == "money"]
    return {str(table): list(rows["column"]) for table, rows in money.groupby("table")}
