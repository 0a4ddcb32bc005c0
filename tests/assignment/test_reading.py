"""Files of both senses, what is published of them, and faults in words."""

from __future__ import annotations

import numpy as np
import pytest

from solvers.assignment import Instance, faults
from solvers.assignment.reading import published, read


def test_a_file_is_read_whatever_its_lines(tmp_path):
    path = tmp_path / "tiny"
    path.write_text(" 2 3\n 1 2\n 3 4 5 6\n 7 8 9 1 1\n 2\n 10 20\n")
    kept, negated = read(path), read(path, sense=-1)
    assert kept.cost.tolist() == [[1, 2, 3], [4, 5, 6]]
    assert kept.weight.tolist() == [[7, 8, 9], [1, 1, 2]]
    assert kept.capacity.tolist() == [10, 20]
    assert negated.cost.tolist() == [[-1, -2, -3], [-4, -5, -6]]
    assert (negated.weight == kept.weight).all()


@pytest.mark.parametrize("text", ["", "2", "2 3\n1 2 3", "2 x", "0 3", "1 1\n1\n1.5\n3"])
def test_a_file_that_is_none_is_refused_by_name(tmp_path, text):
    path = tmp_path / "odd"
    path.write_text(text)
    with pytest.raises(ValueError, match="odd"):
        read(path)


def test_published_values_are_kept_by_sense(tmp_path):
    path = tmp_path / "best_known.csv"
    path.write_text("instance,sense,lb,ub,best\nx,Max,10,12,10\nx,Min,3,5,4\n")
    known = published(path)
    assert (known["x", -1].best, known["x", -1].bound) == (10, 12)
    assert (known["x", 1].best, known["x", 1].bound) == (4, 3)
    assert published(tmp_path / "absent.csv") == {}


def test_an_answer_that_does_not_fit_is_told_in_words():
    instance = Instance(np.ones((2, 2), np.int64), np.full((2, 2), 3), np.array([3, 6]))
    assert faults(instance, np.array([0, 0])) == ["agent 0 carries 6 of 3"]
    assert faults(instance, np.array([1, 2])) == ["a job is assigned to no agent"]
    assert faults(instance, np.array([1])) == ["1 jobs are assigned instead of 2"]
    assert faults(instance, np.array([1, 1])) == []


@pytest.mark.parametrize(
    ("cost", "weight", "capacity"),
    [([[1, 2]], [[1]], [3]), ([[1]], [[-1]], [3]), ([[1]], [[1]], [3, 3]), ([[2**50]], [[1]], [3])],
)
def test_figures_that_do_not_fit_together_are_refused(cost, weight, capacity):
    with pytest.raises(ValueError, match=r"must|may"):
        Instance(np.array(cost), np.array(weight), np.array(capacity))
