"""The typed tables of a run bring its inputs back exactly, through Parquet."""

import io
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pandas as pd

from engine.data import frames, from_frames
from engine.data.dictionary import columns
from engine.inputs import Inputs
from tests.data.company import company, spec
from tests.worlds import world

CHANGES = {
    "accounts": {"extra": {"staff": "whole", "note": "text", "area": "real"}},
    "reps": {"levels": ["region"]},
}
FILES = {"accounts": "id,segment,staff,note,area,owner\nA1,SMB,7,x,0.1,R1\nA2,ENT,8,,2,\nA3,,9,NA,3,R2\n"}


def assert_same(ours: Any, theirs: Any, where: str = "inputs") -> None:
    assert type(ours) is type(theirs), where
    if is_dataclass(ours):
        for field in fields(ours):
            assert_same(getattr(ours, field.name), getattr(theirs, field.name), f"{where}.{field.name}")
    elif isinstance(ours, np.ndarray):
        assert ours.dtype == theirs.dtype, where
        np.testing.assert_array_equal(ours, theirs, err_msg=where)
    elif isinstance(ours, dict):
        assert list(ours) == list(theirs), where
        for key in ours:
            assert_same(ours[key], theirs[key], f"{where}.{key}")
    else:
        assert ours == theirs, where


def through_parquet(inputs: Inputs) -> Inputs:
    stored = {}
    for name, frame in frames(inputs).items():
        buffer = io.BytesIO()
        frame.to_parquet(buffer)
        stored[name] = pd.read_parquet(io.BytesIO(buffer.getvalue()))
    return from_frames(stored, inputs.calendar, inputs.currency)


def test_inputs_survive_their_tables(tmp_path):
    inputs = company(tmp_path, FILES, CHANGES)
    assert inputs.findings
    assert_same(inputs, through_parquet(inputs))


def test_inputs_survive_without_deals_spells_and_findings():
    inputs = world()
    assert_same(inputs, through_parquet(inputs))


def test_the_dictionary_describes_every_column(tmp_path):
    inputs = company(tmp_path, FILES, CHANGES)
    described = columns(spec(CHANGES))
    tables = frames(inputs)
    assert list(tables) == list(described)
    for name, frame in tables.items():
        assert list(frame.columns) == [column.name for column in described[name]], name
        assert all(column.meaning for column in described[name])
        for column in described[name]:
            kind = str(frame[column.name].dtype)
            expected = {"text": ("str", "object"), "real": ("float64",), "date": ("datetime64[us]",)}
            assert kind in expected.get(column.type, ("int64", "Int64")), (name, column.name)
            assert not (column.required and frame[column.name].isna().any()), (name, column.name)
