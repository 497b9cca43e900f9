"""A customer who waits for the end of a maintenance is written to, once."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from emergency.actions import maintenance_notice as actions
from emergency.actions.identifiers import new_token
from emergency.models import (
    Contact,
    Incident,
    MaintenanceNotice,
    Server,
    SignInLink,
)
from emergency.models.report import hash_token
from emergency.rules.maintenance_notice import GIVE_UP, MOST
from emergency.views.maintenance import check_maintenance
from status.actions.components import set_components
from status.actions.rows import component_row
from status.models import Source, Window
from status.rules.matching import Component
from tests import people
from tests.integration.public.pages import REPORT, check, read, text_of
from tests.people import NIGHT

PART = Component(id="part", name=REPORT["server_name"])
EMAIL = "pat@shop.example"


@pytest.fixture
def customer() -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.fixture(autouse=True)
def window() -> Window:
    """The server of the report is being worked on."""
    source = Source.objects.create(
        name="Nordlicht",
        url="https://status.nordlicht.example",
        next_fetch_at=NIGHT,
        fetched_at=NIGHT,
        good_until=NIGHT + timedelta(days=30),
    )
    set_components(source, [PART])
    source.save()
    return Window.objects.create(
        source=source,
        external_id="w1",
        name="Kernel",
        state="running",
        starts_at=NIGHT - timedelta(hours=1),
        ends_at=NIGHT + timedelta(hours=2),
        components=[component_row(PART)],
    )


def _ask(customer: Client, email: str = EMAIL):
    page = read(check(customer)).values()
    return customer.post("/maintenance-notice/", {**page, "notify_email": email})


def _tell(minutes: float) -> int:
    return actions.tell_of_ends(clock=lambda: NIGHT + timedelta(minutes=minutes))


def test_the_address_of_the_report_stands_there_already(customer: Client) -> None:
    assert read(check(customer)).values()["notify_email"] == REPORT["reporter_email"]


def test_who_asks_is_promised_a_mail_and_nothing_is_ordered(customer: Client) -> None:
    page = text_of(_ask(customer))
    assert f"We write to {EMAIL} when it is over. Nothing is ordered." in page
    assert "Order with obligation to pay" in page
    assert MaintenanceNotice.objects.get().servers == [REPORT["server_name"]]
    assert not Incident.objects.exists()


def test_nobody_is_written_to_before_it_is_over(customer: Client) -> None:
    _ask(customer)
    assert _tell(30) == 0
    assert mail.outbox == []
    assert MaintenanceNotice.objects.exists()


def test_when_it_is_over_one_mail_says_so_in_the_customers_language(
    customer: Client, window: Window
) -> None:
    _ask(customer)
    Window.objects.update(state="finished")
    assert _tell(30) == 1
    assert _tell(31) == 0
    (sent,) = mail.outbox
    assert sent.to == [EMAIL]
    assert sent.subject == "The maintenance is over"
    assert "Kernel" in sent.body
    assert "Nordlicht" in sent.body
    assert REPORT["problem_description"] not in sent.body
    assert not MaintenanceNotice.objects.exists()


def test_a_page_that_cannot_be_read_is_no_end(customer: Client) -> None:
    _ask(customer)
    Source.objects.update(fetched_at=None)
    Window.objects.all().delete()
    assert _tell(30) == 0
    late = GIVE_UP.total_seconds() / 60
    assert _tell(late + 2) == 1
    assert mail.outbox[0].subject == "We cannot see whether the maintenance is over"


def test_a_mail_server_in_trouble_is_asked_again(
    customer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ask(customer)
    Window.objects.update(state="finished")

    def refuse(**_values: object) -> None:
        raise smtplib.SMTPServerDisconnected("gone")

    with monkeypatch.context() as trouble:
        trouble.setattr(actions, "send_notice", refuse)
        assert _tell(30) == 0
    assert _tell(32) == 1


def test_asking_twice_is_asking_once(customer: Client) -> None:
    _ask(customer)
    _ask(customer)
    assert MaintenanceNotice.objects.count() == 1


def test_nobody_can_flood_an_address(customer: Client) -> None:
    MaintenanceNotice.objects.bulk_create(
        MaintenanceNotice(
            email=EMAIL, language="en", asked_at=NIGHT, due_at=NIGHT, windows=[[i]]
        )
        for i in range(MOST)
    )
    assert "We cannot note more addresses" in text_of(_ask(customer))
    assert MaintenanceNotice.objects.count() == MOST


@pytest.mark.parametrize("email", ["", "pat", "pat@", "a" * 300 + "@b.example"])
def test_a_wrong_address_is_an_error_beside_it_and_loses_nothing(
    email: str, customer: Client
) -> None:
    page = _ask(customer, email)
    assert page.status_code == 200
    assert "Enter an address such as name@example.com." in text_of(page)
    field = read(page).by_id("notify_email")
    assert field is not None
    assert field.attributes["aria-invalid"] == "true"
    assert not MaintenanceNotice.objects.exists()


CLUSTER = Component(id="cluster", name="Cluster A")
RUNNING = "Maintenance is running that may be the cause."


def _sign_in(client: Client, contact: Contact) -> None:
    token = new_token()
    SignInLink.objects.create(
        contact=contact,
        token_hash=hash_token(token),
        created_at=NIGHT,
        expires_at=NIGHT.replace(year=2099),
    )
    assert client.post(f"/account/sign-in/{token}/").status_code == 302


@pytest.mark.parametrize("told", ["status_components", "address"])
def test_what_staff_know_of_a_server_counts_for_its_own_account_alone(
    customer: Client, window: Window, told: str
) -> None:
    theirs = people.customer(server=REPORT["server_name"])
    others = people.customer(number="10043", name="Other", server="other.example")
    part = CLUSTER
    if told == "address":
        part = Component(id="192.0.2.7", name="192.0.2.7")
        Server.objects.filter(pk=theirs.server.pk).update(address="192.0.2.7")
    else:
        Server.objects.filter(pk=theirs.server.pk).update(
            status_components=["Cluster A"]
        )
    set_components(window.source, [part])
    window.source.save()
    Window.objects.update(components=[component_row(part)])
    assert RUNNING not in text_of(check(customer))
    _sign_in(customer, others.contact)
    assert RUNNING not in text_of(check(customer))
    own = people.stranger()
    _sign_in(own, theirs.contact)
    assert RUNNING in text_of(check(own))
    _ask(own)
    assert part.name in MaintenanceNotice.objects.get().servers
    assert _tell(30) == 0
    Window.objects.update(state="finished")
    assert _tell(31) == 1


def test_what_is_found_for_one_of_several_servers_is_found(window: Window) -> None:
    theirs = people.customer(server="mapped.example")
    Server.objects.filter(pk=theirs.server.pk).update(status_components=["Cluster A"])
    set_components(window.source, [PART, CLUSTER])
    window.source.save()
    both = ["mapped.example", REPORT["server_name"]]
    found = check_maintenance(servers=both, now=NIGHT, by_staff=True)
    assert (found.result, found.evidence["windows"][0]["id"]) == ("active", "w1")
    Window.objects.update(components=[component_row(CLUSTER)])
    found = check_maintenance(servers=both, now=NIGHT, by_staff=True)
    assert (found.result, found.evidence["windows"][0]["why"]) == ("active", "mapped")
    alone = check_maintenance(servers=both[1:], now=NIGHT, by_staff=True)
    assert (alone.result, alone.evidence["windows"]) == ("none", [])
