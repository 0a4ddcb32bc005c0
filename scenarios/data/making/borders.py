"""Which states touch: the borders between the states in which the quickstart company has accounts."""

from __future__ import annotations

from pathlib import Path

from making.files import read, write

BORDERS = """CA NV, CA OR, CO NM, CO UT, CT MA, CT NY, CT RI, GA NC, GA SC, GA TN, ID NV, ID OR, ID UT, ID WA, MA NH,
MA NY, MA RI, MD PA, NC SC, NC TN, NJ NY, NJ PA, NV OR, NV UT, NY PA, OR WA""".replace("\n", " ").split(", ")


def make(folder: Path, company: Path) -> None:
    """Write the borders between the states of the accounts in `company`."""
    states = {row[4] for row in read(company / "accounts.csv")}
    pairs = [pair.split() for pair in BORDERS]
    write(folder / "borders.csv", ["unit", "neighbour"], [pair for pair in pairs if set(pair) <= states])
