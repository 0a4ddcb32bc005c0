"""A run over the seats of a headcount: every stage plans over them, and the folder holds by itself."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest

HEADCOUNT = """extends: ./quickstart.yaml
territories:
  headcount:
    adopt: {adopt}
    min: {adopt}
    max: {adopt}
    opening_cost: 150k
    keep: [W1, W2, W3, E1, E2]
    candidates:
      - {{id: Chicago, latitude: 41.88, longitude: -87.63, levels: {{region: East}}}}
"""


def seats_of(folder):
    names = ("territories", "quota_reps", "bookings_by_rep", "attainment")
    return [sorted(set(pd.read_csv(folder / "tables" / f"{name}.csv")["rep"])) for name in names]


@pytest.mark.slow
def test_every_stage_has_the_adopted_seats(apportion, root, tmp_path):
    shutil.copytree(root / "scenarios", tmp_path, dirs_exist_ok=True)
    seats = {5: ["E1", "E2", "W1", "W2", "W3"], 7: ["E1", "E2", "E3", "W1", "W2", "W3", "new-1"]}
    for adopt, expected in seats.items():
        path = tmp_path / f"adopt_{adopt}.yaml"
        path.write_text(HEADCOUNT.format(adopt=adopt), encoding="utf-8")
        out = tmp_path / f"out_{adopt}"
        done = apportion("run", path, "--set", "pipeline.replications=20", "--out", out)
        assert done.returncode == 0, done.stderr
        for found in seats_of(out):
            assert found in (expected, [seat for seat in expected if seat != "new-1"])
        assert seats_of(out)[0] == expected
        for told in (f"{adopt} territories are cheapest", f"this run has {adopt}"):
            assert told in done.stdout
            assert told in (out / "report.html").read_text(encoding="utf-8")
        assert apportion("verify", out).returncode == 0
        assert apportion("why", out).returncode == 0
        paid = set(pd.read_csv(out / "private" / "payouts.csv")["rep"])
        assert paid == {seat for seat in expected if seat != "new-1"}
