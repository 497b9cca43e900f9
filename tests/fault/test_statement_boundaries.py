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
from emergency.models import DueRow, Incident, Page
from emergency.operator_facts import kept
from tests.fault.boundaries import killed_at, passed_by
from tests.fault.stage import Stage, stage_set

pytestmark = [
    pytest.mark.fault,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("boundaries"),
]

# What every verb must meet, in this order, whatever else it does: so that a verb that
# no longer does it here is noticed.
# One statement holds the page and writes the attempt with its token; in the plain case
# it also finds it and commits.
PLAIN_CLAIM = ("before EXECUTE", "after EXECUTE")
CLAIMS = ("after WITH emergency_page,", "before the commit", "after the commit")
RECORDS = "after UPDATE emergency_page,"
COMMITS = ("before the commit", "after the commit")
ASKS = ("before the request", "before the answer", "after the request")
MILESTONES = {
    "plain claim": (*PLAIN_CLAIM, *ASKS),
    "claim": ("before SELECT emergency_page", *CLAIMS, *ASKS),
    "record": (*ASKS, RECORDS, *COMMITS),
    "ordering": ("after INSERT emergency_incident", *COMMITS),
    "deciding": ("after UPDATE emergency_duerow,", *COMMITS),
    "a key": ("after UPDATE emergency_incident,", *COMMITS),
}


def killed_at_every_boundary(
    stage: Stage,
    verb: Callable[[], object],
    go_on: Callable[[str | None], object],
    *,
    begin: Callable[[], object] = lambda: None,
) -> list[str]:
    """A process after the other does the verb on this scene and is killed, each one
    boundary later than the last, until one comes to its end; then ``go_on`` is told
    where. The boundaries' names: all that an undisturbed verb passes."""

    def begin_again() -> None:
        stage.put_back()
        # Whether the operator's wording is asked for must not depend on the time.
        kept.forget()
        begin()

    begin_again()
    passed = passed_by(verb)
    met: list[str] = []
    seen = False
    while True:
        begin_again()
        name = killed_at(len(met), verb)
        # A death that leaves nothing behind leaves the scene as it was, and what comes
        # of that is the same each time.
        nothing_left = stage.is_untouched()
        if not (nothing_left and seen):
            go_on(name)
        seen = seen or nothing_left
        if name is None:
            break
        met.append(name)
    assert met == passed
    return met


def tell(capsys: pytest.CaptureFixture[str], verb: str, met: list[str]) -> None:
    with capsys.disabled():
        print(f"\n{verb}: killed at {len(met)} boundaries")  # noqa: T201


def passes(met: list[str], milestones: tuple[str, ...]) -> bool:
    """Whether these are met one after the other, whatever lies between."""
    rest = iter(met)
    return all(any(part in name for name in rest) for part in milestones)


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


@pytest.mark.parametrize(
    ("kind", "claim"),
    [("voice", "plain claim"), ("sms", "plain claim"), ("voice", "claim")],
)
def test_a_sender_killed_at_any_boundary_loses_no_page(
    quiet_night, kind, claim, capsys
):
    night, ordered_at, twice = quiet_night, quiet_night.now, []
    incident = night.order()
    page = incident.pages.get(kind=kind)
    others = incident.pages.exclude(pk=page.pk)
    others.update(status="withdrawn", ended_at=ordered_at)
    if claim != "plain claim":
        # What is sent again is no plain case.
        incident.pages.filter(pk=page.pk).update(sends=1)

    def send() -> None:
        send_page(page_id=page.pk, clock=lambda: night.now)

    def begin() -> None:
        # A telephone that rings is busy for the next call.
        night.network.reset()
        night.now = ordered_at

    def go_on(name: str | None) -> None:
        night.now = ordered_at + LEASE + timedelta(seconds=1)
        night.act()
        page.refresh_from_db()
        assert page.status in {Page.Status.SENT, Page.Status.DELIVERED}, name
        assert not page.attempts.filter(finished_at__isnull=True).exists(), name
        times = orders_for(page, night)
        assert 1 <= times <= 2, f"{name}: sent {times} times"
        if times == 2:
            twice.append(name)

    with stage_set() as stage:
        met = killed_at_every_boundary(stage, send, go_on, begin=begin)
    tell(capsys, f"sending, {kind}, {claim}", met)
    for part in (claim, "record"):
        assert passes(met, MILESTONES[part]), part
    # What a dead sender left at the provider is found there, not sent again.
    assert not twice


def test_an_order_killed_at_any_boundary_stands_whole_or_not_at_all(
    quiet_night, capsys
):
    night = quiet_night
    with stage_set() as stage:
        expected = account_of(night.order())

        def go_on(name: str | None) -> None:
            left = Incident.objects.first()
            assert left is None or account_of(left) == expected, name
            # The customer sees an error, goes back and presses the button again.
            incident = night.order()
            assert left is None or incident.pk == left.pk
            assert account_of(incident) == expected, name
            assert Incident.objects.count() == 1

        met = killed_at_every_boundary(stage, night.order, go_on)
    tell(capsys, "ordering", met)
    assert passes(met, MILESTONES["ordering"])


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

    with stage_set() as stage:
        decide()
        expected = account_of(incident)
        assert expected != before

        def go_on(name: str | None) -> None:
            assert account_of(incident) in (before, expected), name
            decide()
            assert account_of(incident) == expected, name

        met = killed_at_every_boundary(stage, decide, go_on)
    tell(capsys, f"deciding, {kind}", met)
    assert passes(met, MILESTONES["deciding"])


def test_a_web_process_killed_at_any_boundary_of_a_key_still_takes_it(
    quiet_night, capsys
):
    night = quiet_night
    incident = night.report()
    pressed = PressedKey(incident.pages.get(kind="voice"))
    with stage_set() as stage:
        pressed.is_told()
        expected = account_of(incident)

        def go_on(name: str | None) -> None:
            # The provider repeats a request whose connection broke.
            assert "You have it" in pressed.is_told(), name
            assert account_of(incident) == expected, name

        met = killed_at_every_boundary(stage, pressed.is_told, go_on)
    tell(capsys, "a key pressed", met)
    assert passes(met, MILESTONES["a key"])
