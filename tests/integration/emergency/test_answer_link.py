"""The link in an e-mail: opening it changes nothing, a person's button answers."""

import re

import pytest
from django.core import mail
from django.core.signing import Signer
from django.test import Client

from emergency.actions.acknowledge import acknowledge
from emergency.actions.page_queue import queue_pages
from emergency.models import Incident, Page
from emergency.queries.answer_links import LINK_LIVES, answer_url
from emergency.rules.escalation import Method
from tests.integration.emergency.sending import send
from tests.people import NIGHT


@pytest.fixture
def clock(monkeypatch):
    """The time at the desk, which a test may move."""
    times = [NIGHT]
    monkeypatch.setattr("django.utils.timezone.now", lambda: times[-1])
    return times


def waiting(anna, incident, purpose="emergency"):
    email, _ = anna.contact_methods.get_or_create(
        kind="email", address="anna@example.com"
    )
    return queue_pages(
        incident=incident,
        technician=anna,
        methods=[Method(key=email.pk, kind="email", address=email.address)],
        purpose=purpose,
        step=0,
        now=NIGHT,
    )[0]


@pytest.fixture
def link(anna, incident, clock, settings):
    """The address that Anna finds in her mailbox."""
    send(waiting(anna, incident))
    found = re.search(r"http\S+/answer/\S+/", str(mail.outbox[-1].body))
    assert found
    return found.group().removeprefix(settings.PUBLIC_BASE_URL)


def status_of(incident):
    return Incident.objects.get(pk=incident.pk).status


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_opening_the_link_changes_nothing(link, incident, method):
    before = incident.timeline.count()
    for _ in range(3):
        getattr(Client(), method)(link)
    assert status_of(incident) == Incident.Status.PAGING
    assert incident.timeline.count() == before
    assert not Page.objects.filter(answered_at__isnull=False).exists()


def test_the_page_names_the_case_and_has_one_button(link, incident):
    text = Client().get(link).content.decode()
    assert incident.reference in text
    assert "02:41" in text
    assert text.count("Take over") == 1


def test_the_button_acknowledges_without_a_login_and_without_cookies(
    link, incident, anna
):
    answer = Client(enforce_csrf_checks=True).post(link)
    assert "You have it" in answer.content.decode()
    taken = Incident.objects.get(pk=incident.pk)
    assert (taken.status, taken.owner) == (Incident.Status.ACKNOWLEDGED, anna)
    assert incident.timeline.get(code="acknowledged").values["via"] == "link"


def test_the_button_pressed_again_changes_nothing(link, incident):
    Client().post(link)
    before = incident.timeline.count()
    assert "You have it" in Client().post(link).content.decode()
    assert incident.timeline.count() == before


def test_who_comes_second_hears_who_has_it(link, incident, anna):
    others = Page.objects.filter(incident=incident).exclude(technician=anna)
    eva = next((p.technician for p in others), None) or anna
    acknowledge(incident_id=incident.pk, technician=eva, now=NIGHT, via="desk")
    text = Client().get(link).content.decode()
    assert "has it already" in text
    assert "<button class" not in text.partition("<main")[2]


def test_a_link_dies_after_a_day(link, incident, clock):
    clock.append(NIGHT + LINK_LIVES)
    answer = Client().post(link)
    assert "no longer valid" in answer.content.decode()
    assert status_of(incident) == Incident.Status.PAGING


def test_a_link_dies_with_its_page(link, incident):
    Page.objects.filter(kind="email").update(status="withdrawn")
    assert "no longer valid" in Client().post(link).content.decode()
    assert status_of(incident) == Incident.Status.PAGING


@pytest.mark.django_db
@pytest.mark.parametrize(
    "token", ["1", "1.x", "..", "a.b", Signer(salt="other", sep=".").sign("1")]
)
def test_a_link_that_nobody_made_opens_nothing(token):
    assert Client().post(f"/answer/{token}/").status_code == 404


def test_a_page_about_no_emergency_is_only_noted(anna, clock, settings):
    page = waiting(anna, None, purpose="test")
    link = answer_url(page).removeprefix(settings.PUBLIC_BASE_URL)
    assert "noted" in Client().post(link).content.decode()
    page.refresh_from_db()
    assert page.answered_at == NIGHT
