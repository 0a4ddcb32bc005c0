"""5.10 What must hold without any oracle, exactly, deal by deal: between a pipeline and one that was changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.inputs import Inputs, IntArray
from engine.pipeline import simulate
from engine.pipeline.layout import LINE, WON, Records
from tests.pipeline.settings import aligned, with_spells
from tests.pipeline.theory.checks import Section
from tests.pipeline.theory.simulated import MEASURES, Simulated, simulated, spec_of
from tests.pipeline.theory.worlds import EVERYTHING, busy
from tests.worlds import world

pytestmark = pytest.mark.slow

THEORY = Section("5.10")
FIRST = "{name: Qualify, advance: 60%, duration: {kind: lognormal, mean: 20, cv: 1}}"
LAST = "{name: Close, advance: 50%, duration: {kind: gamma, mean: 25, shape: 2}}"


def plain(
    more: str = "", stages: tuple[str, ...] = (FIRST, LAST), leads: float = 400, slots: int = 10
) -> str:
    """Leads of accounts with their owners."""
    return f"slots: {slots}\narrivals: {{leads: {leads}}}\nstages: [{', '.join(stages)}]\n{more}"


def moved(inputs: Inputs, order: IntArray) -> Inputs:
    """The same world with seats in another order: new place k has the seat that was at order[k]."""
    place = np.argsort(order)

    def at(seat: IntArray) -> IntArray:
        return np.where(seat >= 0, place[seat], -1)

    def columns(table: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in ("id", "name", "latitude", "longitude", "serves", "slots", "history"):
            column = getattr(table, name)
            found[name] = column[order] if isinstance(column, np.ndarray) else tuple(column[k] for k in order)
        found["levels"] = {level: tuple(nodes[k] for k in order) for level, nodes in table.levels.items()}
        return found

    return replace(
        inputs,
        reps=replace(inputs.reps, **columns(inputs.reps)),
        accounts=replace(inputs.accounts, owner=at(inputs.accounts.owner)),
        spells=replace(inputs.spells, rep=at(inputs.spells.rep)),
        pipeline=replace(inputs.pipeline, rep=at(inputs.pipeline.rep)),
    )


def with_idle_seat(inputs: Inputs) -> Inputs:
    """The same world with one more seat, which nobody gives an account."""
    reps, spells = inputs.reps, inputs.spells

    def one_more(column: Any, value: Any) -> Any:
        return np.append(column, value) if isinstance(column, np.ndarray) else (*column, value)

    more = replace(
        reps, id=one_more(reps.id, "R9"), name=one_more(reps.name, "Idle"),
        levels={level: (*nodes, nodes[0]) for level, nodes in reps.levels.items()},
        latitude=one_more(reps.latitude, 40.0), longitude=one_more(reps.longitude, -90.0),
        serves=(*reps.serves, frozenset()), slots=one_more(reps.slots, -1), history=one_more(reps.history, 0),
    )  # fmt: skip
    people = replace(
        spells, id=(*spells.id, "P9"), person=(*spells.person, "P9"), rep=one_more(spells.rep, len(reps)),
        start=one_more(spells.start, np.datetime64("2025-01-01", "D")),
        end=one_more(spells.end, np.datetime64("NaT", "D")), plan=(*spells.plan, "AE"),
        salary=one_more(spells.salary, 0), target_incentive=one_more(spells.target_incentive, 0),
    )  # fmt: skip
    return replace(inputs, reps=more, spells=people)


def same(what: str, one: Simulated, other: Simulated, but: tuple[str, ...] = ()) -> None:
    """Deals are the same, bit for bit, but for some columns."""
    names = [name for name in LINE.names or () if name not in but]
    assert len(one.line) == len(other.line) > 0
    differ = [int((one.line[name] != other.line[name]).sum()) for name in names]
    THEORY.equal(f"{what}: deals that differ, of {len(one.line)}", 0.0, float(sum(differ)))


def keyed(done: Simulated) -> dict[tuple[int, int], Records]:
    """Deals by replication and key."""
    return {
        (of, key): line
        for of, key, line in zip(done.line_of.tolist(), done.line["key"].tolist(), done.line, strict=True)
    }


def test_the_order_of_seats_changes_nothing() -> None:
    order = np.array([2, 0, 1])
    one, other = simulated(EVERYTHING, busy(), 20), simulated(EVERYTHING, moved(busy(), order), 20)
    same("seats in another order", one, other, but=("seat", "row"))
    assert np.array_equal(
        np.where(one.line["seat"] >= 0, np.argsort(order)[one.line["seat"]], -1), other.line["seat"]
    )
    assert np.array_equal(one.cube[:, order], other.cube)


def test_a_seat_without_leads_changes_nothing() -> None:
    text = plain(
        "processes:\n- {kind: attrition, rates: [{from_month: 0, rate: 50%}]}\n"
        "- {kind: rep_factor, sd: 20%, applies_to: amounts}"
    )
    one, other = (
        simulated(text, busy_two_stages(), 20),
        simulated(text, with_idle_seat(busy_two_stages()), 20),
    )
    same("a seat without leads", one, other)
    assert np.array_equal(one.cube, other.cube[:, :3])
    assert not other.cube[:, 3].any()


def busy_two_stages() -> Inputs:
    """The busy company, whose open deals are in the two stages of the plain pipeline."""
    inputs = busy()
    stages = tuple("Close" if stage == "Demo" else stage for stage in inputs.pipeline.stage)
    return replace(inputs, pipeline=replace(inputs.pipeline, stage=stages))


def test_money_in_another_unit_is_the_same_money() -> None:
    """Exact where amounts are whole; a law in fractions of a cent is rounded deal by deal."""
    whole = [
        simulated(
            plain(f"sizes: {{law: {{kind: empirical, values: [{5 * k}, {11 * k}, {400 * k}]}}}}"), world(), 20
        )
        for k in (1, 7)
    ]
    same("money x 7, whole amounts", whole[0], whole[1], but=("amount",))
    assert np.array_equal(7 * whole[0].cube[..., 0], whole[1].cube[..., 0])
    assert np.array_equal(whole[0].cube[..., 1], whole[1].cube[..., 1])
    drawn = [
        simulated(plain(f"sizes: {{law: {{kind: lognormal, mean: {900 * k}, cv: 1}}}}"), world(), 20)
        for k in (1, 7)
    ]
    won = drawn[0].line["outcome"] == WON
    off = drawn[1].line["amount"][won] - 7 * drawn[0].line["amount"][won]
    assert np.abs(off).max() <= 4


def test_a_faster_ramp_wins_no_less() -> None:
    """Every deal takes the same time; those won stay won, and further ones are."""
    people = with_spells(world(), [(0, -20, None), (1, -70, None), (2, 30, None)])
    slow = simulated(plain("ramp: [10%, 20%, 30%, 50%]"), people, 20)
    fast = simulated(plain("ramp: [20%, 40%, 90%]"), people, 20)
    same("a faster ramp, but for outcomes", slow, fast, but=("outcome", "amount"))
    lost_again = (slow.line["outcome"] == WON) & (fast.line["outcome"] != WON)
    THEORY.equal("a faster ramp: won deals that are lost", 0.0, float(lost_again.sum()))
    assert (fast.cube >= slow.cube).all()
    assert fast.cube[..., 1].sum() > slow.cube[..., 1].sum()


def test_more_leads_leave_those_that_there_were_where_they_are() -> None:
    """Common random numbers: the leads of a lower rate are among those of a higher one, at the same instants."""
    few, many = (keyed(simulated(plain(leads=leads), world(), 20)) for leads in (200, 260))
    assert len(many) > len(few) > 0
    gone = [where for where in few if where not in many]
    THEORY.equal("more leads: leads that are gone", 0.0, float(len(gone)))
    apart = [where for where, deal in few.items() if deal["arrival"] != many[where]["arrival"]]
    THEORY.equal("more leads: leads at another instant", 0.0, float(len(apart)))
    outcome = [
        where
        for where, deal in few.items()
        if deal["end"] >= 0 and deal["outcome"] != many[where]["outcome"] and many[where]["end"] >= 0
    ]
    THEORY.equal("more leads: closed deals that end otherwise", 0.0, float(len(outcome)))


@pytest.mark.parametrize("stage", [0, 1])
def test_a_higher_chance_to_advance_loses_no_deal_that_was_won(stage: int) -> None:
    """Where no deal waits for another; a deal that advances may hold a slot longer."""
    stages = [FIRST, LAST]
    low = simulated(plain(stages=tuple(stages), slots=1000), world(), 20)
    stages[stage] = stages[stage].replace("60%", "75%").replace("50%", "65%")
    high = simulated(plain(stages=tuple(stages), slots=1000), world(), 20)
    won = low.line["outcome"] == WON
    gone = won & (high.line["outcome"] != WON)
    THEORY.equal(f"advance of stage {stage + 1} raised: won deals that are lost", 0.0, float(gone.sum()))
    assert np.array_equal(low.line["end"][won], high.line["end"][won])
    assert (high.line["outcome"] == WON).sum() > won.sum()


def test_another_slot_starts_no_deal_later() -> None:
    """First come, first served, and the time of a deal is its own: Kiefer and Wolfowitz, slot by slot."""
    before = simulated(plain(slots=3), world(), 20)
    for slots in (4, 5, 8):
        now = simulated(plain(slots=slots), world(), 20)
        begun = [
            np.where(done.line["start"] >= 0, done.line["start"], np.iinfo(np.int64).max)
            for done in (before, now)
        ]
        THEORY.equal(f"slot {slots}: deals that start later", 0.0, float((begun[1] > begun[0]).sum()))
        before = now


def test_a_replication_alone_is_that_of_the_batch() -> None:
    batch = simulated(EVERYTHING, busy(), 8, log=True)
    for number in (0, 5, 7):
        alone = simulated(EVERYTHING, busy(), 1, first=number, log=True)
        assert np.array_equal(alone.line, batch.line[batch.line_of == number])
        assert np.array_equal(alone.event, batch.event[batch.event_of == number])
        assert np.array_equal(alone.cube[0], batch.cube[number])
    THEORY.equal("replications alone that differ from the batch", 0.0, 0.0)


@pytest.mark.parametrize(("workers", "block"), [(2, None), (8, 7), (1, 1), (1, 64)])
def test_workers_and_blocks_change_nothing(workers: int, block: int | None) -> None:
    inputs = busy()
    spec = spec_of(EVERYTHING + "replications: 40\n")
    one = simulate(inputs, aligned(inputs), spec, MEASURES, seed=3)
    other = simulate(inputs, aligned(inputs), spec, MEASURES, seed=3, workers=workers, block=block)
    differ = int((one.cube != other.cube).sum())
    THEORY.equal(f"{workers} workers, blocks of {block or 'any size'}: cells that differ", 0.0, float(differ))
    for mine, theirs in zip(one.tables, other.tables, strict=True):
        assert mine.frame.equals(theirs.frame), mine.name


def test_two_halves_of_a_territory_are_worth_the_whole() -> None:
    """In law: the accounts of a seat split between two, where slots are no limit."""
    whole, halves = (
        simulated(plain(slots=1000), world(12, 1), 400),
        simulated(plain(slots=1000), world(12, 2), 400),
    )
    # Accounts keep their keys, so both are one sample; shifted replications make them two.
    other = simulated(plain(slots=1000), world(12, 2), 400, first=1000)
    assert np.array_equal(whole.cube.sum(axis=1), halves.cube.sum(axis=1))
    THEORY.alike(
        "E[wins] of a territory and of its halves",
        whole.cube[..., 1].sum(axis=(1, 2)),
        other.cube[..., 1].sum(axis=(1, 2)),
    )
