"""Facts that cannot be right are refused naming the field, and nothing is half done."""

from dataclasses import replace
from datetime import timedelta

import pytest

from billing.actions.collect import Outcome, collect
from billing.actions.issue import issue_document
from billing.actions.profile import save_issuer, save_profile
from billing.actions.refusal import BillingRefusal
from billing.actions.review import approve, release_hold
from billing.models import (
    BillingProfile,
    Document,
    DocumentFile,
    EInvoice,
    Issuer,
    NumberSeries,
)
from tests.integration.billing.door import NIGHT, TERMS, an_incident, worked
from tests.integration.billing.stories import MORNING, approved

NAIVE = NIGHT.replace(tzinfo=None)


def backwards():
    entry = worked(9, 40)
    return replace(entry, ended_at=entry.started_at - timedelta(minutes=1))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"entries": (backwards(),)}, "entries[0].ended_at: is before started_at"),
        (
            {"entries": (worked(9, 40), worked(20, 10))},
            "entries[1].started_at: overlaps entries[0]",
        ),
        (
            {"entries": (replace(worked(9, 40), started_at=NAIVE),)},
            "entries[0].started_at: has no UTC offset",
        ),
        (
            {"entries": (replace(worked(9, 40), ended_at=NAIVE),)},
            "entries[0].ended_at: has no UTC offset",
        ),
        ({"triggered_at": NAIVE}, "triggered_at: has no UTC offset"),
        ({"callback_deadline_at": NAIVE}, "callback_deadline_at: has no UTC offset"),
        *(
            ({name: NAIVE}, f"{name}: has no UTC offset")
            for name in (
                *("callback_reached_at", "cancelled_at", "acknowledged_at"),
                *("free_from", "withdrawn_at", "closed_at"),
            )
        ),
        (
            {"callback_attempts": (NAIVE,)},
            "callback_attempts[0]: has no UTC offset",
        ),
        (
            {"callback_reached_at": NIGHT - timedelta(minutes=1)},
            "callback_reached_at: is before triggered_at",
        ),
        ({"entries": (worked(9, 40, "driving"),)}, "entries[0].kind: is 'driving'"),
        ({"cause": "weather"}, "cause: is 'weather'"),
        ({"terms": replace(TERMS, currency="USD")}, "terms.currency: is 'USD'"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_work_that_contradicts_itself_is_held_with_the_field_and_goes_no_further(
    door, profile, accountant, changes, says
):
    door.add(an_incident(**changes))
    assert collect(now=MORNING)[Outcome.FAILED] == 0
    document = Document.objects.get()
    hold = document.holds.get(reason="work_contradicts")
    assert hold.detail.startswith(says)
    assert (document.lines.count(), document.gross) == (0, 0)
    with pytest.raises(BillingRefusal) as refused:
        release_hold(
            hold_id=hold.pk, staff_id=accountant.pk, why="Never mind.", now=MORNING
        )
    assert refused.value.code == "hold_not_releasable"
    with pytest.raises(BillingRefusal) as refused:
        approve(document_id=document.pk, staff_id=accountant.pk, now=MORNING)
    assert refused.value.code == "held"
    nothing_was_issued()


@pytest.mark.parametrize(
    "name", ["legal_name", "address", "postcode", "city", "country"]
)
def test_a_recipient_without_what_the_law_wants_is_named(
    door, profile, accountant, name
):
    BillingProfile.objects.update(**{name: ""})
    door.add(an_incident(entries=(worked(9, 90),)))
    collect(now=MORNING)
    hold = Document.objects.get().holds.get(reason="recipient_incomplete")
    assert hold.detail == name
    with pytest.raises(BillingRefusal):
        approve(document_id=hold.document_id, staff_id=accountant.pk, now=MORNING)
    nothing_was_issued()


def test_a_recipient_that_became_incomplete_after_the_approval_issues_nothing(
    door, profile, accountant
):
    document = approved(door, accountant.pk, entries=(worked(9, 90),))
    BillingProfile.objects.update(postcode="")
    with pytest.raises(BillingRefusal) as refused:
        issue_document(document_id=document.pk, now=MORNING)
    assert refused.value.code == "held"
    document.refresh_from_db()
    assert document.status == "draft"
    assert document.holds.get().detail == "postcode"
    nothing_was_issued()


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"country": "AT", "vat_id": "ATU1234"}, "vat_id_invalid", "vat_id"),
        ({"country": "AT", "vat_id": "DE123456789"}, "vat_id_invalid", "vat_id"),
        ({"country": "XX"}, "country_unknown", "country"),
        ({"invoice_email": "sonne.example"}, "address_invalid", "invoice_email"),
        ({"einvoice_kinds": ["edifact"]}, "unknown_value", "einvoice_kinds"),
        ({"enclosed_records": ["diary"]}, "unknown_value", "enclosed_records"),
    ],
)
def test_a_profile_that_cannot_be_right_is_not_saved(
    profile, accountant, values, code, field
):
    with pytest.raises(BillingRefusal) as refused:
        save_profile(
            account_number="K-1",
            values={"city": "Linz", **values},
            vat_id_confirmed=True,
            staff_id=accountant.pk,
            now=MORNING,
        )
    assert (refused.value.code, refused.value.field) == (code, field)
    assert str(refused.value).startswith(f"{field}: ")
    assert BillingProfile.objects.get().city == "Wels"


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"iban": "AT611904300234573202"}, "iban_invalid", "iban"),
        ({"iban": "AT61"}, "iban_invalid", "iban"),
        ({"country": "AT", "vat_id": "ATU1"}, "vat_id_invalid", "vat_id"),
        ({"email": "nobody"}, "address_invalid", "email"),
    ],
)
def test_an_issuer_that_cannot_be_right_is_not_saved(issuer, values, code, field):
    with pytest.raises(BillingRefusal) as refused:
        save_issuer(values=values, staff_id=None, now=MORNING)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert Issuer.objects.get(pk=issuer.pk).iban == "AT611904300234573201"


def nothing_was_issued():
    assert not Document.objects.filter(number__isnull=False).exists()
    assert not DocumentFile.objects.exists()
    assert not EInvoice.objects.exists()
    assert not NumberSeries.objects.filter(last__gt=0).exists()
