"""Make the tables of the sample companies: `python scenarios/data/make.py [--out FOLDER]`.

The same bytes on every run and every machine; see SOURCE.md for what is real and what is drawn.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from making import annual_plan, borders, pay, quickstart, recarve, reforecast, starter

HERE = Path(__file__).resolve().parent
PLAN = HERE.parent / "annual_plan.yaml"
STARTER = HERE.parents[1] / "engine" / "starter" / "files"


def main() -> None:
    """Write the tables of every sample company, and the files of the starter."""
    parser = argparse.ArgumentParser(description="Make the tables of the sample companies.")
    parser.add_argument("--out", type=Path, help="folder for all of it, instead of where it belongs")
    out: Path | None = parser.parse_args().out
    quickstart.make((out or HERE) / "quickstart")
    quickstart.make_hire_two((out or HERE) / "hire_two", (out or HERE) / "quickstart")
    quickstart.make_renewals((out or HERE) / "renewals")
    annual_plan.make((out or HERE) / "annual_plan")
    recarve.make((out or HERE) / "recarve", (out or HERE) / "annual_plan")
    reforecast.make((out or HERE) / "reforecast", PLAN, HERE / "owners_2027.csv")
    borders.make((out or HERE) / "contiguous", (out or HERE) / "quickstart")
    pay.make((out or HERE) / "pay")
    starter.make(out / "starter" if out else STARTER)


if __name__ == "__main__":
    main()
