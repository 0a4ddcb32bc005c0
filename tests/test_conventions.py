"""House style, held for every kind present and future."""

from __future__ import annotations

import inspect
import re
import subprocess
from importlib import import_module
from pathlib import Path

import pytest
from pydantic import BaseModel

from engine.blocks import Block, subclasses
from engine.pay.spec import PayScenario
from engine.scenario import Scenario

ROOT = Path(__file__).parents[1]
FOLDERS = {
    "engine.territory.constraints": ("engine.territory.constraint", "Constraint", "tests/territory"),
    "engine.territory.objectives": ("engine.territory.objective", "Objective", "tests/territory"),
    "engine.pipeline.laws": ("engine.pipeline.law", "Law", "tests/pipeline"),
    "engine.pipeline.levers": ("engine.pipeline.lever", "Lever", "tests/pipeline"),
    "engine.quota.methods": ("engine.quota.method", "Method", "tests/quota"),
    "engine.comp.components": ("engine.comp.component", "Component", "tests/cases/comp"),
}


def every_kind() -> list[tuple[type[Block], str]]:
    found = []
    for folder, (module, base, cases) in FOLDERS.items():
        classes = subclasses(import_module(folder), getattr(import_module(module), base))
        assert classes, folder
        found += [(cls, cases) for cls in classes]
    return found


KINDS = every_kind()


@pytest.mark.parametrize(("cls", "cases"), KINDS, ids=lambda value: getattr(value, "__name__", ""))
def test_every_kind_is_named_as_its_file_and_explains_itself(cls, cases):
    kind = cls.model_fields["kind"].default
    assert cls.__module__.rsplit(".", 1)[1] == kind
    assert inspect.getdoc(cls)
    assert inspect.getdoc(inspect.getmodule(cls))
    texts = "\n".join(
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / cases).rglob("*"))
        if path.suffix in {".py", ".yaml"}
    )
    assert re.search(rf"\b({kind}|{cls.__name__})\b", texts), f"no case in {cases} names {kind}"


def blocks_below(cls: type[BaseModel], seen: dict[type[BaseModel], None]) -> None:
    if cls in seen:
        return
    seen[cls] = None
    for field in cls.model_fields.values():
        stack = [field.annotation]
        while stack:
            annotation = stack.pop()
            if isinstance(annotation, type) and issubclass(annotation, BaseModel):
                blocks_below(annotation, seen)
            stack.extend(getattr(annotation, "__args__", ()))


def test_every_field_of_a_scenario_says_what_it_means():
    seen: dict[type[BaseModel], None] = {}
    blocks_below(Scenario, seen)
    blocks_below(PayScenario, seen)
    assert len(seen) > 15
    silent = [
        f"{cls.__name__}.{name}"
        for cls in seen
        for name, field in cls.model_fields.items()
        if not field.description and name != "kind"
    ]
    assert silent == []


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_files_stay_small_and_name_no_machine():
    forbidden = re.compile("/wo" + r"rk/|/ro" + r"ot/|/ho" + "me/|pypi" + r"\.org|files\.python" + "hosted")
    for path in tracked():
        assert path.stat().st_size <= 2**20, path
        if path.suffix in {".py", ".yaml", ".toml", ".txt", ".md", ""}:
            text = path.read_text(encoding="utf-8", errors="replace")
            assert not forbidden.search(text), path
            if path.suffix == ".py":
                assert len(text.splitlines()) <= 300, f"{path} says more than one thing"


def test_the_top_level_is_what_it_should_be():
    allowed = {
        "engine",
        "scenarios",
        "solvers",
        "tests",
        "benchmarks",
        "pyproject.toml",
        "README.md",
        "constraints.txt",
        "LICENSE",
    }
    tops = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {top for top in tops if not top.startswith(".")} == allowed


def test_the_committed_schema_is_the_one_the_engine_prints():
    from engine.schema import pay_schema_text, schema_text

    assert (ROOT / "scenarios/schema.json").read_text(encoding="utf-8") == schema_text()
    assert (ROOT / "scenarios/pay_schema.json").read_text(encoding="utf-8") == pay_schema_text()
