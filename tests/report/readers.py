"""What a test reads back from the files the report wrote."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser


class Page(HTMLParser):
    """Collects the scripts, the policy, every attribute and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words: list[str] = []
        self._script: dict[str, str | None] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag == "script":
            self._script = dict(attrs)
            self.scripts.append((self._script, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._script = None

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            attributes, text = self.scripts[-1]
            self.scripts[-1] = (attributes, text + data)
        else:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))

    @property
    def policy(self) -> str:
        return next(
            value
            for tag, name, value in self.attributes
            if tag == "meta" and name == "content" and "-src" in value
        )

    @property
    def charts(self) -> dict[str, object]:
        data = next(text for attributes, text in self.scripts if attributes.get("type") == "application/json")
        return json.loads(data)

    def ids(self) -> list[str]:
        return [value for _, name, value in self.attributes if name == "id"]


def sha256(script: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() + "'"
