"""Accounting's pages: who may, what they show, and what a click does."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from billing.actions.collect import collect
from billing.actions.issue import issue_requested
from billing.models import BillingProfile, Document, Hold, Issuer
from tests.integration.billing.conftest import make_staff
from tests.integration.billing.door import NIGHT, an_incident, worked
from tests.integration.billing.stories import MORNING, approved, issued, questions

LATER = NIGHT + timedelta(hours=2)


def signed_in(person):
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


@pytest.fixture
def page(accountant):
    return signed_in(accountant)


def text(response):
    return " ".join(response.content.decode().split())


def draft(door, **changes):
    door.add(an_incident(**changes))
    collect(now=LATER)
    return Document.objects.get(kind="invoice")


def url(name, *args):
    return reverse(f"billing:{name}", args=args)


def every_page(document):
    return [
        url("index"),
        url("documents"),
        url("issuer"),
        url("document", document.pk),
        url("account", "K-1"),
    ]


def test_a_stranger_is_asked_to_sign_in(door, profile):
    document = draft(door)
    for address in [*every_page(document), url("document_pdf", "RE-2026-00001")]:
        response = Client().get(address)
        assert response.status_code == 302, address
        assert response["Location"].startswith(reverse("login")), address


@pytest.mark.parametrize("role", ["technician", "duty_manager"])
def test_technicians_see_the_pdf_and_nothing_else(door, profile, accountant, role):
    document = issued(door, accountant.pk)
    client = signed_in(make_staff(role))
    for address in every_page(document):
        assert client.get(address).status_code == 403, address
    for name in ("approve", "issue", "credit", "send"):
        assert client.post(url(name, document.pk)).status_code == 403
    response = client.get(url("document_pdf", document.number))
    assert response.content == bytes(document.file.content)
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]


def test_an_administrator_sees_everything(door, profile):
    document = draft(door)
    client = signed_in(make_staff("administrator"))
    for address in every_page(document):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("name", ["approve", "issue", "send"])
def test_nothing_changes_by_looking(door, profile, page, name):
    document = draft(door)
    assert page.get(url(name, document.pk)).status_code == 405


def test_an_empty_list_says_what_would_be_here(issuer, page):
    assert "Nothing waits." in text(page.get(url("index")))


def test_the_list_shows_the_sums_of_everything_it_filters(door, profile, page):
    draft(door)
    shown = text(page.get(url("documents"), {"status": "draft"}))
    assert "280.00" in shown
    assert "280.00" not in text(page.get(url("documents"), {"status": "issued"}))


def test_a_filter_that_is_not_understood_filters_nothing(door, profile, page):
    draft(door)
    shown = text(page.get(url("documents"), {"status": "lost", "month": "x"}))
    assert "280.00" in shown


def test_the_document_shows_lines_times_and_reasons(door, profile, page):
    document = draft(door, cause="undetermined")
    shown = text(page.get(url("document", document.pk)))
    assert "40:00 work, 30:00 included, 10 started minutes" in shown
    assert "Ada Lang" in shown
    assert "Support: 1 charged entry, 40:00" in shown
    assert "10 × 200.00 / 60 = 33.3333…, to the cent 33.33" in shown
    assert "VAT once on the sum: 20 % of 233.33 = 46.666, to the cent 46.67" in shown
    assert "The cause is undetermined" in shown
    assert "Approve and issue" not in shown


def test_from_held_draft_to_issued_invoice_by_clicks(door, profile, page):
    document = draft(door, cause="undetermined")
    here = url("document", document.pk)
    release = url("release", document.pk, Hold.objects.get().pk)
    assert "Say why" in text(page.post(release, {"why": ""}, follow=True))
    assert page.post(release, {"why": "Asked Ada."}).url == here
    page.post(url("approve", document.pk), {"issue": "1"})
    waiting = text(page.get(here))
    assert 'http-equiv="refresh"' in waiting
    assert "is being made" in waiting
    issue_requested(now=MORNING)
    done = text(page.get(here))
    assert 'http-equiv="refresh"' not in done
    assert url("document_pdf", "RE-2026-00001") in done
    assert "Asked Ada." in done


def test_approving_twice_is_answered_calmly(door, profile, page):
    document = draft(door)
    for _ in range(2):
        response = page.post(url("approve", document.pk), {"issue": "1"}, follow=True)
        assert response.status_code == 200
    document.refresh_from_db()
    assert document.status == "approved"


def test_an_approval_is_taken_back_by_whoever_says_why(door, profile, page, accountant):
    document = approved(door, accountant.pk)
    here, back = url("document", document.pk), url("take_back", document.pk)
    assert "Take the approval back" in text(page.get(here))
    assert page.post(back, {"why": " "}).status_code == 400
    shown = text(page.post(back, {"why": "Ada logs less."}, follow=True))
    assert "Returned to draft, Ada logs less." in shown
    document.refresh_from_db()
    assert (document.status, document.approved_by) == ("draft", None)
    door.change("NF-TEST-1", entries=(worked(9, 35),))
    collect(now=LATER)
    assert document.lines.get(minutes=5)
    issued(door, accountant.pk, "NF-GONE")
    gone = Document.objects.get(incident_reference="NF-GONE")
    assert "no longer waits" in text(
        page.post(url("take_back", gone.pk), {"why": "Late."}, follow=True)
    )


def test_an_invoice_is_corrected_by_lines(door, profile, accountant, page):
    document = issued(door, accountant.pk)
    line = document.lines.get(code="support_beyond_included")
    data = {"lines": [line.pk], "why": "Goodwill", "confirm": "1"}
    response = page.post(url("credit", document.pk), data)
    note = Document.objects.get(kind="credit_note")
    assert response.url == url("document", note.pk)
    issue_requested(now=MORNING)
    assert "RK-2026-00001" in text(page.get(url("document", document.pk)))
    again = page.post(url("credit", document.pk), data)
    assert again.status_code == 400
    assert Document.objects.filter(kind="credit_note").count() == 1


def test_a_draft_of_nobody_says_what_to_do(door, issuer, page):
    document = draft(door, account_number=None)
    assert "Assign the account" in text(page.get(url("document", document.pk)))


PROFILE = {
    "kind": "business",
    "legal_name": "Bäckerei Sonne GmbH",
    "address": "Hauptplatz 1",
    "postcode": "4600",
    "city": "Wels",
    "country": "at",
    "vat_id": "atu 1358 5627",
    "vat_id_confirmed": "on",
    "language": "de",
    "invoice_email": "rechnung@sonne.example",
}


def test_completing_the_profile_ends_the_hold_at_once(door, issuer, page):
    document = draft(door)
    assert [h.reason for h in document.holds.all()] == ["recipient_incomplete"]
    assert page.post(url("account", "K-1"), PROFILE).status_code == 302
    profile = BillingProfile.objects.get()
    assert (profile.country, profile.vat_id) == ("AT", "ATU13585627")
    assert profile.vat_id_valid
    assert not document.holds.exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"country": "XX"}, "Two letters of a country"),
        ({"vat_id": "DE136695976"}, "another country"),
        ({"vat_id": "ATU123"}, "looks different"),
        ({"vat_id": ""}, "no VAT id that could be confirmed"),
        ({"invoice_email": "nobody"}, "valid email"),
    ],
)
def test_a_wrong_profile_is_explained_beside_its_field(
    door, profile, page, changes, message
):
    response = page.post(url("account", "K-1"), {**PROFILE, **changes})
    assert response.status_code == 200
    assert message in text(response)
    assert 'aria-invalid="true"' in text(response)
    profile.refresh_from_db()
    assert profile.vat_id == "ATU12345675"


def test_another_vat_id_is_not_confirmed_by_the_old_answer(door, profile, page):
    changed = {**PROFILE, "vat_id_confirmed": ""}
    page.post(url("account", "K-1"), changed)
    profile.refresh_from_db()
    assert profile.vat_id_valid is None


def test_a_mistyped_check_digit_is_only_a_warning(door, profile, page):
    data = {**PROFILE, "vat_id": "ATU13585628"}
    response = page.post(url("account", "K-1"), data, follow=True)
    assert "check digit" in text(response)
    profile.refresh_from_db()
    assert profile.vat_id == "ATU13585628"


def test_an_account_that_nobody_knows_is_not_found(issuer, page):
    assert page.get(url("account", "K-404")).status_code == 404


def test_the_issuer_is_filled_in_once_and_versioned_after_the_first_invoice(
    door, profile, accountant, page, issuer
):
    data = {
        name: value
        for name, value in Issuer.objects.values().get().items()
        if name not in ("id", "valid_from")
    }
    page.post(url("issuer"), {**data, "city": "Steyr"})
    assert Issuer.objects.get().city == "Steyr"
    issued(door, accountant.pk)
    page.post(url("issuer"), {**data, "city": "Graz"})
    cities = list(Issuer.objects.values_list("city", flat=True))
    assert cities == ["Steyr", "Graz"]
    assert "From 1 Jan 2000</span>: Nordlicht Hosting GmbH, Donaugasse 7" in text(
        page.get(url("issuer"))
    )
    wrong = page.post(url("issuer"), {**data, "iban": "AT611904300234573202"})
    assert "typing error" in text(wrong)


def test_the_placeholder_of_an_empty_installation_is_asked_for(db, page):
    Issuer.objects.all().delete()
    Issuer.objects.create(valid_from=date(2000, 1, 1))
    assert "incomplete" in text(page.get(url("index")))


def test_the_pages_ask_a_fixed_number_of_questions(door, profile, page):
    for number in range(12):
        door.add(an_incident(f"NF-{number}", cause="undetermined"))
    collect(now=LATER)
    assert questions(page, url("index")) <= 18
    assert questions(page, url("documents")) <= 11
    first = Document.objects.get(incident_reference="NF-0")
    assert questions(page, url("document", first.pk)) <= 20
