"""Twilio's own description of its API, and how a request or an answer fits it."""

import json
import os
import re
import urllib.parse
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

BASE = "/2010-04-01/Accounts/{AccountSid}"
FORM = "application/x-www-form-urlencoded"
USED = (
    ("/Calls.json", "post"),
    ("/Calls.json", "get"),
    ("/Calls/{Sid}.json", "get"),
    ("/Calls/{Sid}.json", "post"),
    ("/Messages.json", "post"),
    ("/Messages.json", "get"),
    ("/Messages/{Sid}.json", "get"),
)
_PATH = re.compile(
    r"/2010-04-01/Accounts/AC[0-9a-f]{32}(?P<rest>/(?:Calls|Messages)[^?]*)"
)
_SID = re.compile(r"/[A-Z]{2}[0-9a-fA-F]{32}\.json$")

formats = FormatChecker(formats=())


@formats.checks("date-time-rfc-2822", raises=ValueError)
def is_rfc_2822(value: object) -> bool:
    return not isinstance(value, str) or isinstance(
        parsedate_to_datetime(value), datetime
    )


@formats.checks("date-time", raises=ValueError)
def is_iso_8601(value: object) -> bool:
    return not isinstance(value, str) or bool(datetime.fromisoformat(value))


@formats.checks("endpoint")
@formats.checks("phone-number")
def is_phone_number(value: object) -> bool:
    return not isinstance(value, str) or bool(re.fullmatch(r"\+[1-9]\d{6,14}", value))


@formats.checks("currency")
def is_currency(value: object) -> bool:
    return not isinstance(value, str) or bool(re.fullmatch("[A-Z]{3}", value))


@formats.checks("uri")
def is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(
        re.fullmatch(r"(https?://[^/\s]+)?/[\x21-\x7e]*", value)
    )


@formats.checks("twiml")
def is_twiml(value: object) -> bool:
    return not isinstance(value, str) or value.lstrip().startswith("<")


class Description:
    """The OpenAPI document, read for the operations that are used."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document

    def operation(self, path: str, method: str) -> dict[str, Any]:
        found: dict[str, Any] = self._document["paths"][BASE + path][method]
        return found

    def parameters(self, path: str, method: str) -> dict[str, dict[str, Any]]:
        """The schema of each parameter a form or query may have, by name."""
        operation = self.operation(path, method)
        if method == "get":
            named = {
                p["name"]: p["schema"]
                for p in operation.get("parameters", [])
                if p["in"] == "query"
            }
        else:
            content = operation["requestBody"]["content"]
            named = content[FORM]["schema"]["properties"]
        return {name: self.strict(schema) for name, schema in named.items()}

    def required(self, path: str, method: str) -> list[str]:
        if method == "get":
            return []
        content = self.operation(path, method)["requestBody"]["content"]
        return list(content[FORM]["schema"].get("required", []))

    def strict(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema as JSON Schema, complete and closed: no field more or less."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return self.strict(self._document["components"]["schemas"][name])
        made = {k: v for k, v in schema.items() if k not in ("nullable", "x-twilio")}
        if "properties" in schema:
            parts = schema["properties"].items()
            made["properties"] = {name: self.strict(part) for name, part in parts}
            made["required"] = list(schema["properties"])
            made["additionalProperties"] = False
        if "items" in schema:
            made["items"] = self.strict(schema["items"])
        if schema.get("nullable"):
            return {"anyOf": [made, {"type": "null"}]}
        return made

    def wrong_in_answer(
        self, path: str, method: str, status: int, answer: object
    ) -> list[str]:
        """What does not fit; an answer has every described field and no other."""
        content = self.operation(path, method)["responses"][str(status)]["content"]
        return _errors(self.strict(content["application/json"]["schema"]), answer)

    def wrong_in_request(self, method: str, target: str, body: str) -> list[str]:
        """What does not fit in a request as it was recorded."""
        url = urllib.parse.urlsplit(target)
        found = _PATH.fullmatch(url.path)
        if found is None:
            return [f"{url.path} is not described"]
        path = _SID.sub("/{Sid}.json", found["rest"])
        method = method.lower()
        if (path, method) not in USED:
            return [f"{method} {path} is not described"]
        schemas = self.parameters(path, method)
        closed = {
            "properties": schemas,
            "required": self.required(path, method),
            "additionalProperties": False,
        }
        sent = urllib.parse.parse_qs(
            url.query if method == "get" else body, keep_blank_values=True
        )
        values = {name: _value(schemas.get(name, {}), v) for name, v in sent.items()}
        return _errors(closed, values)


def _value(schema: dict[str, Any], texts: list[str]) -> object:
    """The value a form field stands for, by its type; what is none stays text."""
    if schema.get("type") == "array":
        return texts
    if len(texts) > 1:
        return texts
    kind, text = schema.get("type"), texts[0]
    if kind == "integer" and re.fullmatch(r"-?\d+", text):
        return int(text)
    if kind == "boolean" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if kind == "number" and re.fullmatch(r"-?\d+(\.\d+)?", text):
        return float(text)
    return text


def _errors(schema: dict[str, Any], value: object) -> list[str]:
    found = Draft202012Validator(schema, format_checker=formats).iter_errors(value)
    return [f"{error.json_path}: {error.message}" for error in found]


def read_description() -> Description:
    """Twilio's OpenAPI document, from the shared samples; skips without them."""
    folder = os.environ.get("EMERGENCY_TEST_DATA", "")
    path = Path(folder) / "twilio" / "twilio_api_v2010.json"
    if not folder or not path.exists():
        pytest.skip("EMERGENCY_TEST_DATA is unset: Twilio's OpenAPI document not read")
    return Description(json.loads(path.read_text("utf-8")))
