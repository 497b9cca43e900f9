"""A customer objects: a hold, everything on one page, answered or credited."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail

from billing.actions.answers import send_answers
from billing.actions.collect import collect
from billing.actions.issue import issue_document
from billing.actions.objections import answer_objection, note_objection
from billing.actions.refusal import BillingRefusal
from billing.actions.review import approve
from billing.actions.transmit import LEASE, RETRIES
from billing.models import BillingProfile, Document, Hold, ObjectionAnswer
from billing.queries.todo import to_do
from emergency import billable
from emergency.actions.order_rights import object_to
from emergency.actions.timelog import amend_time
from emergency.models import Incident, Objection
from tests import people
from tests.integration.billing.stories import MORNING, issued
from tests.integration.billing.test_pages import signed_in, text, url
from tests.integration.billing.test_real_incidents import live_through
from tests.integration.billing.test_transmit import Broken
from tests.people import NIGHT

DAY = NIGHT + timedelta(hours=8)


@pytest.fixture
def page(accountant):
    return signed_in(accountant)


@pytest.fixture
def invoice(door, profile, accountant):
    return issued(door, accountant.pk)


def held(invoice, accountant, what="The time is wrong"):
    return note_objection(
        document_id=invoice.pk, what=what, staff_id=accountant.pk, now=MORNING
    )


def answered(invoice, accountant, **changes):
    values = {
        "document_id": invoice.pk,
        "address": "rechnung@sonne.example",
        "text": "We worked 40 minutes.\nYour log shows it.",
        "why": "The log is right.",
        "staff_id": accountant.pk,
        "now": MORNING,
    }
    return answer_objection(**{**values, **changes})


@pytest.fixture
def real(issuer, accountant):
    """A real incident with an amended time, an issued invoice and an objection."""
    anna = people.technician()
    people.on_call(anna)
    people.customer()
    BillingProfile.objects.create(
        account_number="10042",
        kind="business",
        legal_name="Muster Handel GmbH",
        address="Ring 1",
        postcode="1010",
        city="Wien",
        country="AT",
        invoice_email="office@muster.example",
    )
    incident = people.report(number="+436641234567")
    live_through(incident, anna)
    entry = incident.time_entries.get()
    amend_time(
        entry_id=entry.pk,
        staff=anna.staff,
        started_at=entry.started_at,
        ended_at=entry.ended_at - timedelta(minutes=5),
        kind="support",
        billable=True,
        waiver_reason="",
        reason="Five minutes were for somebody else.",
        now=NIGHT + timedelta(hours=1),
    )
    collect(now=DAY)
    document = approve(
        document_id=Document.objects.get().pk, staff_id=accountant.pk, now=DAY
    )
    issue_document(document_id=document.pk, now=DAY)
    object_to(
        report_id=incident.reports.get().pk,
        about="time",
        text="You were done after ten minutes.",
        now=DAY + timedelta(hours=1),
    )
    collect(now=DAY + timedelta(hours=1))
    return Document.objects.get()


def test_the_bundle_stands_on_one_page(real, page):
    shown = text(page.get(url("objection", real.pk)))
    for part in (
        # the objection in the customer's words
        *("The time", "You were done after ten minutes."),
        # the order: button, terms, account
        *("Zahlungspflichtig bestellen", "200 EUR plus VAT.", "10042"),
        f"Invoice {real.number}",
        # the callback and who declared it
        *("Customer reached", "Anna Berger"),
        # both versions of the time and why there are two
        *("Five minutes were for somebody else.", "replaced"),
        # what the customer was told, and how the lines came about
        *("We have your report", "35:00 work"),
    ):
        assert part in shown, part
    assert "Send the answer and release the hold" in shown


def test_the_bundle_asks_a_fixed_number_of_questions(
    real, page, known_facts, django_assert_max_num_queries
):
    with django_assert_max_num_queries(48):
        page.get(url("objection", real.pk))


def test_a_customers_objection_waits_on_the_to_do_page(real, page):
    shown = text(page.get(url("index")))
    assert "Customers object (1)" in shown
    assert url("objection", real.pk) in shown
    assert Objection.objects.get().seen_at is not None


def test_the_door_tells_the_dispute_without_models(real):
    dispute = billable.dispute(reference=real.incident_reference)
    (matter,) = dispute.matters
    assert (matter.about, matter.text) == ("time", "You were done after ten minutes.")
    assert [one.superseded_at is None for one in dispute.versions].count(True) == 1
    assert len(dispute.versions) == 2
    assert dispute.tries[0].declared_by == "Anna Berger"
    with pytest.raises(billable.UnknownReference):
        billable.dispute(reference="NF-NONE")


def test_an_objection_by_letter_is_noted_and_holds_the_invoice(invoice, page):
    response = page.post(url("objection_note", invoice.pk), {"what": "Too long"})
    assert response.url == url("objection", invoice.pk)
    hold = Hold.objects.get()
    assert (hold.reason, hold.detail, hold.released_at) == (
        "customer_objects",
        "Too long",
        None,
    )
    assert invoice.steps.get(code="objection_noted").by is not None
    assert to_do().objections.count == 1


def test_a_draft_is_not_held_by_hand(door, profile, accountant):
    draft = Document.objects.create(
        incident_reference="NF-D", created_at=MORNING, computed_at=MORNING
    )
    with pytest.raises(BillingRefusal) as refused:
        held(draft, accountant)
    assert refused.value.code == "not_issued"


def test_objecting_again_after_the_answer_opens_the_hold_again(invoice, accountant):
    held(invoice, accountant)
    answered(invoice, accountant)
    assert to_do().objections.count == 0
    hold = held(invoice, accountant, "Still wrong")
    hold.refresh_from_db()
    assert (hold.detail, hold.released_at, hold.why) == ("Still wrong", None, "")
    codes = list(invoice.steps.values_list("code", flat=True))
    assert codes[-4:] == [
        *("objection_noted", "objection_answered", "hold_released", "objection_noted")
    ]


def test_the_answer_goes_out_in_the_language_of_the_document(invoice, accountant):
    held(invoice, accountant)
    answer = answered(invoice, accountant)
    assert send_answers(now=MORNING) == 1
    (message,) = mail.outbox
    assert message.to == ["rechnung@sonne.example"]
    assert message.reply_to == ["buchhaltung@nordlicht.example"]
    assert "RE-2026-00001" in message.subject
    assert "We worked 40 minutes.\nYour log shows it." in message.body
    assert "The log is right." not in message.body
    answer.refresh_from_db()
    assert (answer.status, answer.ended_at) == ("sent", MORNING)
    assert send_answers(now=MORNING + timedelta(days=1)) == 0
    hold = Hold.objects.get()
    assert (hold.why, hold.released_by) == ("The log is right.", accountant)


def test_an_answer_that_fails_is_tried_again_and_given_up_in_the_end(
    invoice, accountant
):
    held(invoice, accountant)
    answer = answered(invoice, accountant)
    broken, now = Broken(SMTPServerDisconnected()), MORNING
    for wait in RETRIES:
        assert send_answers(now=now, connection=broken) == 0
        answer.refresh_from_db()
        assert (answer.status, answer.due_at) == ("due", now + wait)
        now += wait
    send_answers(now=now, connection=broken)
    answer.refresh_from_db()
    assert (answer.status, answer.problem) == ("failed", "SMTPServerDisconnected")


def test_an_address_that_is_refused_is_not_tried_again(invoice, accountant):
    held(invoice, accountant)
    answer = answered(invoice, accountant)
    send_answers(now=MORNING, connection=Broken(SMTPRecipientsRefused({})))
    answer.refresh_from_db()
    assert answer.status == "failed"


def test_an_answer_that_did_not_arrive_has_answered_nothing(invoice, accountant, page):
    held(invoice, accountant)
    answered(invoice, accountant)
    send_answers(now=MORNING, connection=Broken(SMTPRecipientsRefused({})))
    hold = Hold.objects.get()
    assert (hold.released_at, hold.released_by, hold.why) == (None, None, "")
    assert to_do().objections.count == 1
    codes = list(invoice.steps.values_list("code", flat=True))
    assert codes[-2:] == ["transmission_failed", "held"]
    again = answered(invoice, accountant, address="chefin@sonne.example")
    assert send_answers(now=MORNING) == 1
    again.refresh_from_db()
    assert again.status == "sent"
    assert to_do().objections.count == 0


def test_an_answer_whose_worker_died_is_taken_up_again(invoice, accountant):
    held(invoice, accountant)
    answered(invoice, accountant)
    ObjectionAnswer.objects.update(
        status="sending", lease_until=MORNING + LEASE, attempts=1
    )
    assert send_answers(now=MORNING) == 0
    assert send_answers(now=MORNING + LEASE + timedelta(seconds=1)) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"text": " "}, "text_missing"), ({"why": ""}, "why_missing")],
)
def test_an_answer_needs_words_and_a_reason(invoice, accountant, changes, code):
    held(invoice, accountant)
    with pytest.raises(BillingRefusal) as refused:
        answered(invoice, accountant, **changes)
    assert refused.value.code == code
    assert not ObjectionAnswer.objects.exists()


def test_where_nobody_objects_nobody_is_answered(invoice, accountant):
    with pytest.raises(BillingRefusal) as refused:
        answered(invoice, accountant)
    assert refused.value.code == "no_objection"


def test_by_clicks_answered(real, page):
    here = url("objection", real.pk)
    wrong = page.post(
        url("objection_answer", real.pk), {"address": "x", "text": "", "why": ""}
    )
    assert wrong.status_code == 400
    assert text(wrong).count("errorlist") == 3
    data = {"address": "office@muster.example", "text": "Look.", "why": "Log is right"}
    assert page.post(url("objection_answer", real.pk), data).url == here
    shown = text(page.get(here))
    assert "Look." in shown
    assert "decided" in shown
    assert "Send the answer" not in shown
    assert Incident.objects.get().documents.count() == 1


def test_by_clicks_credited(real, page):
    assert url("credit", real.pk) in text(page.get(url("objection", real.pk)))
    wizard = text(page.get(url("credit", real.pk)))
    assert "This settles the objection: The time" in wizard
    line = real.lines.get(code="support_beyond_included")
    page.post(
        url("credit", real.pk),
        {"lines": [line.pk], "why": "They are right", "settles": "1", "confirm": "1"},
    )
    hold = Hold.objects.get()
    assert (hold.why, hold.released_at is not None) == ("They are right", True)
    assert Document.objects.get(kind="credit_note").refers_to == real


def test_a_credit_note_has_no_objection_page(real, page, accountant):
    page.post(
        url("credit", real.pk),
        {"lines": [real.lines.first().pk], "why": "x", "confirm": "1"},
    )
    note = Document.objects.get(kind="credit_note")
    assert page.get(url("objection", note.pk)).status_code == 404
