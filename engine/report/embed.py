"""Embedding: charts as data with ids that repeat, scripts with their hashes, and JSON that cannot end a script."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from bokeh.core.json_encoder import serialize_json
from bokeh.document import Document
from bokeh.resources import Resources

from engine.report.contents import Chart

_BOKEH_ID = re.compile(r"p[0-9]+")
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
DIGITS = 9
"""Digits of a number in a chart: more than a screen shows, and a smaller page."""


@cache
def chart_script() -> str:
    """Return the script of the installed bokeh, with its licence at the head.

    Raises:
        ValueError: it holds what would end a script element.

    """
    script = Resources(mode="inline", components=["bokeh"], minified=True).js_raw[0]
    if re.search(r"</script|<!--|\r|\x00", script, re.IGNORECASE):
        raise ValueError("the script of bokeh cannot stand in a page as it is")
    return str(script)


def script_hash(script: str) -> str:
    """Return the source expression that lets exactly this inline script run."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() + "'"


def safe_json(value: Any) -> str:
    """Return JSON for `<script type="application/json">`: < > & and the line separators are escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return re.sub("[<>&\u2028\u2029]", lambda match: _ESCAPES[match[0]], text)


def charts_json(charts: Sequence[Chart]) -> str:
    """Return every chart as one document of bokeh, and which element each belongs in.

    bokeh numbers its models through the life of a process; here they are numbered anew in the order in which
    they stand, so the same report gives the same bytes. Numbers have `DIGITS` digits.
    """
    document = Document()
    with document.models.freeze():
        for chart in charts:
            document.add_root(chart.figure)
    content = json.loads(serialize_json(document.to_json()))
    ids: dict[str, str] = {}
    content = _numbered(content, ids)
    roots = {ids[chart.figure.id]: f"chart-{chart.id}" for chart in charts}
    item = {"docid": "report", "roots": roots, "root_ids": list(roots)}
    return safe_json({"docs": {"report": content}, "items": [item]})


def _numbered(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_numbered(part, ids) for part in value]
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if not isinstance(value, dict):
        return value
    return {
        key: ids.setdefault(part, f"m{len(ids)}")
        if key == "id" and isinstance(part, str) and _BOKEH_ID.fullmatch(part)
        else _numbered(part, ids)
        for key, part in value.items()
    }
