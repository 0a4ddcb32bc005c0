"""A solve in its child process: crash, watchdog, Ctrl-C, and what is kept of each."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import replace
from io import BytesIO
from math import inf
from pathlib import Path

import numpy as np
import psutil
import pytest

from solvers import SolveOptions, Status, child, process, solve, wire
from tests.solvers import models


def solving_children() -> list[psutil.Process]:
    alive = [each for each in psutil.Process().children() if each.status() != psutil.STATUS_ZOMBIE]
    return [each for each in alive if "solvers.worker" in " ".join(each.cmdline())]


@pytest.fixture(autouse=True)
def _no_child_is_left_idle():
    process.close()
    yield
    process.close()
    assert solving_children() == []


def end_children_by(number: int, when):
    sent: list[int] = []

    def progress(objective: float, bound: float) -> None:
        if when(objective, bound) and not sent:
            sent.append(number)
            for each in solving_children():
                each.send_signal(number)

    return progress


def test_a_crash_without_a_plan_costs_a_message_and_keeps_the_model():
    progress = end_children_by(signal.SIGSEGV, lambda objective, bound: True)
    model = models.market_split()
    answer = solve(model, SolveOptions(time_limit=60, progress=progress))
    assert (answer.status, answer.x, answer.ended_by) == (Status.NO_SOLUTION_FOUND, None, "crash")
    assert "signal 11 (SIGSEGV)" in answer.message
    path = Path(next(word for word in answer.message.split() if "model.npz" in word).strip(".;"))
    assert (child.kept(path).matrix != model.arrays().matrix).nnz == 0
    path.unlink()
    path.parent.rmdir()


@pytest.mark.parametrize("backend", ["cpsat", "highs", "scip"])
def test_a_crash_with_an_incumbent_keeps_the_plan(backend, monkeypatch, tmp_path):
    monkeypatch.setattr(child, "keep", lambda arrays: tmp_path / "model.npz")
    progress = end_children_by(signal.SIGSEGV, lambda objective, bound: objective < 0)
    answer = solve(models.knapsack(), SolveOptions(gap=0.0, time_limit=60, progress=progress), backend)
    assert (answer.status, answer.ended_by) == (Status.FEASIBLE, "crash")
    assert answer.objective < 0
    assert answer.bound <= answer.objective


def test_after_a_crash_the_next_solve_is_as_good_as_ever(monkeypatch, tmp_path):
    monkeypatch.setattr(child, "keep", lambda arrays: tmp_path / "model.npz")
    progress = end_children_by(signal.SIGKILL, lambda objective, bound: True)
    assert solve(models.market_split(), SolveOptions(progress=progress)).ended_by == "crash"
    assert solve(models.change()).objective == -8.0


def deaf(monkeypatch) -> None:
    """The child is not told of its time limit, as if it did not heed it."""
    asks = wire.question
    monkeypatch.setattr(wire, "question", lambda a, o, b: asks(a, replace(o, time_limit=inf), b))
    monkeypatch.setattr(child, "GRACE", 0.2)


@pytest.mark.parametrize("backend", ["cpsat", "highs", "scip"])
def test_a_solver_that_runs_past_its_limit_is_stopped_and_its_plan_kept(backend, monkeypatch):
    deaf(monkeypatch)
    answer = solve(models.knapsack(), SolveOptions(gap=0.0, time_limit=0.8), backend)
    assert (answer.status, answer.ended_by) == (Status.FEASIBLE, "time")
    assert -inf < answer.bound <= answer.objective < 0
    assert "ran past its limit" in answer.message


def test_cbc_ends_with_the_child_that_started_it(monkeypatch):
    deaf(monkeypatch)
    seen: list[psutil.Process] = []
    hears = process.Process.hear

    def hear(self, seconds):
        try:
            return hears(self, seconds)
        finally:
            seen.extend(psutil.Process(self.pid).children())

    monkeypatch.setattr(process.Process, "hear", hear)
    answer = solve(models.market_split(), SolveOptions(time_limit=0.4), "cbc")
    assert (answer.status, answer.ended_by) == (Status.NO_SOLUTION_FOUND, "time")
    assert seen
    _, alive = psutil.wait_procs(seen, timeout=5)
    assert not [each for each in alive if each.status() != psutil.STATUS_ZOMBIE]


INTERRUPTED = """
import sys
from solvers import SolveInterrupted, SolveOptions, solve
from tests.solvers import models
def progress(objective, bound):
    if objective < 0:
        print("incumbent", flush=True)
try:
    solve(models.knapsack(), SolveOptions(gap=0.0, progress=progress))
except SolveInterrupted as stop:
    found = stop.solution
    print("kept", found.status, found.ended_by, found.objective < 0, found.bound <= found.objective, flush=True)
    sys.exit(130)
"""


def test_ctrl_c_stops_a_solve_with_the_best_plan_so_far(root):
    run = subprocess.Popen([sys.executable, "-c", INTERRUPTED], stdout=subprocess.PIPE, text=True, cwd=root)
    try:
        assert run.stdout.readline() == "incumbent\n"
        children = psutil.Process(run.pid).children(recursive=True)
        run.send_signal(signal.SIGINT)
        told, _ = run.communicate(timeout=30)
    finally:
        run.kill()
    assert told.splitlines()[-1] == "kept FEASIBLE interrupt True True"
    assert run.returncode == 130
    assert children
    assert not psutil.wait_procs(children, timeout=5)[1]


def test_a_child_ends_when_its_parent_is_gone(root):
    run = subprocess.Popen([sys.executable, "-c", INTERRUPTED], stdout=subprocess.PIPE, text=True, cwd=root)
    assert run.stdout.readline() == "incumbent\n"
    (left,) = psutil.Process(run.pid).children()
    run.kill()
    run.communicate()
    deadline = time.monotonic() + 30
    while left.is_running() and left.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not left.is_running() or left.status() == psutil.STATUS_ZOMBIE


def test_memory_that_grows_past_its_limit_keeps_the_plan(monkeypatch):
    grown = []

    def megabytes(self):
        return 100.0 + 1000.0 * len(grown)

    monkeypatch.setattr(process.Process, "megabytes", megabytes)
    asked = SolveOptions(
        gap=0.0, memory_limit=500.0, progress=lambda objective, _: grown.extend([1] * (objective < 0))
    )
    answer = solve(models.knapsack(), asked)
    assert (answer.status, answer.ended_by) == (Status.FEASIBLE, "memory")
    assert answer.objective < 0


def test_the_memory_of_a_child_is_that_of_a_python_with_its_libraries():
    solve(models.change())
    with process._lock:
        (idle,) = process._idle
    assert 10 < idle.megabytes() < 1000


def test_small_solves_share_one_child():
    solve(models.change())
    (first,) = solving_children()
    assert solve(models.mix()).objective == pytest.approx(12.8)
    assert [each.pid for each in solving_children()] == [first.pid]


def test_an_exception_of_the_library_is_told_in_words():
    broken = replace(models.change().arrays(), row_lower=np.array([20.0]))
    outcome = child.run(broken, SolveOptions(), "highs")
    assert outcome.solution.ended_by == "error"
    assert "HiGHS took the model over with a warning" in outcome.solution.message


def test_progress_tells_the_incumbent_and_the_bound_as_they_improve():
    told: list[tuple[float, float]] = []
    solve(
        models.knapsack(8, 40),
        SolveOptions(gap=0.0, node_limit=200, progress=lambda *pair: told.append(pair)),
    )
    objectives = [objective for objective, _ in told]
    assert objectives == sorted(objectives, reverse=True)
    assert [bound for _, bound in told] == sorted(bound for _, bound in told)


def test_what_is_asked_and_answered_survives_the_wire():
    options = SolveOptions(gap=0.5, time_limit=inf, node_limit=7, start=np.array([1.0, 0, 0]))
    stream = BytesIO()
    wire.write(stream, wire.question(models.change().arrays(), options, "cbc"))
    stream.seek(0)
    arrays, asked, backend = wire.asked(wire.read(stream))
    assert (asked.gap, asked.time_limit, asked.node_limit, backend) == (0.5, inf, 7, "cbc")
    assert asked.start.tolist() == [1, 0, 0]
    assert arrays.cost.tolist() == [-1, -2, -3]
    assert arrays.matrix.toarray().tolist() == [[2, 3, 4]]


@pytest.mark.parametrize("cut", [0, 4, 20, -1])
def test_a_message_cut_short_is_the_end_of_the_stream(cut):
    stream = BytesIO()
    wire.write(stream, wire.question(models.change().arrays(), SolveOptions(), "cbc"))
    assert wire.read(BytesIO(stream.getvalue()[:cut])) is None


def test_children_of_another_process_are_left_alone(monkeypatch):
    solve(models.change())
    (theirs,) = solving_children()
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(process.os, "getpid", lambda: -1)
        process.close()
    assert theirs.is_running()
