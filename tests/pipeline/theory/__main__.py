"""`python -m tests.pipeline.theory [--seed N]`: the table of theory, expected beside simulated."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from tests.pipeline.theory.checks import FIGURES, LIMIT
from tests.pipeline.theory.simulated import SEED


def main() -> int:
    """Run all of theory and print its figures as a table in markdown; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.pipeline.theory", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED[0], metavar="N")
    SEED[0] = parser.parse_args().seed
    status = pytest.main([str(Path(__file__).parent), "-q", "--no-header", "-p", "no:cacheprovider"])
    print(f"\nSeed {SEED[0]}, {len(FIGURES)} figures, largest |z| {max(abs(f.z) for f in FIGURES):.2f}.\n")
    print("| section | figure | expected | simulated | standard error | z |")
    print("|---|---|---:|---:|---:|---:|")
    for one in FIGURES:
        error = f"{one.error:.3g}" if one.error else "-"
        z = f"{one.z:+.2f}" + ("" if abs(one.z) <= LIMIT else " !")
        print(
            f"| {one.section} | {one.what.replace('|', chr(92) + '|')} | {one.expected:.8g} | {one.simulated:.8g} "
            f"| {error} | {z if one.error or one.z else '='} |"
        )
    return int(status)


if __name__ == "__main__":
    raise SystemExit(main())
