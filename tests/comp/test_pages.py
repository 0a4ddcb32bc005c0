"""Every kind of component explains itself: fields, what is required, a worked example."""

from pathlib import Path

import pytest

from engine.comp import pages
from engine.comp.component import Component
from engine.errors import BadInput

FOLDER = Path(__file__).parent.parent / "cases" / "comp"


@pytest.mark.parametrize("kind", sorted(pages.known()))
def test_every_kind_has_a_page_with_its_fields_and_an_example(kind):
    cls, text = pages.known()[kind], pages.page(kind)
    assert text.startswith(kind)
    assert pages.summary(cls) in " ".join(text.split())
    for name, field in cls.model_fields.items():
        need = "required" if field.is_required() else ""
        assert f"\n  {name}: {need}" in text
    assert "Example: " in text
    assert "pays:" in text
    assert f"kind: {kind}" in text
    assert (FOLDER / f"{kind}.yaml").is_file()


def test_the_page_on_plans_names_every_kind_and_what_odd_input_means():
    text = pages.overview()
    for kind, cls in pages.known().items():
        assert f"  {kind} " in text
        assert issubclass(cls, Component)
    assert "plans.NAME.pay: required; monthly or quarterly or annually" in text
    assert "Odd input" in text
    assert "Negative credit" in text


def test_a_field_tells_its_type_and_what_holds_unless_it_is_given():
    text = pages.page("commission")
    assert "weight: optional, 1 unless given; ratio" in text
    assert not [kind for kind in pages.known() if "Undefined" in pages.page(kind)]
    assert "quota: required where the text says so; to_date or interval" in text
    assert "tiers[].start: required; number" in text
    assert "tiers[].amount: optional; amount" in text


def test_lines_fit_a_terminal_but_for_formulas_and_addresses():
    for kind in pages.known():
        for line in pages.page(kind).splitlines():
            assert len(line) <= 80 or line.startswith("    ") or "https://" in line, line


def test_an_unknown_kind_is_told_the_known_ones():
    with pytest.raises(BadInput, match="Did you mean 'bonus'"):
        pages.page("bonsu")
