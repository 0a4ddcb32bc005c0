"""The `data:` block refuses what it would have to guess."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from engine.data.spec import DataSpec
from engine.fields import Scalar

WHOLE = {"accounts": "a.csv", "reps": "r.csv"}


def test_a_table_may_be_its_path_alone():
    spec = DataSpec(**WHOLE)
    assert (spec.accounts.path, spec.reps.levels, spec.spells) == ("a.csv", (), None)


def test_defaults_are_the_text_of_a_cell():
    block = {"path": "r.csv", "defaults": {"salary": Scalar("60000"), "plan": Scalar("NO"), "slots": 3}}
    assert DataSpec(**WHOLE | {"reps": block}).reps.defaults == {
        "salary": "60000",
        "plan": "NO",
        "slots": "3",
    }
    block = {"path": "r.csv", "defaults": {"salary": Decimal("60000.50")}}
    assert DataSpec(**WHOLE | {"reps": block}).reps.defaults == {"salary": "60000.50"}


def test_aliases_stand_alone_or_under_a_column():
    aliases = {"x": "P1", "product": {"x": "P2", "y": "P3"}}
    spec = DataSpec(**WHOLE, products="p.csv", opportunities={"path": "o.csv", "aliases": aliases})
    assert spec.opportunities is not None
    assert spec.opportunities.aliases_of("account") == {"x": "P1"}
    assert spec.opportunities.aliases_of("product") == {"x": "P2", "y": "P3"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"accounts": {"path": "a", "columns": {"potental": "x"}}},
            "Did you mean 'potential'|no column is called",
        ),
        ({"accounts": {"path": "a", "defaults": {"x": "1"}}}, "no column is called 'x'"),
        ({"accounts": {"path": "a", "aliases": {"ownr": {"a": "b"}}}}, "no column is called 'ownr'"),
        ({"accounts": {"path": "a", "extra": {"owner": "text"}}}, "'owner' is taken"),
        ({"reps": {"path": "r", "levels": ["region", "region"]}}, "'region' is taken"),
        ({"reps": {"path": "r", "defaults": {"plan": "AE"}}, "spells": "s"}, "table of spells"),
        ({"opportunities": {"path": "o", "columns": {"product": "Product"}}}, "name products"),
        ({"opportunities": {"path": "o", "outcomes": {"Won": "yes"}}}, "won"),
        ({"accounts": {"path": "a.csv", "sheet": "Data"}}, "no sheets"),
        ({"accounts": {"path": "a", "unmatched": "ignore"}}, "refuse"),
        ({"accounts": {"path": "a", "defaults": {"segment": True}}}, "text of a cell"),
    ],
)
def test_what_cannot_be_meant_is_refused(change, words):
    with pytest.raises(ValidationError, match=words):
        DataSpec(**WHOLE | change)


def test_the_schema_knows_both_ways_of_giving_a_table():
    jsonschema = pytest.importorskip("jsonschema")
    schema = DataSpec.model_json_schema()
    jsonschema.validate(WHOLE | {"spells": {"path": "s.csv"}, "products": "p.csv"}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(WHOLE | {"products": 3}, schema)
