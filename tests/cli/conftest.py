"""The command as a user meets it: a process with its own streams and status."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Command = Callable[..., "subprocess.CompletedProcess[str]"]
SMALL = ("--set", "pipeline.replications=60")


@pytest.fixture(scope="session")
def apportion() -> Command:
    """Run the command with arguments; returns status, stdout and stderr."""

    def call(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "engine", *map(str, arguments)],
            capture_output=True, text=True, check=False, cwd=ROOT, timeout=300,
            env={**os.environ, **environment},
        )  # fmt: skip

    return call


@pytest.fixture(scope="session")
def quickstart(apportion: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder of the quickstart with few replications."""
    out = tmp_path_factory.mktemp("runs") / "quickstart"
    done = apportion("run", "scenarios/quickstart.yaml", "--out", out, "--workers", 1, *SMALL)
    assert done.returncode == 0, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= max(80, len(f"Run folder: {out}"))
    return out
