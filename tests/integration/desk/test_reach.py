"""The page on which people keep how they are reached."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from emergency.models import Page, Technician
from tests import people
from tests.integration.desk.conftest import Desk


@pytest.fixture
def anna(desk: Desk) -> Client:
    return people.signed_in(desk.anna)


def page_of(person: Technician) -> str:
    return reverse("emergency:reach", args=[person.pk])


def post(client: Client, name: str, *args: object, **fields: str):
    return client.post(reverse(f"emergency:{name}", args=args), fields)


def test_a_technician_sees_their_own_methods_and_nobody_else_s(
    desk: Desk, anna: Client
) -> None:
    answer = anna.get("/desk/me/")
    assert desk.anna.contact_methods.get(kind="voice").address in answer.text
    assert anna.get(page_of(desk.bernd)).status_code == 404
    assert people.signed_in(desk.eva).get(page_of(desk.bernd)).status_code == 200


def test_accounting_and_strangers_do_not_see_it(desk: Desk) -> None:
    clerk = people.signed_in(people.accountant())
    assert clerk.get(page_of(desk.anna)).status_code == 403
    assert people.stranger().get(page_of(desk.anna)).status_code == 302


def test_a_bad_number_keeps_what_was_typed_beside_its_error(
    desk: Desk, anna: Client
) -> None:
    answer = post(anna, "method_add", desk.anna.pk, kind="voice", address="call me")
    assert answer.status_code == 422
    assert 'value="call me"' in answer.text
    assert "This is no number" in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_adding_sends_a_proof_and_a_wrong_code_changes_nothing(
    desk: Desk, anna: Client
) -> None:
    post(anna, "method_add", desk.anna.pk, kind="email", address="a@private.example")
    method = desk.anna.contact_methods.get(kind="email")
    page = Page.objects.get(contact_method=method, purpose="verify")
    wrong = "00000" if page.code != "00000" else "11111"
    refused = post(anna, "method_prove", method.pk, code=wrong)
    assert refused.status_code == 422
    assert f'value="{wrong}"' in refused.text
    post(anna, "method_prove", method.pk, code=page.code)
    method.refresh_from_db()
    assert method.verified_at is not None


def test_delays_are_kept_and_shown(desk: Desk, anna: Client) -> None:
    voice = desk.anna.contact_methods.get(kind="voice")
    sms = desk.anna.contact_methods.get(kind="sms")
    fields = {f"high_{sms.pk}": "0", f"high_{voice.pk}": "2"}
    post(anna, "rules_set", desk.anna.pk, **fields)
    delays = desk.anna.notification_rules.order_by("delay")
    assert [(r.contact_method, r.delay.seconds) for r in delays] == [
        (sms, 0),
        (voice, 120),
    ]
    page = anna.get("/desk/me/").text
    assert 'value="2"' in page
    assert (
        f"at once: SMS {sms.address}; after 2 minutes: Voice call {voice.address}"
        in page
    )


def test_a_delay_that_is_no_number_keeps_the_rules(desk: Desk, anna: Client) -> None:
    voice = desk.anna.contact_methods.get(kind="voice")
    answer = post(anna, "rules_set", desk.anna.pk, **{f"high_{voice.pk}": "soon"})
    assert answer.status_code == 422
    assert 'value="soon"' in answer.text
    assert not desk.anna.notification_rules.exists()


def test_switching_off_the_last_telephone_is_asked_about_once_more(
    desk: Desk, anna: Client
) -> None:
    voice = desk.anna.contact_methods.get(kind="voice")
    doubt = post(anna, "method_change", voice.pk, "off")
    assert "last telephone that would ring" in doubt.text
    voice.refresh_from_db()
    assert voice.disabled_at is None
    post(anna, "method_change", voice.pk, "off", sure="yes")
    voice.refresh_from_db()
    assert voice.disabled_reason == "switched_off"
    assert "No verified telephone would ring" in anna.get("/desk/me/").text


def test_who_cannot_be_reached_reads_so_on_the_board(desk: Desk, anna: Client) -> None:
    assert "You cannot be reached" not in anna.get("/desk/").text
    desk.anna.contact_methods.filter(kind="voice").update(verified_at=None)
    assert "You cannot be reached" in anna.get("/desk/").text
    # Who is never paged need not be reached.
    assert (
        "You cannot be reached"
        not in people.signed_in(people.administrator()).get("/desk/").text
    )


def test_a_test_page_shows_how_long_its_answer_took(desk: Desk, anna: Client) -> None:
    post(anna, "page_me", desk.anna.pk)
    page = Page.objects.filter(purpose="test", kind="voice").latest("pk")
    page.sent_at = page.due_at
    page.answered_at = page.due_at + timedelta(seconds=7)
    page.save()
    assert "answered after 7 seconds" in anna.get("/desk/me/").text


def test_a_push_address_is_never_shown_whole(desk: Desk, anna: Client) -> None:
    desk.anna.contact_methods.create(kind="push", address="ntfy://secret-topic/token")
    assert "secret-topic" not in anna.get("/desk/me/").text


def test_the_contact_card_holds_the_paging_number(anna: Client, settings) -> None:
    settings.TWILIO_FROM_NUMBER = "+43720880000"
    answer = anna.get("/desk/me/pages.vcf")
    assert answer["Content-Type"].startswith("text/vcard")
    assert "+43720880000" in answer.text


def test_the_page_asks_the_same_number_of_questions_for_any_number_of_methods(
    desk: Desk, anna: Client, known_facts: None, django_assert_max_num_queries
) -> None:
    for number in range(8):
        desk.anna.contact_methods.create(kind="email", address=f"a{number}@b.example")
    with django_assert_max_num_queries(14):
        anna.get("/desk/me/")
