"""The recorded program against the arrays it stands for: the same floats, whatever the rules and the blocks."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.comp import read
from benchmarks.comp_plans import drawn
from engine.comp import settlement
from engine.comp.fast import Fast
from engine.comp.given import Given
from engine.comp.held import WHOLE
from engine.comp.intervals import Intervals
from engine.comp.pieces import Pieces
from engine.comp.tape import kernel
from engine.comp.tape.graph import Graph
from engine.comp.tape.program import program
from engine.comp.tape.recorded import Condition, Recorded, Unrecordable
from engine.progress import Silent
from tests.comp.test_paths import bonuses, commissions
from tests.comp.test_settle import staffed
from tests.comp.worlds import BONUS, COMMISSION, SALARY, bookings, even_quotas, random_bookings, spec

SPELLS, PERIODS = 3, 12
MONTHS = Intervals.of(np.arange(PERIODS) // 3)
WORDS = ("period", "quarter", "year")
fractions = st.fractions(-3, 3, max_denominator=1000)


@dataclass(frozen=True)
class Place:
    """Number of a quantity among those made so far."""

    of: int


def run(graph, outputs, cube):
    """Sum by (cell, period, replication) and lines by (output, spell, period, replication), as the kernel has them."""
    count, seats, periods, measures = cube.shape
    whole, nothing = np.full((seats, periods), WHOLE), np.zeros((count, 0, measures), dtype=np.int64)
    credit = kernel.Credit(cube, np.arange(measures), np.arange(seats + 1), np.arange(seats), whole, nothing)
    sums, lines = np.zeros((1, periods, count)), np.full((len(outputs), seats, periods, count), np.nan)
    pay = program(graph, [output.place for output in outputs])
    kernel.run(pay, credit, np.zeros(seats, dtype=np.int64), 0, count, sums, lines)
    return sums, lines


@st.composite
def pieces(draw):
    knots = sorted(set(draw(st.lists(fractions, max_size=4))))
    values = st.lists(fractions, min_size=len(knots) + 1, max_size=len(knots) + 1)
    side = draw(st.sampled_from(["left", "right"]))
    return Pieces(tuple(knots), tuple(draw(values)), tuple(draw(values)), side)


OPERANDS = {
    "plus": "q", "minus": "q", "times": "f", "share": "qQ", "least": "l", "most": "l", "running": "g", "steps": "g",
    "lowest": "g", "total": "g", "collected": "g", "later": "n", "on": "tu", "rounded": "r", "fulls": "F",
    "choose": "qqsb",
}  # fmt: skip
"""What each operation takes beside the quantity itself: quantities, fractions, limits, groups ..."""


@st.composite
def lines_of_rules(draw):
    """Steps of a rule; each takes quantities by their place and adds one at the end."""
    steps = []
    for count in range(4, 4 + draw(st.integers(1, 12))):
        one = st.integers(0, count - 1).map(Place)
        takes = {
            "q": one, "f": fractions, "F": st.fractions(1, 9, max_denominator=100),
            "Q": st.one_of(one, st.just(7)), "l": st.one_of(one, fractions),
            "g": st.sampled_from(WORDS).map(MONTHS.groups), "n": st.integers(0, 13), "t": pieces(),
            "u": st.one_of(one, st.none()), "r": st.sampled_from(["half_even", "half_up"]),
            "s": st.sampled_from(["left", "right"]), "b": st.booleans(),
        }  # fmt: skip
        name = draw(st.sampled_from(sorted(OPERANDS)))
        steps.append((name, draw(one), *(draw(takes[letter]) for letter in OPERANDS[name])))
    return steps


def worked(steps, quantities):
    """Work out the steps on one number type."""
    made = list(quantities)
    for name, first, *others in steps:
        one, *rest = (made[x.of] if isinstance(x, Place) else x for x in (first, *others))
        made.append(choose(one, *rest) if name == "choose" else getattr(one, name)(*rest))
    return made


def choose(one, level, other, closed, both):
    """Take one of two quantities by a condition on conditions."""
    holds = one.reaches(level, closed)
    return one.where(holds & level.reaches(other, closed) if both else ~holds | (EVEN > 0), other)


EVEN = np.arange(SPELLS * PERIODS).reshape(SPELLS, PERIODS) % 2


@settings(max_examples=150, deadline=None)
@given(lines_of_rules(), st.integers(0, 2**32 - 1), st.integers(1, 3))
def test_a_recorded_line_of_operations_gives_the_floats_of_the_arrays(steps, seed, replications):
    rng = np.random.default_rng(seed)
    cube = rng.integers(-50, 1_000, (replications, SPELLS, PERIODS, 2))
    known = [rng.integers(-2, 30, (SPELLS, PERIODS)) * 25.0, np.full((SPELLS, PERIODS), 1 / 3)]
    credits = [Fast(cube[..., m]) for m in range(2)]
    fast = worked(steps, [*credits, *(Fast(values) for values in known)])
    graph = Graph((SPELLS, PERIODS))
    recorded = [Recorded.credit(graph, m) for m in range(2)]
    tape = worked(steps, [*recorded, *(Recorded(graph, Fast(values)) for values in known)])
    sums, lines = run(graph, tape, cube)
    shape = (replications, SPELLS, PERIODS)
    for k, amount in enumerate(fast):
        np.testing.assert_array_equal(lines[k], np.broadcast_to(amount.values, shape).transpose(1, 2, 0))
    np.testing.assert_allclose(sums[0], lines.sum(axis=(0, 1)))


def both_ways(monkeypatch, inputs, credits, quota, rules):
    """What people are paid, by the kernel and by arrays."""
    given = Given.of(inputs, credits, quota, rules)
    compiled = settlement.settled(given, 1, Silent())

    def refuse(team, given):
        raise Unrecordable("all")

    with monkeypatch.context() as patch:
        patch.setattr(settlement, "_recorded", refuse)
        return figures(compiled), figures(settlement.settled(given, 1, Silent()))


def figures(ledger):
    lines = [(line.label, line.mean.tobytes(), line.quantiles.tobytes()) for line in ledger.lines]
    return ledger.variable.tobytes(), ledger.salary.tobytes(), lines


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.one_of(commissions(), bonuses()), min_size=1, max_size=4),
    st.sampled_from(["half_even", "half_up"]),
    st.sampled_from(["monthly", "quarterly", "annually"]),
    st.integers(0, 1000),
)
def test_drawn_plans_settle_to_the_same_bytes_by_kernel_and_by_arrays(
    monkeypatch, parts, rounding, pay, seed
):
    named = [
        {**part.model_dump(mode="json", exclude_none=True), "name": f"part {k}"}
        for k, part in enumerate(parts)
    ]
    rules = spec(SALARY, *named, rounding=rounding).model_dump(mode="json", exclude_none=True)
    rules["plans"]["AE"]["pay"] = pay
    inputs = staffed()
    world = (inputs, random_bookings(inputs, 3, seed), even_quotas(inputs))
    compiled, arrays = both_ways(monkeypatch, *world, type(spec()).model_validate(rules))
    assert compiled == arrays


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10_000))
def test_drawn_plans_of_all_kinds_settle_to_the_same_bytes_by_kernel_and_by_arrays(monkeypatch, seed):
    inputs = staffed()
    credits = [random_bookings(inputs, 3, seed + m).measure("bookings") for m in range(2)]
    world = (inputs, bookings(np.stack(credits, axis=-1), "bookings", "margin"), even_quotas(inputs))
    compiled, arrays = both_ways(monkeypatch, *world, read(drawn(seed)))
    assert compiled == arrays


@pytest.mark.parametrize("replications", [1, 63, 64, 65, 200])
def test_the_same_bytes_by_kernel_and_by_arrays_for_any_number_of_replications(monkeypatch, replications):
    inputs = staffed()
    world = (inputs, random_bookings(inputs, replications), even_quotas(inputs))
    compiled, arrays = both_ways(monkeypatch, *world, spec(SALARY, COMMISSION, BONUS))
    assert compiled == arrays


def test_equal_operations_are_recorded_once():
    graph = Graph((SPELLS, PERIODS))
    credit, year = Recorded.credit(graph, 0), MONTHS.groups("year")
    assert credit.running(year).place == credit.running(year).place
    assert credit.running(year).place != credit.running(MONTHS.groups("quarter")).place


def test_what_depends_on_no_credit_is_worked_out_at_once():
    graph = Graph((SPELLS, PERIODS))
    quota = Recorded(graph, Fast(np.ones((SPELLS, PERIODS))))
    total = quota.plus(quota).times(Fraction(1, 2)).total(MONTHS.groups("year"))
    assert graph.nodes == []
    assert (total.known.values == PERIODS).all()
    assert not isinstance(quota.reaches(total, "left"), Condition)


def test_single_deals_are_not_recorded():
    credit = Recorded.credit(Graph((SPELLS, PERIODS)), 0)
    with pytest.raises(Unrecordable):
        credit.at(np.zeros(1, dtype=np.int64))
    with pytest.raises(Unrecordable):
        credit.tallied(np.zeros(1, dtype=np.int64), (SPELLS, PERIODS))


def test_a_plan_whose_components_never_read_credit_is_paid_all_the_same():
    graph = Graph((1, PERIODS))
    amount = Recorded(graph, Fast(np.arange(PERIODS)[None]))
    sums, lines = run(graph, [amount, amount], np.zeros((5, 1, PERIODS, 0), dtype=np.int64))
    assert (sums[0] == 2 * np.arange(PERIODS)[:, None]).all()
    assert (lines == np.arange(PERIODS)[None, None, :, None]).all()
