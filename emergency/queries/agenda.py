"""What waits for the engine, asked in one statement: an idle engine looks every second.

Written in SQL because building these questions from querysets every second took more
than answering them (decision 0014). Each is answered by a partial index, whatever the
number of rows that are not due.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from emergency.queries.self_tests import tested_routes


@dataclass(frozen=True, kw_only=True)
class Agenda:
    """Whether there is anything of each kind to do. ``calls`` are calls under way,
    which may have fallen silent, and so may ``bridges``; late pages, messages, bridges
    and sign-in requests missed their nudge."""

    decisions: bool
    roster: bool
    calls: bool
    self_tests: bool
    late_pages: bool
    late_messages: bool
    late_sign_ins: bool
    bridges: bool
    late_bridges: bool
    reportable: bool


def agenda(
    *, now: datetime, grace: timedelta, young: timedelta, plan_every: timedelta
) -> Agenda:
    """What there is to do at ``now``. Late is what was due ``grace`` ago; calls younger
    than ``young`` are left alone; the roster is planned ahead every ``plan_every``."""
    every = timedelta(minutes=settings.SELF_TEST_EVERY)
    with connection.cursor() as cursor:
        cursor.execute(
            _AGENDA,
            {
                "now": now,
                "late": now - grace,
                "young": now - young,
                "planned": now - plan_every,
                "tested": now - every,
                "tested_until": now + every,
                "routes": len(tested_routes()) if every else 0,
                "testing": bool(settings.HOUSE_PHONE_NUMBER),
            },
        )
        answers = cursor.fetchone()
    return Agenda(**dict(zip(Agenda.__dataclass_fields__, answers, strict=True)))


_AGENDA = """
    SELECT
      EXISTS (SELECT FROM "emergency_duerow"
               WHERE done_at IS NULL AND due_at <= %(now)s),
      NOT EXISTS (SELECT FROM "emergency_heartbeat"
                   WHERE name = 'hand_offs' AND at > %(planned)s AND at <= %(now)s)
      OR EXISTS (SELECT FROM "emergency_handoff" WHERE due_at <= %(now)s)
      OR EXISTS (SELECT FROM "emergency_dropout" WHERE due_at <= %(now)s),
      EXISTS (SELECT FROM "emergency_page"
               WHERE status = 'sent' AND kind = 'voice' AND sent_at <= %(young)s),
      %(testing)s AND (
        EXISTS (SELECT FROM "emergency_selftest" WHERE outcome = 'pending')
        OR (SELECT count(DISTINCT route) FROM "emergency_selftest"
             WHERE started_at > %(tested)s AND started_at < %(tested_until)s)
           < %(routes)s),
      EXISTS (SELECT FROM "emergency_page"
               WHERE status = 'queued' AND due_at <= %(late)s)
      OR EXISTS (SELECT FROM "emergency_page"
                  WHERE status = 'claimed' AND lease_until < %(late)s),
      EXISTS (SELECT FROM "emergency_message"
               WHERE status = 'queued' AND due_at <= %(late)s)
      OR EXISTS (SELECT FROM "emergency_message"
                  WHERE status = 'claimed' AND lease_until < %(late)s),
      EXISTS (SELECT FROM "emergency_signinrequest" WHERE due_at <= %(late)s),
      EXISTS (SELECT FROM "emergency_bridge"
               WHERE ended_at IS NULL AND heard_at <= %(young)s),
      EXISTS (SELECT FROM "emergency_bridge"
               WHERE ended_at IS NULL AND (
                     stage = 'queued' AND started_at <= %(late)s
                     OR stage = 'claimed' AND lease_until < %(late)s)),
      EXISTS (SELECT FROM "emergency_reportablecase" WHERE due_at <= %(now)s)"""
