"""Every address of the desk is closed to whoever has no business there."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from emergency import desk_urls
from emergency.actions.addition import add_file
from emergency.actions.proposal import propose_analysis
from emergency.actions.timelog import log_time
from emergency.models import Incident, ReceivedMail, TimelineEntry
from emergency.views.access import DESK_ROLES, staff_required
from tests import people
from tests.integration.desk.conftest import Desk

NAMES = [str(pattern.name) for pattern in desk_urls.urlpatterns]
READ_ONLY = {
    "desk_icon",
    "board",
    "board_fragment",
    "engine",
    "engine_now",
    "desk_ended",
    "desk_accounts",
    "desk_account",
    "incident",
    "incident_now",
    "incident_bridge_now",
    "incident_order_record",
    "desk_mail",
    "mail_attachment",
    "added_file",
}
BOTH = {"incident_amend", "incident_timer_review", "desk_report"}
DOWNLOADS = {"desk_icon", "incident_order_record", "mail_attachment", "added_file"}


@pytest.fixture
def address(desk: Desk) -> Callable[[str], str]:
    """Addresses with an incident, an account, a time entry and a mail that exist."""
    now = desk.clock.now
    incident = people.report(now=now)
    Incident.objects.filter(pk=incident.pk).update(status="reached", reached_at=now)
    desk.clock.pass_time(hours=1)
    entry = log_time(
        incident_id=incident.pk,
        technician=desk.anna,
        staff=desk.anna.staff,
        kind="support",
        started_at=now,
        ended_at=desk.clock.now,
        now=desk.clock.now,
    )
    timer = desk.anna.timers.create(
        incident=incident,
        kind="support",
        state="review",
        why="unconfirmed",
        started_at=desk.clock.now,
        confirmed_at=desk.clock.now,
        ended_at=desk.clock.now,
        started_by=desk.anna.staff,
    )
    mail = ReceivedMail.objects.create(mailbox="m", uid="1", received_at=now)
    file = mail.attachments.create(name="log.txt", size=1, content=b"x")
    added = add_file(
        report_id=incident.reports.get().pk, name="log.txt", content=b"x", now=now
    )
    known = {
        "file_id": added.pk,
        "mail_id": mail.pk,
        "attachment_id": file.pk,
        "reference": incident.reference,
        "count": 3,
        "number": "10042",
        "entry_id": entry.pk,
        "timer_id": timer.pk,
        "proposal_id": propose_analysis(
            incident_id=incident.pk, staff=desk.anna.staff, now=now
        ).pk,
        "report_id": incident.reports.get().pk,
        "route": "voice:twilio",
    }

    def find(name: str) -> str:
        pattern = next(p for p in desk_urls.urlpatterns if p.name == name)
        wanted = pattern.pattern.converters
        return reverse(f"emergency:{name}", kwargs={k: known[k] for k in wanted})

    return find


@pytest.mark.parametrize("name", NAMES)
def test_nobody_who_is_not_signed_in_sees_or_changes_anything(name, address) -> None:
    before = TimelineEntry.objects.count()
    method = "post" if name not in READ_ONLY else "get"
    answer = getattr(people.stranger(), method)(address(name))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/desk/login/")
    assert TimelineEntry.objects.count() == before


@pytest.mark.parametrize("name", NAMES)
def test_accounting_has_no_business_at_the_desk(name, address) -> None:
    before = TimelineEntry.objects.count()
    client = people.signed_in(people.accountant())
    method = "post" if name not in READ_ONLY else "get"
    answer = getattr(client, method)(address(name))
    assert answer.status_code == 403
    assert "You are signed in as Accounting." in answer.content.decode()
    assert TimelineEntry.objects.count() == before


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_method_changes_nothing(name, address, desk: Desk) -> None:
    before = TimelineEntry.objects.count()
    client = people.signed_in(desk.anna)
    if name in BOTH:
        answer = client.put(address(name))
    elif name in READ_ONLY:
        answer = client.post(address(name))
    else:
        answer = client.get(address(name))
    assert answer.status_code == 405
    assert TimelineEntry.objects.count() == before


@pytest.mark.parametrize("name", sorted((READ_ONLY | BOTH) - DOWNLOADS))
@pytest.mark.parametrize("who", ["anna", "eva", "administrator"])
def test_every_desk_role_reads_every_page(name, who, address, desk: Desk) -> None:
    person = people.administrator() if who == "administrator" else getattr(desk, who)
    assert people.signed_in(person).get(address(name)).status_code == 200


def test_every_address_of_the_desk_names_its_roles() -> None:
    for pattern in desk_urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        roles = getattr(pattern.callback, "roles", None)
        assert roles == frozenset(DESK_ROLES), pattern.name


def test_a_view_must_say_whom_it_is_for() -> None:
    with pytest.raises(TypeError, match="roles"):
        staff_required()


@pytest.mark.parametrize(
    "name", [n for n in NAMES if n.startswith("incident") or n == "desk_account"]
)
def test_what_does_not_exist_is_not_found(name, desk: Desk) -> None:
    pattern = next(p for p in desk_urls.urlpatterns if p.name == name)
    values = {"reference": "NF-0000-0000", "number": "nope"}
    wanted = pattern.pattern.converters
    path = reverse(f"emergency:{name}", kwargs={k: values.get(k, 1) for k in wanted})
    method = "get" if name in READ_ONLY else "post"
    assert getattr(people.signed_in(desk.anna), method)(path).status_code == 404


def test_a_time_entry_of_another_incident_cannot_be_reached(
    address, desk: Desk
) -> None:
    other = people.report(now=desk.clock.now)
    path = address("incident_amend")
    mine = Incident.objects.exclude(pk=other.pk).get().reference
    foreign = path.replace(mine, other.reference)
    assert people.signed_in(desk.anna).get(foreign).status_code == 404


def test_a_form_without_its_token_changes_nothing(address, desk: Desk) -> None:
    before = TimelineEntry.objects.count()
    client = Client(enforce_csrf_checks=True)
    client.force_login(desk.anna.staff)
    answer = client.post(address("incident_note"), {"text": "Forged."})
    assert answer.status_code == 403
    assert TimelineEntry.objects.count() == before
