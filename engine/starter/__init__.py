"""The starter: a small company with a commented scenario that runs as it is."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from engine.errors import BadInput, EnvironmentFailed, Fault

SCENARIO = "plan.yaml"
TABLES = "tables"
SCHEMA = "schema.json"


def write(folder: Path) -> Path:
    """Write plan.yaml, its tables and the schema that editors read into a new or empty folder.

    Args:
        folder: made when absent, with its parents.

    Returns:
        The path of the scenario.

    Raises:
        BadInput: the folder is a file, or holds something already.
        EnvironmentFailed: the disk refuses.

    """
    _must_be_free(folder)
    source = files(__name__) / "files"
    try:
        (folder / TABLES).mkdir(parents=True)
        for table in sorted((source / TABLES).iterdir(), key=lambda entry: entry.name):
            (folder / TABLES / table.name).write_bytes(table.read_bytes())
        (folder / SCHEMA).write_text(_schema(), encoding="utf-8", newline="\n")
        (folder / SCENARIO).write_bytes((source / SCENARIO).read_bytes())
    except OSError as error:
        raise EnvironmentFailed(f"cannot write to {folder}: {error.strerror}") from None
    return folder / SCENARIO


def _must_be_free(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists():
        hint = "Name a new or an empty folder."
        raise BadInput([Fault("E_OUT", f"{folder} exists and is not an empty folder", hint)])


def _schema() -> str:
    from engine.schema import schema_text

    return schema_text()
