"""The page on pay files: every key and every column that a person may write."""

from __future__ import annotations

from engine.crediting.spec import CreditingSpec
from engine.pay import pages
from engine.pay.data_spec import COLUMNS, PayData


def test_it_names_every_key_of_crediting_and_every_column_of_every_table():
    text = pages.overview()
    assert not [name for name in CreditingSpec.model_fields if f"\n  crediting.{name}: " not in text]
    assert not [name for name in PayData.model_fields if f"\n  {name}: " not in text]
    for table, columns in COLUMNS.items():
        section = text[text.index(f"\n  {table}: ") :]
        marked = [f"\n      {column.name}{' *' if column.required else ''}  (" for column in columns]
        assert not [mark for mark in marked if mark not in section]
    assert "manager" in text


def test_it_fits_a_terminal_and_says_what_odd_input_means():
    text = pages.overview()
    assert max(len(line) for line in text.splitlines()) <= 80
    odd = text[text.index("Odd input") :]
    assert "Refused in words" in odd
    assert "whatever seat it names" in odd
