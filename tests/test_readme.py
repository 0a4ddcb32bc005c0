"""The README keeps its word: its Python runs, and its commands are there for CI to take."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from pkgutil import iter_modules

from pydantic import TypeAdapter
from yaml import safe_load

from engine import Scenario
from engine.territory import constraints, objectives
from engine.territory.rule_kinds import AnyConstraint, AnyObjective

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_python_of_the_readme_runs(tmp_path, monkeypatch, capsys):
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(blocks) == 1
    names: dict[str, object] = {}
    exec(blocks[0], names)  # our own text, as a reader would paste it
    assert "P(goal)" in capsys.readouterr().out
    assert (tmp_path / "runs/notebook/report.html").is_file()
    assert len(names["result"].table("quota_reps")) == 6


def test_both_commands_stand_under_their_marks():
    for mark, word in (("run", "apportion run scenarios/quickstart.yaml"), ("tests", "pytest")):
        command = re.search(rf"<!-- {mark} -->\n```sh\n(.*)\n```", README)
        assert command
        assert word in command[1]


def test_every_file_named_in_the_tables_exists():
    for path in re.findall(r"`((?:engine|solvers|tests|scenarios|benchmarks)/[\w/.]*)`", README):
        assert (ROOT / path).exists(), path


def test_every_piece_of_yaml_is_a_scenario(tmp_path):
    shutil.copytree(ROOT / "scenarios", tmp_path, dirs_exist_ok=True)
    pieces = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    assert pieces
    for number, piece in enumerate(pieces):
        path = tmp_path / f"piece_{number}.yaml"
        path.write_text(f"extends: ./quickstart.yaml\n{piece}", encoding="utf-8")
        Scenario.load(path)


def test_every_kind_of_rule_has_a_row_with_a_valid_example():
    rows = re.findall(r"^\| `(\w+)` \|.*\| `(\{kind: .*\})` \|$", README, re.MULTILINE)
    for folder, one in ((constraints, AnyConstraint), (objectives, AnyObjective)):
        for kind in {module.name for module in iter_modules(folder.__path__)}:
            assert TypeAdapter(one).validate_python(safe_load(dict(rows)[kind])).kind == kind
