"""`python -m benchmarks [SUBJECT ...] [--case NAME] [--seed N] [--data DIR] [--format markdown] [--json FILE]`.

Prints each line as soon as it is known, as a table for a terminal or in markdown; `--json` writes the rows as a list
of objects, `--draw` a picture where a case has one. The exit status is 1 where an answer is wrong, and 2 for a subject
or case that does not exist and for data that a named subject misses or cannot read; no time ever decides it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from benchmarks.folders import VARIABLE
from benchmarks.growth_svg import ENDINGS
from benchmarks.subject import Row, Subject, subjects
from benchmarks.table import Printer
from engine.errors import BadInput


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the chosen subjects; return the exit status."""
    known = subjects()
    asked = _parser(known).parse_args(arguments)
    if asked.draw and asked.draw.suffix.lower() not in ENDINGS:
        print(f"--draw {asked.draw}: name a file that ends with {' or '.join(ENDINGS)}.", file=sys.stderr)
        return 2
    unknown = [name for name in asked.subjects if name not in known]
    if unknown:
        print(f"No subject {', '.join(unknown)}. Known: {', '.join(known)}.", file=sys.stderr)
        return 2
    chosen = [known[name] for name in asked.subjects or known]
    todo = [(subject, case) for subject in chosen for case in subject.chosen(asked.case)]
    if not todo:
        cases = "; ".join(f"{subject.name}: {', '.join(subject.cases)}" for subject in chosen)
        print(f"No case {asked.case}. Known: {cases}.", file=sys.stderr)
        return 2
    rows, refused = _run(todo, asked)
    if asked.json:
        asked.json.write_text(json.dumps([asdict(row) for row in rows], indent=1, allow_nan=False) + "\n")
    if not all(row.ok for row in rows):
        return 1
    return 2 if refused and asked.subjects else 0


def _parser(known: dict[str, Subject]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Subjects side by side with peers."
    )
    parser.add_argument(
        "subjects", nargs="*", metavar="SUBJECT", help=f"any of {', '.join(known)}; all when none"
    )
    parser.add_argument("--case", metavar="NAME", help="one case instead of the default ones")
    parser.add_argument("--format", choices=("text", "markdown"), default="text", help="markdown: to paste")
    parser.add_argument(
        "--draw", type=Path, metavar="FILE", help=f"the picture of a case: {', '.join(ENDINGS)}"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there")
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help=f"folder of published instances, for cases that read them; or set {VARIABLE}",
    )
    return parser


def _run(todo: Sequence[tuple[Subject, str]], asked: argparse.Namespace) -> tuple[list[Row], bool]:
    """Print what the cases yield; return their rows, and whether a case could not run."""
    printer = Printer(partial(print, flush=True), asked.format == "markdown", asked.draw)
    rows: list[Row] = []
    refused = False
    for subject, case in todo:
        printer.title(f"{subject.name}, case {case}, seed {asked.seed}")
        try:
            for shown in subject.shown(case, asked.seed, asked.data):
                shown.show(printer)
                rows += shown.rows
        except BadInput as fault:
            print(fault, file=sys.stderr)
            refused = True
    return rows, refused


if __name__ == "__main__":
    raise SystemExit(main())
