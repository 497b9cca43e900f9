"""One incident: the next step, the report, and who had it first."""

from datetime import timedelta
from decimal import Decimal

import pytest

from emergency.actions.escalate import tick
from emergency.models import (
    CallbackAttempt,
    DocumentFact,
    Incident,
    Note,
    Page,
    TimelineEntry,
)
from tests import people
from tests.integration.desk.conftest import Desk
from tests.integration.desk.incident_page import path, post, shown
from tests.integration.desk.test_board import words


@pytest.fixture
def incident(desk: Desk) -> Incident:
    made = people.report(
        now=desk.clock.now,
        problem="Nothing but <502>.\nSince two.",
        changes="A plugin.",
    )
    desk.clock.pass_time(minutes=2)
    return made


def test_one_screen_says_what_the_customer_said(desk: Desk, incident: Incident) -> None:
    page = shown(people.signed_in(desk.anna), incident)
    assert "Nothing but &lt;502&gt;." in page
    assert "Open the start page." in page
    assert "A plugin." in page
    assert 'href="tel:+431234567890"' in page
    text = words(page)
    assert "27 min left" in text or "28 min left" in text
    assert "No maintenance" in text
    assert "Pat Muster" in text
    assert "Step 1, round 1: paged Anna Berger." in text


def test_there_is_one_main_button_in_every_state(
    desk: Desk, incident: Incident
) -> None:
    client = people.signed_in(desk.anna)

    def main_buttons() -> int:
        return shown(client, incident).count("button primary")

    counts = [main_buttons()]
    post(desk.anna, incident, "take/")
    counts.append(main_buttons())
    post(desk.anna, incident, "attempt/", outcome="reached")
    counts.append(main_buttons())
    post(desk.anna, incident, "resolve/", cause="other")
    counts.append(main_buttons())
    assert counts == [1, 1, 1, 1]
    people.findings(incident, desk.anna, at=desk.clock.now)
    post(desk.anna, incident, "close/")
    assert main_buttons() == 0


def test_the_second_technician_is_told_who_has_it(
    desk: Desk, incident: Incident
) -> None:
    assert "You have it. Call the customer by 02:41." in post(
        desk.anna, incident, "take/"
    )
    desk.clock.pass_time(minutes=1)
    text = post(desk.bernd, incident, "take/")
    assert "Anna Berger has it since 02:13. There is nothing to do for you." in text
    assert "Anna Berger calls the customer" in text
    incident.refresh_from_db()
    assert incident.owner == desk.anna


def test_taking_it_late_says_to_call_at_once(desk: Desk, incident: Incident) -> None:
    desk.clock.pass_time(minutes=40)
    text = post(desk.anna, incident, "take/")
    assert "The deadline was 02:41: call the customer now." in text


def test_taking_it_twice_is_harmless(desk: Desk, incident: Incident) -> None:
    post(desk.anna, incident, "take/")
    before = TimelineEntry.objects.count()
    assert "You have it already." in post(desk.anna, incident, "take/")
    assert TimelineEntry.objects.count() == before


def test_only_a_technician_can_take_it(desk: Desk, incident: Incident) -> None:
    client = people.signed_in(desk.eva)
    assert "Only a technician can take it." in words(shown(client, incident))
    assert "Only a technician can do this." in post(client, incident, "take/")
    incident.refresh_from_db()
    assert incident.status == "paging"


def test_releasing_pages_again(desk: Desk, incident: Incident) -> None:
    post(desk.anna, incident, "take/")
    before = Page.objects.filter(incident=incident).count()
    assert "Paging starts again from the top." in post(desk.anna, incident, "release/")
    assert Page.objects.filter(incident=incident).count() > before
    text = post(desk.anna, incident, "release/")
    assert "Nobody has it at the moment. Nothing was changed." in text


def test_every_outcome_of_a_call_is_noted_and_only_reached_stops_the_clock(
    desk: Desk, incident: Incident
) -> None:
    incident.policy_snapshot["attempts_needed"] = 5
    incident.save()
    post(desk.anna, incident, "take/")
    for outcome in ("no_answer", "busy", "mailbox", "wrong_number"):
        text = post(desk.anna, incident, "attempt/", outcome=outcome)
        assert "The clock runs on until the customer is reached." in text
    incident.refresh_from_db()
    assert incident.status == "acknowledged"
    text = post(desk.anna, incident, "attempt/", outcome="reached")
    assert "The clock has stopped." in text
    assert "Called back in time after 2 min" in text
    assert "Wrong number" in text
    incident.refresh_from_db()
    assert incident.callback_outcome == "met"


def test_a_double_tap_is_one_attempt_and_one_note(
    desk: Desk, incident: Incident
) -> None:
    for _ in range(2):
        post(desk.anna, incident, "attempt/", outcome="busy")
        post(desk.anna, incident, "note/", text="Calling again in a minute.")
    assert CallbackAttempt.objects.count() == 1
    assert Note.objects.count() == 1
    desk.clock.pass_time(minutes=2)
    post(desk.anna, incident, "attempt/", outcome="busy")
    post(desk.anna, incident, "note/", text="Calling again in a minute.")
    assert CallbackAttempt.objects.count() == 2
    assert Note.objects.count() == 2


def test_an_outcome_nobody_knows_is_refused(desk: Desk, incident: Incident) -> None:
    answer = people.signed_in(desk.anna).post(
        path(incident, "attempt/"), {"outcome": "telepathy"}
    )
    assert answer.status_code == 422
    assert CallbackAttempt.objects.count() == 0


def test_a_duty_manager_may_call_and_records_it(desk: Desk, incident: Incident) -> None:
    post(people.signed_in(desk.eva), incident, "attempt/", outcome="reached")
    incident.refresh_from_db()
    assert incident.status == "reached"
    assert CallbackAttempt.objects.get().staff == desk.eva


def test_an_empty_note_is_refused_beside_its_input(
    desk: Desk, incident: Incident
) -> None:
    answer = people.signed_in(desk.anna).post(path(incident, "note/"), {"text": " "})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in page
    assert 'id="note_text_error"' in page
    assert (
        "note_text_error" in page.split('<textarea name="text"', 1)[1].split(">", 1)[0]
    )


def test_after_a_refusal_the_language_can_still_be_switched(
    desk: Desk, incident: Incident
) -> None:
    client = people.signed_in(desk.anna)
    page = client.post(path(incident, "note/"), {"text": ""}).content.decode()
    assert f'name="next" value="{path(incident)}"' in page


def test_a_note_keeps_its_lines_and_is_never_markup(
    desk: Desk, incident: Incident
) -> None:
    client = people.signed_in(desk.anna)
    post(client, incident, "note/", text="one\ntwo <script>alert(1)</script>")
    page = shown(client, incident)
    assert "<script>alert" not in page
    assert "two &lt;script&gt;" in page


def test_cancelling_stops_everything_and_is_safe_to_repeat(
    desk: Desk, incident: Incident
) -> None:
    assert "Paging and the clock have stopped." in post(desk.anna, incident, "cancel/")
    before = TimelineEntry.objects.count()
    assert "It is cancelled already." in post(desk.anna, incident, "cancel/")
    assert TimelineEntry.objects.count() == before


def test_a_reached_customer_cannot_be_cancelled(desk: Desk, incident: Incident) -> None:
    post(desk.anna, incident, "attempt/", outcome="reached")
    assert "Somebody changed this incident meanwhile." in post(
        desk.anna, incident, "cancel/"
    )
    incident.refresh_from_db()
    assert incident.status == "reached"


def test_the_matched_account_is_confirmed_in_one_tap(
    desk: Desk, incident: Incident
) -> None:
    client = people.signed_in(desk.anna)
    page = shown(client, incident)
    assert "server web01.example" in words(page)
    assert 'name="account_number" value="10042"' in page
    text = post(client, incident, "account/", account_number="10042")
    assert "Assigned to 10042 Muster Handel GmbH, the caller is confirmed." in text
    incident.refresh_from_db()
    assert incident.caller_confirmed_at == desk.clock.now


def test_an_unknown_account_is_refused_and_what_was_typed_stays(
    desk: Desk, incident: Incident
) -> None:
    answer = people.signed_in(desk.anna).post(
        path(incident, "account/"), {"account_number": "4711"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There is no account with this number." in page
    assert 'value="4711"' in page


def test_the_fate_of_every_page_is_told(desk: Desk, incident: Incident) -> None:
    voice = incident.pages.get(kind="voice")
    Page.objects.filter(pk=voice.pk).update(
        status="failed", error_code="busy", ended_at=desk.clock.now
    )
    text = words(shown(people.signed_in(desk.anna), incident))
    assert f"Voice call {voice.address}" in text
    assert "Not delivered the line was busy" in text
    assert "Waiting to be sent" in text


def test_a_missed_deadline_is_told_in_words(desk: Desk, incident: Incident) -> None:
    post(desk.anna, incident, "take/")
    desk.clock.pass_time(minutes=40)
    tick(now=desk.clock.now, by="test")
    text = words(shown(people.signed_in(desk.anna), incident))
    assert "12 min overdue" in text
    assert "The callback deadline has passed and nobody reached the customer." in text


def test_documents_are_shown_from_our_own_copy(desk: Desk, incident: Incident) -> None:
    for number, url_name in (("X 1", "emergency:incident"), ("X 2", "gone:nowhere")):
        DocumentFact.objects.create(
            incident=incident,
            kind="invoice",
            number=number,
            gross=Decimal("240.00"),
            issued_at=desk.clock.now,
            url_name=url_name,
        )
    page = shown(people.signed_in(desk.anna), incident)
    assert '<a class="nowrap" href="/desk/i/X%201/">X 1</a>' in page
    assert "Invoice X 2" in words(page)
    assert "240.00 EUR" in words(page)


def test_a_price_from_an_old_copy_is_marked(desk: Desk) -> None:
    incident = people.report(now=desk.clock.now, fresh=False)
    text = words(shown(people.signed_in(desk.anna), incident))
    assert "price from the last good copy" in text


def test_the_head_answers_304_until_something_happens(
    desk: Desk, incident: Incident
) -> None:
    client = people.signed_in(desk.anna)
    first = client.get(path(incident, "now/"))
    same = {"if-none-match": first["ETag"]}
    desk.clock.now += timedelta(seconds=1)
    first = client.get(path(incident, "now/"))
    same = {"if-none-match": first["ETag"]}
    desk.clock.now += timedelta(seconds=5)
    assert client.get(path(incident, "now/"), headers=same).status_code == 304
    post(desk.bernd, incident, "note/", text="Seen.")
    again = client.get(path(incident, "now/"), headers=same)
    assert again.status_code == 200
    assert b"data-version" in again.content


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_page_speaks_both_languages(desk: Desk, incident, language) -> None:
    client = people.signed_in(desk.anna)
    client.cookies["django_language"] = language
    text = words(shown(client, incident))
    assert ("Was der Kunde meldet" in text) is (language == "de")
    assert ("What the customer reports" in text) is (language == "en")
