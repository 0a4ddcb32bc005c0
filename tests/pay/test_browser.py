"""The pages of pay in a browser: nothing of them lies beyond the edge, on a desk or on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browsing import THERE
from tests.pay.company import Company, flat, plans

pytestmark = [pytest.mark.browser, THERE]
SEATS = "id,person,plan,target_incentive\n" + "".join(f"S{k},Person {k},AE,120000\n" for k in range(6))
DEALS = "id,rep,date,amount\n" + "".join(
    f"OPPORTUNITY-{k:05d},S{k % 6},2026-{1 + k % 12:02d}-11,{1_000_000 + 13 * k}.37\n" for k in range(60)
)
QUOTAS = "rep,period,quota\n" + "".join(
    f"S{k},2026-{month:02d},1000000\n" for k in range(6) for month in range(1, 13)
)
PARTS = [
    {"kind": "salary"},
    flat(
        tiers_on="attainment", rates="individual", quota="interval", name="commission on new bookings",
        tiers=[{"start": 0, "rate": 1}, {"start": "50%", "rate": "1.6"}],
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Company(tmp_path_factory.mktemp("pay"), DEALS, reps=SEATS, quotas=QUOTAS)
    return made.says(comp=plans(AE=PARTS), comp_b=plans(AE=flat("1%"))).pay().folder


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", ["report.html", "private/statements/Person 1.html"])
def test_no_page_is_wider_than_its_window(browser, folder, name, width):
    tab = browser.new_page(viewport={"width": width, "height": 900})
    tab.goto((folder / name).as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.close()


def test_on_a_phone_a_line_says_its_credit_and_its_rule(browser, folder):
    tab = browser.new_page(viewport={"width": 390, "height": 900})
    tab.goto((folder / "private/statements/Person 1.html").as_uri())
    line = tab.locator(".lines tr", has_text="OPPORTUNITY-00001").first
    assert (
        line.locator("td:nth-child(3)").evaluate("cell => getComputedStyle(cell, '::before').content")
        == '"credit "'
    )
    rule, amount = (line.locator(f"td:nth-child({k})").bounding_box() for k in (6, 7))
    assert rule["width"] > 300 > amount["width"]
    assert rule["y"] > amount["y"]
    tab.close()
