"""Accounts and servers from a list."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from emergency.actions.account_import import Listed, import_list
from emergency.actions.nightly_import import shown_address
from emergency.actions.refusal import Refused
from emergency.models import AccountImport
from emergency.outbound import ListNotFetched, fetch_list
from emergency.queries.import_wording import failure_in_words, problem_in_words
from emergency.queries.stored_accounts import planned, stopped_by_brake
from emergency.rules.account_plan import Plan
from emergency.sources.base import MOST_BYTES, ListUnreadable

# What a script can tell apart: the brake has stopped the run, and it waits.
STOPPED = 3


class Command(BaseCommand):
    help = "Import accounts, servers and contacts from a CSV or JSON list."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "source",
            nargs="?",
            default="",
            help="a file or an https address; else ACCOUNTS_IMPORT_URL",
        )
        parser.add_argument("--dry-run", action="store_true", help="change nothing")
        parser.add_argument(
            "--partial", action="store_true", help="retire nothing: only a part"
        )
        parser.add_argument(
            "--confirm", action="store_true", help="go on where the brake would stop"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            listed = self._listed(options["source"], partial=options["partial"])
            if options["dry_run"]:
                self._say(_dry_run(listed), as_json=options["json"])
                return
            try:
                run = import_list(
                    listed=listed,
                    origin=AccountImport.Origin.COMMAND,
                    confirmed=options["confirm"],
                    now=timezone.now(),
                )
            except Refused as error:
                raise CommandError(str(error)) from error
            if run.status == AccountImport.Status.FAILED:
                raise CommandError(_unreadable(run.failure, _first_place(run)))
            self._say(_done(run), as_json=options["json"])
            if run.status == AccountImport.Status.STOPPED:
                raise CommandError(
                    "too much would change at once: confirm at the desk under"
                    f" /desk/accounts/import/{run.pk}/, or with --confirm",
                    returncode=STOPPED,
                )

    def _listed(self, source: str, *, partial: bool) -> Listed:
        configured = not source
        source = source or settings.ACCOUNTS_IMPORT_URL
        if not source:
            raise CommandError("name a file or an address, or set ACCOUNTS_IMPORT_URL")
        if "://" not in source:
            return Listed(
                content=_file(source), source=Path(source).name, partial=partial
            )
        try:
            content = fetch_list(
                source,
                # The secret is meant for the address of the settings alone.
                token=settings.ACCOUNTS_IMPORT_TOKEN
                if configured or source == settings.ACCOUNTS_IMPORT_URL
                else "",
                allow_host=settings.ACCOUNTS_IMPORT_ALLOW_HOST,
            )
        except ListNotFetched as error:
            raise CommandError(failure_in_words(error.code)) from error
        return Listed(content=content, source=shown_address(source), partial=partial)

    def _say(self, said: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(said, ensure_ascii=False))
            return
        for record, numbers in said["counts"].items():
            told = ", ".join(f"{number} {fate}" for fate, number in numbers.items())
            self.stdout.write(f"{record}: {told}")
        if said["held_back"]:
            self.stdout.write("some rows do not say what they are about: none retired")
        for problem in said["problems"]:
            self.stdout.write(f"{problem['place']}: {problem['text']}")
        if said["problem_count"] > len(said["problems"]):
            self.stdout.write(f"… {said['problem_count']} rows were refused in all")
        self.stdout.write(said["status"])


def _file(name: str) -> bytes:
    try:
        with Path(name).open("rb") as file:
            # One byte more says that it is too large, without reading all of it.
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}") from error


def _dry_run(listed: Listed) -> dict[str, Any]:
    try:
        plan = planned(listed.content, partial=listed.partial)
    except ListUnreadable as error:
        raise CommandError(_unreadable(error.code, error.place)) from error
    said = _said(plan.counts(), [vars(one) for one in plan.problems], plan.held_back)
    return {
        "run": None,
        "status": "nothing was changed",
        **said,
        "stops": [record.value for record in stopped_by_brake(plan)],
        "changes": _changes(plan),
        "problem_count": len(plan.problems),
    }


def _changes(plan: Plan) -> list[dict[str, Any]]:
    retired = [
        {"record": record.value, "name": one.values["name"], "fate": "retired"}
        for record, gone in plan.retired.items()
        for one in gone
    ]
    return retired + [
        {
            "record": change.record.value,
            "place": change.place,
            "name": change.values["name"],
            "fate": change.fate,
            "columns": list(change.changed),
        }
        for change in plan.changes
    ]


def _done(run: AccountImport) -> dict[str, Any]:
    counts = {name: value for name, value in run.counts.items() if name != "held_back"}
    return {
        "run": run.pk,
        "status": run.status,
        **_said(counts, run.problems, run.counts["held_back"]),
        "problem_count": run.problem_count,
    }


def _said(
    counts: dict[str, Any], problems: list[dict[str, str]], held_back: bool
) -> dict[str, Any]:
    return {
        "counts": counts,
        "held_back": held_back,
        "problems": [
            {
                "place": one.get("place", ""),
                "code": one["code"],
                "column": one.get("column", ""),
                "text": problem_in_words(one),
            }
            for one in problems
        ],
    }


def _first_place(run: AccountImport) -> str:
    return run.problems[0]["place"] if run.problems else ""


def _unreadable(code: str, place: str) -> str:
    said = failure_in_words(code)
    return f"{said} ({place})" if place else said
