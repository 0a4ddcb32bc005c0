"""The solver libraries share a process in any order, and none is imported before it is needed."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version

import pytest

USE = {
    "highspy": "import highspy; h = highspy.Highs(); h.silent(); h.addVar(0, 1); h.run()",
    "ortools": (
        "from ortools.sat.python import cp_model; cp_model.CpSolver().solve(cp_model.CpModel())\n"
        "from ortools.math_opt.python import mathopt\n"
        "m = mathopt.Model(); m.add_binary_variable(); mathopt.solve(m, mathopt.SolverType.GSCIP)"
    ),
    "pulp": "import pulp; pulp.LpProblem('p')",
}
ORDERS = [("highspy", "ortools", "pulp"), ("ortools", "pulp", "highspy"), ("pulp", "highspy", "ortools")]


def python(code: str, root, folder=None) -> str:
    """Run code in a fresh process, in `folder` or the checkout, importing from the checkout alone."""
    command = [sys.executable, "-P", "-c", code]
    paths = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder or root, env=paths, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_solver_libraries_share_a_process_in_any_order(order, root):
    assert python("\n".join([*(USE[name] for name in order), "print('shared')"]), root) == "shared"


@pytest.mark.parametrize("order", [("cpsat", "scip", "highs"), ("highs", "scip", "cpsat")], ids="-".join)
def test_the_backends_share_a_process_in_both_orders(order, root):
    code = (
        "from solvers.backend import Silence; from solvers.backends import found\n"
        "from solvers import SolveOptions; from tests.solvers.models import change\n"
        f"values = [found()[b].solve(change().arrays(), SolveOptions(), Silence()).objective for b in {order}]\n"
        "print(values)"
    )
    assert python(code, root) == "[-8.0, -8.0, -8.0]"


def test_asking_which_backends_there_are_imports_no_solver_library(root):
    code = (
        "import sys, solvers\n"
        "assert solvers.available('highs') and solvers.available('cbc') and len(solvers.names()) >= 2\n"
        "print([name for name in ('highspy', 'pulp', 'ortools') if name in sys.modules])"
    )
    assert python(code, root) == "[]"


def test_the_installed_or_tools_is_the_one_that_shares_a_process_with_the_installed_highs():
    assert version("ortools").startswith("9.15.")
    assert version("highspy").startswith("1.12.")


def test_the_names_of_answers_need_no_scipy(root):
    code = "import sys; from solvers import Solution, SolveOptions, Status; print('scipy' in sys.modules)"
    assert python(code, root) == "False"


def test_a_child_imports_nothing_from_the_folder_the_user_stands_in(root, tmp_path):
    (tmp_path / "signal.py").write_text("raise SystemExit('imported')")
    code = (
        "from solvers import solve; from tests.solvers.models import change; print(solve(change()).objective)"
    )
    assert python(code, root, tmp_path) == "-8.0"
