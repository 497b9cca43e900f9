"""SIGKILL at every boundary of the engine's verbs: nothing is lost, nothing is halved.

Each verb is first done undisturbed. Then a process of its own does it again and again,
on the same scene, and dies one boundary later each time, until it comes to its end.
After each death ordinary processes go on, and the incident must end as the undisturbed
one did.
"""

from collections.abc import Callable
from dataclasses import dataclass
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
from emergency.actions.escalate import DECISIONS, take_one_decision
from emergency.actions.send import LEASE, send_page
from emergency.models import DueRow, Incident, Page, PageAttempt
from tests.fault.boundaries import killed_at, passed_by
from tests.fault.stage import stage_set

pytestmark = [
    pytest.mark.fault,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("boundaries"),
]

# What every verb must have among its boundaries, in this order, whatever else it does.
COMMITTED = ("before the commit", "after the commit")
ASKED = ("before the request", "before the answer", "after the request")
CLAIMED = ("before UPDATE emergency_page", "after UPDATE emergency_page")
HAS_A_TOKEN = ("after INSERT emergency_pageattempt",)
MILESTONES = {
    "sending": (*CLAIMED, *COMMITTED, *ASKED, *CLAIMED, *COMMITTED),
    "writing the token": (*HAS_A_TOKEN, *COMMITTED, *ASKED),
    "ordering": ("after INSERT emergency_incident", *COMMITTED),
    "deciding": ("after UPDATE emergency_duerow", "before the commit"),
    "a key": ("after UPDATE emergency_incident", *COMMITTED),
}


def killed_at_every_boundary(
    of: str,
    verb: Callable[[], object],
    die: Callable[[int], str | None],
    capsys: pytest.CaptureFixture[str],
) -> list[str]:
    """``die`` kills at boundary 0, 1, 2 … of the verb and answers its name; None when
    the process came to its end. The names, as many as an undisturbed verb passes."""
    passed = passed_by(verb)
    met: list[str] = []
    while (name := die(len(met))) is not None:
        met.append(name)
    assert met == passed
    with capsys.disabled():
        print(f"\n{of}: killed at {len(met)} boundaries")  # noqa: T201
    return met


def has_in_order(met: list[str], milestones: tuple[str, ...]) -> bool:
    """Whether these are met one after the other, whatever lies between."""
    rest = iter(met)
    return all(milestone in rest for milestone in milestones)


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
    night, began, twice = quiet_night, quiet_night.now, []
    incident = night.order()
    page = incident.pages.get(kind=kind)
    incident.pages.exclude(pk=page.pk).update(status="withdrawn", ended_at=began)

    def send() -> None:
        send_page(page_id=page.pk, clock=lambda: night.now)

    def go_on(name: str | None) -> None:
        night.now = began + LEASE + timedelta(seconds=1)
        night.act()
        page.refresh_from_db()
        assert page.status in {Page.Status.SENT, Page.Status.DELIVERED}, name
        assert not page.attempts.filter(finished_at__isnull=True).exists(), name
        times = orders_for(page, night)
        assert 1 <= times <= 2, f"{name}: sent {times} times"
        if times == 2:
            twice.append(name)

    with stage_set() as put_back:

        def again() -> None:
            put_back()
            # A telephone that rings is busy for the next call.
            night.network.reset()
            night.now = began

        def die(number: int) -> str | None:
            again()
            name = killed_at(number, send)
            go_on(name)
            return name

        send()
        again()
        met = killed_at_every_boundary(f"sending, {kind}", send, die, capsys)
    assert has_in_order(met, MILESTONES["sending"])
    assert has_in_order(met, MILESTONES["writing the token"])
    # What a dead sender left at the provider is found there, not sent again.
    assert not twice


def test_an_order_killed_at_any_boundary_stands_whole_or_not_at_all(
    quiet_night, capsys
):
    night = quiet_night
    with stage_set() as put_back:
        expected = account_of(night.order())
        put_back()

        def die(number: int) -> str | None:
            put_back()
            name = killed_at(number, night.order)
            left = Incident.objects.first()
            assert left is None or account_of(left) == expected, name
            # The customer sees an error, goes back and presses the button again.
            incident = night.order()
            assert left is None or incident.pk == left.pk
            assert account_of(incident) == expected, name
            assert Incident.objects.count() == 1
            return name

        met = killed_at_every_boundary("ordering", night.order, die, capsys)
    assert has_in_order(met, MILESTONES["ordering"])


def in_need_of(kind: str, night) -> Incident:
    """An incident for which nothing but a decision of this kind is due."""
    incident: Incident = night.order()
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


@pytest.mark.parametrize("kind", sorted(DECISIONS))
def test_a_tick_killed_at_any_boundary_takes_the_decision_once(
    quiet_night, kind, capsys
):
    night = quiet_night
    incident = in_need_of(kind, night)
    before = account_of(incident)

    def decide() -> None:
        while take_one_decision(now=night.now):
            pass

    with stage_set() as put_back:
        decide()
        expected = account_of(incident)
        assert expected != before
        put_back()

        def die(number: int) -> str | None:
            put_back()
            name = killed_at(number, decide)
            assert account_of(incident) in (before, expected), name
            decide()
            assert account_of(incident) == expected, name
            return name

        met = killed_at_every_boundary(f"deciding, {kind}", decide, die, capsys)
    assert has_in_order(met, MILESTONES["deciding"])


def test_a_web_process_killed_at_any_boundary_of_a_key_still_takes_it(
    quiet_night, capsys
):
    night = quiet_night
    incident = night.report()
    pressed = PressedKey(incident.pages.get(kind="voice"))
    with stage_set() as put_back:
        pressed.is_told()
        expected = account_of(incident)
        put_back()

        def die(number: int) -> str | None:
            put_back()
            name = killed_at(number, pressed.is_told)
            # The provider repeats a request whose connection broke.
            assert "You have it" in pressed.is_told(), name
            assert account_of(incident) == expected, name
            return name

        met = killed_at_every_boundary("a key pressed", pressed.is_told, die, capsys)
    assert has_in_order(met, MILESTONES["a key"])
