"""`python -m benchmarks [SUBJECT ...] [--case NAME] [--seed N] [--json FILE] [--data DIR]`.

Prints one line per row; `--json` writes the rows as a list of objects. The exit status is 1 where an
answer is wrong and 2 for a subject or case that does not exist; no time ever decides it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.subject import Row, Subject, subjects


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the chosen subjects; return the exit status."""
    known = subjects()
    asked = _parser(known).parse_args(arguments)
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
    rows = _run(todo, asked.seed, asked.data)
    if asked.json:
        asked.json.write_text(json.dumps([asdict(row) for row in rows], indent=1, allow_nan=False) + "\n")
    return 0 if all(row.ok for row in rows) else 1


def _parser(known: dict[str, Subject]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Subjects side by side with peers."
    )
    parser.add_argument(
        "subjects", nargs="*", metavar="SUBJECT", help=f"any of {', '.join(known)}; all when none"
    )
    parser.add_argument("--case", metavar="NAME", help="one case instead of the default ones")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there")
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="folder of real data, for cases that read it"
    )
    return parser


def _run(todo: Sequence[tuple[Subject, str]], seed: int, data: Path | None) -> list[Row]:
    print(
        f"{'subject':10}{'case':12}{'metric':28}{'ours':>11}{'peer':>11}{'ratio':>9}{'gap':>9}{'MB':>7}  answer"
    )
    rows: list[Row] = []
    for subject, case in todo:
        for row in subject.run(case, seed, data):
            print(_line(row), flush=True)
            rows.append(row)
    return rows


def _line(row: Row) -> str:
    figures = (
        f"{_figure(row.ours, 4):>11}{_figure(row.peer, 4):>11}{_figure(row.ratio, 3):>9}"
        f"{_figure(row.gap, 2):>9}{_figure(row.peak_mb, 3):>7}"
    )
    answer = ("right" if row.ok else "WRONG") + (f"  vs {row.peer_name}" if row.peer_name else "")
    return f"{row.subject:10}{row.case:12}{row.metric:28}{figures}  {answer}"


def _figure(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}g}"


if __name__ == "__main__":
    raise SystemExit(main())
