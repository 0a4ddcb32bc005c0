"""One direction: a stage knows only the values of stages before it, and the shell starts quickly."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STAGES = ("territory", "pipeline", "quota", "comp")
VALUES = {"territory": "alignment", "pipeline": "bookings", "quota": "quotas", "comp": "payouts"}
SEES_ALL = {"engine/runs.py", "engine/scenario.py", "engine/check.py"}
HEAVY = ("numba", "scipy", "pandas", "bokeh", "ortools", "highspy", "pulp", "simpy", "pyarrow", "xlsxwriter")


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", sources("solvers"), ids=lambda p: str(p.relative_to(ROOT)))
def test_solvers_know_no_engine(path):
    assert not {name for name in imports(path) if name.split(".")[0] == "engine"}


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_knows_only_the_values_of_stages_before_it(stage):
    before = STAGES[: STAGES.index(stage)]
    allowed = {f"engine.{other}.{VALUES[other]}" for other in before} | {f"engine.{stage}"}
    stages = tuple(f"engine.{other}" for other in STAGES)
    shells = (
        "engine.runs",
        "engine.scenario",
        "engine.report",
        "engine.store",
        "engine.verification",
        "engine.cli",
    )
    for path in sources(f"engine/{stage}"):
        for name in imports(path):
            if name.startswith(stages):
                assert name.startswith(tuple(allowed)), f"{path.relative_to(ROOT)} imports {name}"
            assert not name.startswith(shells), f"{path.relative_to(ROOT)} imports {name}"


def test_only_the_shells_see_all_stages():
    for path in sources("engine"):
        name = path.relative_to(ROOT).as_posix()
        stages = {part for part in STAGES if f"engine.{part}" in imports(path)}
        if len(stages) > 1:
            assert name in SEES_ALL or name.startswith(("engine/verification/", "engine/store/")), name


def test_the_shell_starts_without_heavy_libraries():
    code = (
        "import sys, engine.cli, engine.scenario, engine.schema; engine.schema.schema_text();"
        "print(' '.join(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    assert not set(out.split()) & set(HEAVY)


def test_no_function_of_a_package_hides_behind_a_module_of_its_name():
    for package in (
        path.parent for path in [*sources("engine"), *sources("solvers")] if path.name == "__init__.py"
    ):
        text = ast.parse((package / "__init__.py").read_text(encoding="utf-8"))
        offered = {node.name for node in text.body if isinstance(node, ast.FunctionDef)}
        for node in text.body:
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
                offered |= set(ast.literal_eval(node.value))
        modules = {path.stem for path in package.glob("*.py")} | {
            path.parent.name for path in package.glob("*/__init__.py")
        }
        assert not offered & modules, package
