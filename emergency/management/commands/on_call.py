"""Who is on call, and who takes over next."""

import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from emergency.queries.roster import OnCall, everybody_on_call


class Command(BaseCommand):
    help = "Say who is on call in each schedule, now or at an instant."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", help="ISO 8601 with offset; default: now")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        at = self._instant(options["at"])
        answers = everybody_on_call(at)
        if options["json"]:
            self.stdout.write(json.dumps([_plain(answer) for answer in answers]))
            return
        for answer in answers:
            self.stdout.write(_sentence(answer))

    def _instant(self, text: str | None) -> datetime:
        if text is None:
            return timezone.now()
        try:
            at = parse_datetime(text)
        except ValueError:
            at = None
        if at is None or timezone.is_naive(at):
            raise CommandError("--at: an ISO 8601 instant with an offset, please")
        return at


def _plain(answer: OnCall) -> dict[str, Any]:
    coming = answer.next_hand_off
    return {
        "schedule": answer.schedule.name,
        "at": answer.at.isoformat(),
        "on_call": [str(person) for person in answer.people],
        "must_be_covered": answer.must_be_covered,
        "next_change": answer.next_change and answer.next_change.isoformat(),
        "next_hand_off": coming
        and {
            "at": coming.at.isoformat(),
            "incoming": str(coming.incoming),
            "outgoing": str(coming.outgoing) if coming.outgoing else None,
        },
    }


def _sentence(answer: OnCall) -> str:
    nobody = "nobody (gap)" if answer.must_be_covered else "nobody (free hours)"
    names = ", ".join(str(person) for person in answer.people) or nobody
    coming = answer.next_hand_off
    if coming is None:
        return f"{answer.schedule.name}: {names}"
    local = timezone.localtime(coming.at)
    return f"{answer.schedule.name}: {names}; {local:%Y-%m-%d %H:%M} {coming.incoming}"
