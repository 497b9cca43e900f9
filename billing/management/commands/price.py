"""`manage.py price CASE.json`: what would this case cost?"""

import json
import sys
from argparse import ArgumentParser
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.rules.answer import answer
from billing.rules.case import in_euro
from billing.rules.fields import Fields
from billing.rules.readings import read_policy
from billing.rules.work import Refused

INVALID = 2
# Some programs write it before UTF-8.
BYTE_ORDER_MARK = "\ufeff"


class Command(BaseCommand):
    help = (
        "Price one billing case or a whole file of them. Needs no database, broker, "
        "network or setting; an invalid case exits 2 and names the field."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("case", metavar="CASE.json", help="a file, or - for stdin")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *, case: str, json: bool, **options: Any) -> None:
        try:
            value = read_json(case)
            if isinstance(value, dict) and "cases" in value:
                self._price_file(value, as_json=json)
                return
            result = price_one(value)
        except Refused as refused:
            if json:
                self._write({"error": str(refused)})
            raise CommandError(str(refused), returncode=INVALID) from None
        if json:
            self._write(result)
        else:
            self._say(in_words(result))

    def _price_file(self, value: dict[str, Any], *, as_json: bool) -> None:
        cases = value["cases"]
        if not isinstance(cases, list):
            raise Refused("cases", "must be a list")
        in_euro(Fields(value, ""))
        read_policy(value.get("policy"))
        answers = [price_listed(case, index, value) for index, case in enumerate(cases)]
        if as_json:
            self._write(answers)
        else:
            for item in answers:
                words = item.get("error") or in_words(item["result"])
                self._say(f"{item['id']}\n{words}\n")
        refused = [f"{a['id']}: {a['error']}" for a in answers if "error" in a]
        if refused:
            raise CommandError("\n".join(refused), returncode=INVALID)

    def _say(self, text: str) -> None:
        """What the terminal cannot show stands as its code."""
        encoding = sys.stdout.encoding or "utf-8"
        self.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))

    def _write(self, value: object) -> None:
        """In ASCII alone: what a case says may fit no encoding at all."""
        self.stdout.write(json.dumps(value, indent=1))


def read_json(path: str) -> Any:
    """The document in the file. Raises Refused when it cannot be read as JSON."""
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text("utf-8")
        return json.loads(
            text.removeprefix(BYTE_ORDER_MARK),
            parse_float=Decimal,
            parse_constant=_no_number,
            object_pairs_hook=_each_once,
        )
    except OSError as error:
        raise Refused(path, error.strerror or "cannot be read") from None
    except (ValueError, RecursionError) as error:
        raise Refused(path, f"is no JSON: {error}") from None


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused(twice, "stands twice in one object")
    return found


def price_one(value: object) -> dict[str, Any]:
    """One input object; a whole case with its ``input`` inside is taken as well."""
    if isinstance(value, dict) and "input" in value:
        if not isinstance(value["input"], dict):
            raise Refused("input", "must be an object")
        return answer(value["input"], value.get("terms"), value.get("policy"))
    return answer(value)


def price_listed(case: object, index: int, file: dict[str, Any]) -> dict[str, Any]:
    """The answer to one case of a file: its result, or the error that names a field.
    Terms and policy of the file hold where the case does not say otherwise."""
    if not isinstance(case, dict):
        return {"id": f"cases[{index}]", "error": "case: must be an object"}
    name = case.get("id", f"cases[{index}]")
    try:
        if "input" not in case:
            raise Refused("input", "is missing")
        terms, policy = (_within(file, case, part) for part in ("terms", "policy"))
        return {"id": name, "result": answer(case["input"], terms, policy)}
    except Refused as refused:
        return {"id": name, "error": str(refused)}


def _within(file: dict[str, Any], case: dict[str, Any], part: str) -> object:
    """The part of the file with what the case says otherwise, which is read last."""
    around, own = file.get(part), case.get(part)
    if own is None or not isinstance(around, dict) or not isinstance(own, dict):
        return around if own is None else own
    return {name: value for name, value in around.items() if name not in own} | own


def in_words(result: dict[str, Any]) -> str:
    """The result as a small table for a person at a terminal."""
    if "documents" in result:
        remaining = result["remaining"]
        notes = [in_words(document) for document in result["documents"]]
        return "\n".join([*notes, f"remaining gross {remaining['gross']}"])
    rows = [f"document {result['document']}"]
    for line in result["lines"]:
        if "minutes" in line:
            detail = f"{line['minutes']} min x {line['unit_price_per_hour']}/60"
        else:
            detail = f"{line['quantity']} x {line['unit_price']}"
        rows.append(f"  {line['code']:26} {detail:24} {line['net']:>12}")
    for tax in result["vat"]:
        detail = f"{tax['rate'] or '-'} % on {tax['base']}"
        rows.append(f"  VAT {tax['category']:22} {detail:24} {tax['amount']:>12}")
    rows.append(f"  {'gross':51} {result['gross']:>12}")
    rows += [f"  review: {code}" for code in result["review"]]
    rows += [f"  blocked by: {code}" for code in result.get("blocked_by", [])]
    return "\n".join(rows)
