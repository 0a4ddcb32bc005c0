"""LP files: the names of the blocks, and the same model when read back."""

from __future__ import annotations

from math import inf

import highspy
import pytest

from solvers import solve
from solvers.model import Model
from tests.solvers import models


def test_rows_and_columns_carry_the_names_of_their_blocks():
    text = models.seats().to_lp()
    assert " workload[rep_01]: + 5 assign[0] + 4 assign[2] + 3 assign[4] <= 3\n" in text
    assert " coverage[A1]: + 1 assign[2] + 1 assign[3] = 1\n" in text
    assert text.startswith("Minimize\n cost: + 1 assign[1] + 2 assign[2]")
    assert text.endswith("End\n")


def test_a_row_with_two_sides_is_written_as_two():
    model = Model()
    model.add_columns("x", 2, upper=inf, integer=False)
    model.add_rows("band", [0, 0], [0, 1], count=1, lower=1, upper=2.5, labels=["rep 07"])
    text = model.to_lp()
    assert " band[rep_07].min: + 1 x[0] + 1 x[1] >= 1\n band[rep_07].max: + 1 x[0] + 1 x[1] <= 2.5\n" in text
    assert "General" not in text


@pytest.mark.parametrize("name", ["free", "e1", "2nd"])
def test_a_block_may_have_a_name_that_the_format_takes_for_its_own(name, tmp_path):
    model = Model()
    model.add_columns(name, 1, cost=3, lower=2, upper=9)
    assert value_read_back(model, tmp_path) == 6.0


@pytest.mark.parametrize("build", [models.change, models.mix, models.false_infeasible])
def test_what_is_read_back_has_the_same_optimum(build, tmp_path):
    model = build()
    assert value_read_back(model, tmp_path) == pytest.approx(solve(model).objective)


def value_read_back(model: Model, folder) -> float:
    path = folder / "model.lp"
    path.write_text(model.to_lp().replace("[", "(").replace("]", ")"))
    reader = highspy.Highs()
    reader.silent()
    assert reader.readModel(str(path)) == highspy.HighsStatus.kOk
    reader.run()
    return reader.getInfo().objective_function_value
