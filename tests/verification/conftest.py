"""A run that is shared by the tests of one process."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verification.runs import BALANCE, made


@pytest.fixture(scope="session")
def balance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that asks for everything; nobody keeps its tightest band."""
    return made(tmp_path_factory.mktemp("balance"), BALANCE)
