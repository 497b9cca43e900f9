"""A number that is somebody else's gets no text, and staff are offered what is on
file."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from emergency import billable
from emergency.actions.callback import record_attempt
from emergency.actions.message import tell_customer
from emergency.actions.message_send import send_message
from emergency.actions.refusal import Refused
from emergency.models import Account, Bridge, CallbackAttempt, Contact, Message
from emergency.queries.billable_work import UnknownReference
from emergency.queries.callback_record import callback_record
from emergency.queries.callback_report import callback_report
from emergency.queries.dialling import numbers_for, wrong_numbers
from emergency.queries.order_record import order_record
from emergency.queries.person import as_json, parts_of, person_by
from emergency.queries.tracking import tracking
from emergency.views.tracking_words import calls_in_words, explanation
from tests import people
from tests.people import NIGHT

MOBILE, ON_FILE = "+491713920061", "+431234567899"
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(anna):
    """Reported by a mobile for the server of an account with somebody on file."""
    account = Account.objects.create(number="K-9", name="Shop", kind="business")
    account.servers.create(name="shop.example")
    Contact.objects.create(account=account, name="Pat", phone_number=ON_FILE)
    return people.report(number=MOBILE, server="shop.example", language="en")


@pytest.fixture
def tries(incident, anna):
    def try_(outcome, minutes=1, number=MOBILE):
        return record_attempt(
            incident_id=incident.pk,
            staff=anna.staff,
            outcome=outcome,
            number=number,
            now=NIGHT + minutes * MINUTE,
        )

    return try_


def texts(incident, *, status):
    return incident.messages.filter(kind="sms", status=status)


def test_texts_that_wait_for_a_wrong_number_are_not_sent(incident, tries):
    assert texts(incident, status="queued").exists()
    tries("wrong_number")
    assert not texts(incident, status="queued").exists()
    assert texts(incident, status="withdrawn").exists()
    assert incident.timeline.filter(code="texts_stopped").count() == 1


def test_nothing_new_is_written_to_it_and_the_desk_hears_that_nobody_is_told(
    incident, tries
):
    tries("wrong_number")
    tell_customer(incident=incident, purpose="missed", now=NIGHT + 31 * MINUTE)
    assert not incident.messages.filter(purpose="missed").exists()
    assert incident.timeline.filter(code="no_way_to_tell").exists()


def test_a_text_that_is_just_being_sent_again_is_withdrawn(incident, tries):
    message = texts(incident, status="queued").first()
    message.status, message.lease_until = Message.Status.CLAIMED, NIGHT
    message.save()
    tries("wrong_number")
    later = NIGHT + 2 * MINUTE
    assert not send_message(message_id=message.pk, clock=lambda: later)
    message.refresh_from_db()
    assert message.status == Message.Status.WITHDRAWN


def test_whoever_was_reached_there_afterwards_is_told_again(incident, tries):
    tries("wrong_number")
    assert wrong_numbers(incident) == {MOBILE}
    tries("reached", minutes=3)
    assert wrong_numbers(incident) == frozenset()


def test_a_wrong_person_says_nothing_about_the_number(incident, tries):
    tries("wrong_person")
    assert wrong_numbers(incident) == frozenset()
    assert texts(incident, status="queued").exists()


def test_the_numbers_on_file_are_offered_once_a_number_is_wrong(incident, tries):
    assert numbers_for(incident).to_call == (MOBILE,)
    tries("wrong_number")
    assert numbers_for(incident).to_call == (ON_FILE,)
    assert tries("no_answer", minutes=2, number=ON_FILE).number == ON_FILE
    with pytest.raises(Refused):
        tries("no_answer", minutes=3, number="+431111111111")


def test_the_customer_reads_it_honestly_and_nothing_of_what_is_on_file(incident, tries):
    tries("wrong_number")
    tries("no_answer", minutes=2, number=ON_FILE)
    now = NIGHT + 5 * MINUTE
    view = tracking(incident.reports.get(), now)
    with override("en"):
        assert "the number belongs to somebody else" in explanation(view, now)
        (line,) = calls_in_words(view, now)
    assert (line.outcome, line.proof) == (
        "the number belongs to somebody else",
        "noted by the technician",
    )
    assert view.facts.attempts == (NIGHT + MINUTE,)


def test_the_record_of_the_callback_goes_to_order_record_and_billing(
    incident, tries, anna
):
    tries("mailbox")
    tries("reached", minutes=3)
    incident.refresh_from_db()
    record = callback_record(incident)
    assert [(call.outcome, call.proof) for call in record.calls] == [
        ("mailbox", "declared"),
        ("reached", "declared"),
    ]
    assert record.reached_proof == "declared"
    assert record.outcome == "met"
    assert billable.callback_record(reference=incident.reference) == record
    with pytest.raises(UnknownReference):
        billable.callback_record(reference="NF-0000-0000")
    with override("en"):
        printed = order_record(incident, language="en", now=NIGHT)
    (section,) = [s for s in printed.sections if s.title == "Callback"]
    assert ("2026-03-10 01:12:00 UTC", "Mailbox. Self-declared.") in section.rows


def test_the_report_counts_what_was_kept_and_how_it_is_proven(incident, tries):
    tries("reached", minutes=9)
    other = people.report(number=MOBILE, server="mail.example")
    other.status, other.callback_outcome = "cancelled", "pending"
    other.save()
    (month,) = callback_report(since=NIGHT - MINUTE, until=NIGHT + MINUTE)
    assert (month.incidents, month.met, month.declared, month.proven) == (1, 1, 1, 0)
    assert month.to_reach.median == 9 * MINUTE
    assert callback_report(since=NIGHT + MINUTE, until=NIGHT + 2 * MINUTE) == []
    assert CallbackAttempt.objects.count() == 1


def test_the_report_is_printed_for_people_and_for_programs(tries):
    tries("reached", minutes=9)
    days = ["--since", "2026-03-01", "--until", "2026-04-01"]

    def printed(*more):
        out = StringIO()
        call_command("callback_report", *days, *more, stdout=out)
        return out.getvalue()

    (month,) = json.loads(printed("--json"))
    assert (month["year"], month["month"], month["met"]) == (2026, 3, 1)
    assert month["to_reach"]["median_seconds"] == 540
    assert month["to_reach"]["within_minutes"]["10"] == 1
    assert month["to_take"]["median_seconds"] is None
    assert "2026-03: 1 incidents, met 1" in printed()
    with pytest.raises(CommandError):
        call_command("callback_report", "--since", "March")


def test_whoever_asks_for_their_data_gets_no_number_of_a_technician(incident, anna):
    Bridge.objects.create(
        incident=incident,
        technician=anna,
        token="t",
        digit="1",
        technicians_number="+436641112223",
        customers_number=MOBILE,
        started_at=NIGHT,
        heard_at=NIGHT,
    )
    person = person_by(MOBILE)
    handed_out = as_json(person, parts_of(person), made_at=NIGHT)
    assert MOBILE in str(handed_out["data"]["Bridge"])
    assert "+436641112223" not in str(handed_out)
