import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.report.html import page
from engine.report.input import ReportInput
from tests.browsing import THERE
from tests.report.synthetic import run
from tests.report.test_html import changed, frame

pytestmark = [pytest.mark.browser, THERE]
DRAWN = """() => [...document.querySelectorAll('.canvas')].map(box => {
    const under = child => child.shadowRoot ? all(child.shadowRoot) : [];
    const all = node => [...node.children].flatMap(child => [child, ...all(child), ...under(child)]);
    const drawn = all(box).filter(node => ['CANVAS', 'SVG'].includes(node.tagName.toUpperCase()));
    const seen = drawn.some(node => node.width > 0 && node.height > 0 && inked(node));
    return [box.id, seen, box.getBoundingClientRect().height];
    function inked(canvas) {
        const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        const first = [0, 1, 2, 3].map(i => pixels[i]).join();
        for (let at = 4; at < pixels.length; at += 4)
            if (pixels.slice(at, at + 4).join() !== first) return true;
        return false;
    }
})"""

TOOLTIP = """() => {
    const under = node => [...node.children].flatMap(child => [child, ...under(child), ...inside(child)]);
    const inside = node => node.shadowRoot ? under(node.shadowRoot) : [];
    const parts = [...document.querySelectorAll('.bk-Tooltip')].flatMap(inside);
    return parts.filter(node => !['STYLE', 'LINK'].includes(node.tagName))
        .map(node => [node.tagName, node.children.length ? '' : node.textContent]);
}"""


def opened(browser: Any, folder: Path, report: ReportInput, width: int) -> tuple[Any, list[str]]:
    """Open the report of a run; return the tab and what went wrong while it was drawn."""
    path = folder / "report.html"
    path.write_text(page(report), encoding="utf-8")
    tab = browser.new_page(viewport={"width": width, "height": 900})
    wrong: list[str] = []
    tab.on(
        "console",
        lambda message: wrong.append(message.text) if message.type in {"error", "warning"} else None,
    )
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("dialog", lambda dialog: (wrong.append(f"dialog {dialog.message}"), dialog.dismiss()))
    tab.on(
        "request",
        lambda request: None if request.url == path.as_uri() else wrong.append(f"request {request.url}"),
    )
    tab.goto(path.as_uri())
    tab.wait_for_selector("html[data-charts=drawn]")
    tab.wait_for_timeout(300)
    if os.environ.get("APPORTION_SCREENSHOTS"):
        tab.screenshot(path=Path(os.environ["APPORTION_SCREENSHOTS"]) / f"report-{width}.png", full_page=True)
    return tab, wrong


@pytest.mark.parametrize("width", [1280, 390])
def test_the_report_draws_every_chart_without_errors_requests_or_sideways_scroll(
    browser: Any, tmp_path: Path, width: int
) -> None:
    report = run(seats=40, accounts=2000, products=3)
    tab, wrong = opened(browser, tmp_path, report, width)
    assert wrong == []
    drawn = tab.evaluate(DRAWN)
    assert len(drawn) == 18
    assert [name for name, inked, height in drawn if not inked or height < 100] == []
    tab.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_worlds_with_next_to_nothing_in_them_are_drawn_as_well(
    browser: Any, tmp_path: Path, width: int
) -> None:
    report = run(seats=1, accounts=3, periods=1, products=1, placed=False, history=False)
    report = changed(report, "moves", frame(report, "moves").iloc[:0])
    tab, wrong = opened(browser, tmp_path, report, width)
    assert wrong == []
    assert [name for name, inked, _ in tab.evaluate(DRAWN) if not inked] == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.close()


def pointed_at(tab: Any, chart: str, across: float, down: float) -> list[tuple[str, str]]:
    """Put the pointer on a chart, at a share of its width and pixels from its top; return what pops up."""
    box = tab.locator(chart)
    box.scroll_into_view_if_needed()
    place = box.bounding_box()
    for nudge in (0, 1):
        tab.mouse.move(place["x"] + across * place["width"] + nudge, place["y"] + down)
    tab.wait_for_selector(".bk-Tooltip")
    return [(tag, text) for tag, text in tab.evaluate(TOOLTIP)]


@pytest.mark.parametrize("width", [1280, 390])
def test_markup_in_names_stays_text_even_under_the_pointer(browser: Any, tmp_path: Path, width: int) -> None:
    name = "</script><img src=x onerror=alert(1)><script>alert(2)</script>$$x$$"
    report = run()
    for table in ("alignment", "moves", "territories", "quota_reps"):
        report = changed(report, table, frame(report, table).assign(name=name))
    tab, wrong = opened(browser, tmp_path, replace(report, title=name), width)
    found = pointed_at(tab, "#chart-moves-by-seat", 0.8, 20)
    assert any(name in text for _, text in found)
    assert not {"IMG", "SCRIPT"} & {tag for tag, _ in found}
    assert wrong == []
    assert tab.title().startswith("</script><img")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.close()


def test_in_print_no_table_runs_over_what_follows_or_beyond_the_paper(browser: Any, tmp_path: Path) -> None:
    report = run(seats=40, accounts=400, products=3)
    tab, _ = opened(browser, tmp_path, report, 1280)
    tab.emulate_media(media="print")
    over = tab.evaluate("""() => [...document.querySelectorAll('.table')]
        .filter(box => !box.closest('details:not([open])'))
        .filter(box => box.scrollHeight > box.clientHeight + 2 || box.scrollWidth > box.clientWidth + 2)
        .map(box => box.getAttribute('aria-label'))""")
    assert over == []
    tab.close()
