"""The JSON Schemas of scenarios and pay files, which editors use to complete and check while one types."""

from __future__ import annotations

import json

from pydantic import BaseModel


def schema_text() -> str:
    """Return the JSON Schema of a scenario as text; the same bytes for the same engine."""
    from engine.scenario import Scenario

    return _text(Scenario, "apportion scenario")


def pay_schema_text() -> str:
    """Return the JSON Schema of a pay file as text."""
    from engine.pay.spec import PayScenario

    return _text(PayScenario, "apportion pay file")


def _text(model: type[BaseModel], title: str) -> str:
    schema = model.model_json_schema(mode="validation")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = title
    schema["properties"] = {
        "extends": {
            "type": "string",
            "description": "Scenario file to start from; this file states only what differs.",
        },
        **schema["properties"],
    }
    # A file that extends another may leave out, at any depth, what the other gives; the command itself says what
    # is missing after the two were merged.
    for block in schema["$defs"].values():
        if "required" in block:
            block["required"] = [name for name in block["required"] if name == "kind"]
    schema["anyOf"] = [{"required": ["extends"]}, {"required": schema.pop("required", [])}]
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
