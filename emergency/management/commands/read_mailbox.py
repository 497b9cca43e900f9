"""What lies in the mailbox of the emergency address?"""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from emergency.actions.mailbox import Unread, read_mailbox, unread
from emergency.mailboxes.base import MailboxError


class Command(BaseCommand):
    help = "Take in new mail to the emergency address, or list it first (--dry-run)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="change nothing")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMERGENCY_MAILBOX_URL:
            raise CommandError("EMERGENCY_MAILBOX_URL is not set: no mailbox is read.")
        if options["dry_run"]:
            self._list(as_json=options["json"])
            return
        taken = read_mailbox(clock=timezone.now)
        if options["json"]:
            self.stdout.write(json.dumps({"taken_in": taken}))
        else:
            self.stdout.write(f"{taken} taken in")

    def _list(self, *, as_json: bool) -> None:
        try:
            found = [_plain(one) for one in unread(now=timezone.now())]
        except (MailboxError, ValueError) as error:
            raise CommandError(f"the mailbox cannot be read: {error}") from error
        if as_json:
            self.stdout.write(json.dumps(found))
            return
        for line in found:
            answer = "no answer" if line["machine"] else "answered unless attached"
            self.stdout.write(
                f"{line['uid']}  {line['sender'] or '?'}  {line['subject']}  ({answer})"
            )
        self.stdout.write(f"{len(found)} would be taken in; nothing was changed")


def _plain(one: Unread) -> dict[str, Any]:
    return {
        "uid": one.place.uid,
        "sender": one.letter.sender,
        "subject": one.letter.subject,
        "machine": one.letter.machine,
        "attachments": len(one.letter.enclosed),
    }
