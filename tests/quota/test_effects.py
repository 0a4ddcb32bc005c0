"""What each adjustment does to everybody else, one after another; the effects add up to what all do together."""

from __future__ import annotations

from pathlib import Path

from engine.quota.adjusting.effects import ENTRIES
from tests.quota.setting import quotas, seats, table
from tests.quota.test_adjusting import HEAD, SPLIT, adjusted


def test_each_adjustment_is_told_with_its_own_effect_on_others(tmp_path: Path) -> None:
    inputs = seats([100, 300, 600], district=["N", "N", "S"])
    text = "node,quota,reason\nR0,250,promised\nS,400,lost its largest customer\n"
    found = quotas(*adjusted(inputs, tmp_path, text))
    rows = table(found, "quota_adjustments")
    assert rows["entry"].tolist() == [1, 2]
    assert rows[["others", "most", "most_change"]].values.tolist() == [
        [-15_000, "R2", -10_000],
        [10_000, "R1", 10_000],
    ]
    effects = table(found, "adjustment_effects")
    assert effects[["entry", "rep", "set", "effect"]].values.tolist() == [
        [1, "R0", True, 15_000], [1, "R1", False, -5_000], [1, "R2", False, -10_000],
        [2, "R1", False, 10_000], [2, "R2", True, -10_000],
    ]  # fmt: skip
    assert effects["reason"].unique().tolist() == ["promised", "lost its largest customer"]
    together = table(found, "quota_effect").set_index("rep")["change"]
    assert effects.groupby("rep")["effect"].sum().tolist() == together.tolist()


def test_rows_of_one_reason_are_one_entry_and_so_are_those_of_a_seat_without(tmp_path: Path) -> None:
    text = HEAD + "R0,S0,,30,swap\nR2,,,500,\nR1,S0,,170,swap\nR2,S0,,300,\n"
    rows = table(quotas(*adjusted(seats([100, 300, 600]), tmp_path, text, **SPLIT)), "quota_adjustments")
    assert rows["entry"].tolist() == [1, 2, 1, 2]
    assert rows["change"].tolist() == [-2_000, -10_000, 2_000, 0]
    assert rows["others_there"].tolist() == [2_000, 10_000, -2_000, 0]


def test_an_entry_without_quotas_of_its_own_is_told_with_the_next(tmp_path: Path) -> None:
    inputs = seats([100, 300, 600], district=["N", "N", "S"])
    text = "rep,quota,reason\nR2,300,less\nR1,550,and more\n"
    found = table(
        quotas(*adjusted(inputs, tmp_path, text, bounds={"target": {"max": "150%"}})), "adjustment_effects"
    )
    assert found["entry"].unique().tolist() == [1]
    assert found["reason"].unique().tolist() == ["less; and more"]


def test_many_entries_are_told_one_by_one_up_to_a_number(tmp_path: Path) -> None:
    count = ENTRIES + 4
    text = "rep,quota\n" + "".join(f"R{k},{50 + k}\n" for k in range(count))
    found = quotas(*adjusted(seats([100] * (count + 1)), tmp_path, text, methods=[{"kind": "even"}]))
    rows, effects = table(found, "quota_adjustments"), table(found, "adjustment_effects")
    assert rows["entry"].tolist() == [*range(1, ENTRIES), *[ENTRIES] * 5]
    together = table(found, "quota_effect").set_index("rep")["change"]
    assert effects.groupby("rep")["effect"].sum().to_dict() == together[together != 0].to_dict()
