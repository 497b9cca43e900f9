"""SIGKILL at every boundary of the engine's verbs: nothing is lost, nothing is halved.

Each verb is first done undisturbed. Then a process of its own does it again and again,
for a new incident, and dies one boundary later each time, until it comes to its end.
After each death ordinary processes go on, and the incident must end as the undisturbed
one did.
"""

import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from twilio.request_validator import RequestValidator

from emergency.actions.acknowledge import acknowledge
from emergency.actions.callback import record_attempt
from emergency.actions.closing import cancel
from emergency.actions.escalate import DECISIONS, take_one_decision
from emergency.actions.send import LEASE, send_page
from emergency.models import DueRow, Incident, Page, PageAttempt
from tests.fault.boundaries import killed_at

pytestmark = [
    pytest.mark.fault,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("boundaries"),
]

FEWEST = {"send": 8, "order": 10, "decision": 3, "key": 8}


@dataclass
class Survey:
    """What happened at the boundaries of one verb.

    ``stride`` leaves some out where time is short; EVERY_BOUNDARY=1, as ``make faults``
    sets it, leaves out none.
    """

    stride: int = 1
    met: list[str] = field(default_factory=list)

    def until_it_lives(self, attempt: Callable[[int], str | None]) -> None:
        """``attempt`` kills at boundary 0, 1, 2 … and answers its name, or None."""
        stride = 1 if os.environ.get("EVERY_BOUNDARY") else self.stride
        for number in itertools.count(step=stride):
            name = attempt(number)
            if name is None:
                return
            self.met.append(name)

    def tell(self, capsys: pytest.CaptureFixture[str], verb: str) -> None:
        with capsys.disabled():
            print(f"\n{verb}: killed at {len(self.met)} boundaries")  # noqa: T201


def account_of(incident: Incident) -> dict[str, Any]:
    """How an incident stands, without ids and secrets."""
    incident.refresh_from_db()
    return {
        "status": (incident.status, incident.callback_outcome, incident.round),
        "owner": incident.owner_id,
        "reports": incident.reports.filter(consent__isnull=False).count(),
        "timeline": list(incident.timeline.values_list("code", flat=True)),
        "pages": sorted(
            incident.pages.values_list(
                "purpose", "kind", "technician", "round", "step", "status"
            )
        ),
        "due": sorted(
            (kind, number, step, done is None)
            for kind, number, step, done in incident.due_rows.values_list(
                "kind", "round", "step", "done_at"
            )
        ),
    }


def put_away(incident: Incident, night) -> None:
    """Nothing of this incident disturbs the next one, a busy telephone included."""
    under_way = incident.pages.filter(status__in=["queued", "claimed", "sent"])
    under_way.update(status="failed", lease_until=None, ended_at=night.now)
    staff = night.people["Eva"].staff
    if incident.reached_at is None:
        cancel(incident_id=incident.pk, staff=staff, now=night.now)
    # Whoever works on another incident is paged in company.
    Incident.objects.filter(pk=incident.pk).update(status="cancelled")
    night.network.reset()


@dataclass
class PressedKey:
    """What the provider tells when somebody pressed the right key."""

    page: Page

    def is_told(self) -> str:
        path = reverse("webhooks:voice_key", args=[self.page.attempts.get().token])
        values = {"CallSid": "CA1", "Digits": self.page.digit}
        signature = RequestValidator(settings.TWILIO_AUTH_TOKEN).compute_signature(
            f"{settings.PUBLIC_BASE_URL}{path}", values
        )
        signed = {"X-Twilio-Signature": signature}
        answer = Client().post(path, values, headers=signed)
        assert answer.status_code == HTTPStatus.OK
        return answer.content.decode()


def orders_for(page: Page, night) -> int:
    """How often the provider was asked to send this page. Each request carries the
    token of an attempt that was written before."""
    tokens = page.attempts.values_list("token", flat=True)
    asked = [
        request["body"]
        for request in night.network.requests()
        if request["method"] == "POST"
        and any(token in request["body"] for token in tokens)
    ]
    return len(asked)


@pytest.mark.parametrize("kind", ["voice", "sms"])
def test_a_sender_killed_at_any_boundary_loses_no_page(quiet_night, kind, capsys):
    # Both take the same way but for the pager.
    night, survey, twice = quiet_night, Survey(1 if kind == "voice" else 4), []

    def die(number: int) -> str | None:
        incident = night.order(key=f"order-{number}")
        page = incident.pages.get(kind=kind)
        name = killed_at(
            number, lambda: send_page(page_id=page.pk, clock=lambda: night.now)
        )
        night.now += LEASE + timedelta(seconds=1)
        night.act()
        page.refresh_from_db()
        assert page.status in {Page.Status.SENT, Page.Status.DELIVERED}, name
        assert not page.attempts.filter(finished_at__isnull=True).exists(), name
        times = orders_for(page, night)
        assert 1 <= times <= 2, f"{name}: sent {times} times"
        if times == 2:
            twice.append(name)
        put_away(incident, night)
        return name

    survey.until_it_lives(die)
    survey.tell(capsys, f"sending, {kind}")
    assert len(survey.met) >= FEWEST["send"], survey.met
    around = {"before the request", "before the answer", "after the request"}
    assert survey.stride > 1 or around <= set(survey.met)
    # What a dead sender left at the provider is found there, not sent again.
    assert not twice
    assert PageAttempt.objects.filter(page__sends=2).exists()


def test_an_order_killed_at_any_boundary_stands_whole_or_not_at_all(
    quiet_night, capsys
):
    night, survey = quiet_night, Survey(3)
    undisturbed = night.order(key="undisturbed")
    expected = account_of(undisturbed)
    put_away(undisturbed, night)

    def die(number: int) -> str | None:
        key = f"order-{number}"
        name = killed_at(number, lambda: night.order(key=key))
        left = Incident.objects.filter(reports__order_key=key).first()
        assert left is None or account_of(left) == expected, name
        # The customer sees an error, goes back and presses the button again.
        incident = night.order(key=key)
        assert left is None or incident.pk == left.pk
        assert account_of(incident) == expected, name
        assert Incident.objects.filter(reports__order_key=key).count() == 1
        put_away(incident, night)
        return name

    survey.until_it_lives(die)
    survey.tell(capsys, "ordering")
    assert len(survey.met) >= FEWEST["order"], survey.met


@pytest.mark.parametrize("kind", sorted(DECISIONS))
def test_a_tick_killed_at_any_boundary_takes_the_decision_once(
    quiet_night, kind, capsys
):
    night, survey = quiet_night, Survey(2 if kind in {"step", "deadline"} else 4)

    def begin(key: str) -> Incident:
        incident: Incident = night.order(key=key)
        if kind in {"reminder", "repage", "idle"}:
            acknowledge(
                incident_id=incident.pk,
                technician=night.people["Anna"],
                now=night.now - timedelta(minutes=20),
                via="desk",
            )
        if kind == "idle":
            record_attempt(
                incident_id=incident.pk,
                staff=night.people["Anna"].staff,
                outcome="reached",
                now=night.now - timedelta(hours=2),
            )
        Page.objects.filter(incident=incident, status="queued").update(
            status="withdrawn", ended_at=night.now
        )
        rows = incident.due_rows.filter(done_at__isnull=True)
        row = rows.filter(kind=kind).order_by("due_at").first()
        if row is None:
            row = DueRow.objects.create(incident=incident, kind=kind, due_at=night.now)
        rows.exclude(pk=row.pk).update(due_at=night.now + timedelta(days=1))
        rows.filter(pk=row.pk).update(due_at=night.now)
        return incident

    def decide() -> None:
        while take_one_decision(now=night.now):
            pass

    undisturbed = begin("undisturbed")
    decide()
    expected = account_of(undisturbed)
    put_away(undisturbed, night)

    def die(number: int) -> str | None:
        incident = begin(f"order-{number}")
        before = account_of(incident)
        name = killed_at(number, decide)
        assert account_of(incident) in (before, expected), name
        decide()
        assert account_of(incident) == expected, name
        put_away(incident, night)
        return name

    survey.until_it_lives(die)
    survey.tell(capsys, f"deciding, {kind}")
    assert len(survey.met) >= FEWEST["decision"], survey.met


def test_a_web_process_killed_at_any_boundary_of_a_key_still_takes_it(
    quiet_night, capsys
):
    night, survey = quiet_night, Survey(3)

    def called(key: str) -> tuple[Incident, PressedKey]:
        incident = night.report(key)
        return incident, PressedKey(incident.pages.get(kind="voice"))

    undisturbed, pressed = called("undisturbed")
    pressed.is_told()
    expected = account_of(undisturbed)
    put_away(undisturbed, night)

    def die(number: int) -> str | None:
        incident, pressed = called(f"order-{number}")
        name = killed_at(number, pressed.is_told)
        # The provider repeats a request whose connection broke.
        assert "You have it" in pressed.is_told(), name
        assert account_of(incident) == expected, name
        put_away(incident, night)
        return name

    survey.until_it_lives(die)
    survey.tell(capsys, "a key pressed")
    assert len(survey.met) >= FEWEST["key"], survey.met
