"""One tick by hand or from cron."""

import json
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from emergency.actions import escalate, send


class Command(BaseCommand):
    help = "Take all due decisions once and send all due pages."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        decisions = escalate.tick(now=now, by="command")
        due = escalate.overdue_pages(now=timezone.now(), grace=timedelta(0))
        sent = sum(
            send.send_page(page_id=page_id, clock=timezone.now) for page_id in due
        )
        answer = {"decisions": decisions, "pages": sent}
        self.stdout.write(
            json.dumps(answer)
            if options["json"]
            else f"{decisions} decisions taken, {sent} pages sent"
        )
