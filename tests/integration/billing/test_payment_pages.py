"""The pages of payments and open items: who may, what they show, what a click does."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.models import BankEntry, Booking, CsvMapping, PaymentRules
from billing.open_items import balance_of, credit_on
from billing.rules.reminder_texts import LEVELS
from tests.integration.billing.conftest import make_staff
from tests.integration.billing.payments import imported, ntry, statement
from tests.integration.billing.stories import issued
from tests.integration.billing.test_pages import signed_in, text, url


@pytest.fixture
def invoice(door, profile, accountant):
    return issued(door, accountant.pk)


@pytest.fixture
def entry(invoice, accountant):
    """Half of the invoice: a suggestion."""
    (found,) = imported(accountant, ntry("140.00", f"Rechnung {invoice.number}"))
    return found


@pytest.fixture
def page(accountant):
    return signed_in(accountant)


@pytest.fixture
def on(settings):
    settings.BILLING_PAYMENTS = True


def looks(entry):
    return [
        *(url("payments"), url("payment", entry.pk), url("payment_rules")),
        *(url("csv_mapping_new"), url("open"), url("open_account", "K-1")),
    ]


def clicks(entry, document):
    return [
        url("payment_upload"),
        *(url(f"payment_{n}", entry.pk) for n in ("confirm", "book", "aside", "again")),
        url("use_credit", document.pk),
    ]


def uploaded(*entries, name="statement.xml", **more):
    return SimpleUploadedFile(name, statement(*entries, **more), "text/xml")


def test_without_the_switch_there_is_no_such_page_and_no_menu_entry(
    entry, invoice, page
):
    for address in looks(entry):
        assert page.get(address).status_code == 404, address
        assert Client().get(address).status_code == 404, address
    for address in clicks(entry, invoice):
        assert page.post(address).status_code == 404, address
    for here in (url("index"), url("account", "K-1")):
        shown = page.get(here).content.decode()
        assert url("payments") not in shown
        assert url("open") not in shown


def test_strangers_sign_in_and_other_staff_are_refused(entry, invoice, on):
    for address in looks(entry):
        response = Client().get(address)
        assert response.status_code == 302, address
        assert response["Location"].startswith(reverse("login")), address
    for role in ("technician", "duty_manager"):
        client = signed_in(make_staff(role))
        for address in looks(entry):
            assert client.get(address).status_code == 403, address
        for address in clicks(entry, invoice):
            assert client.post(address).status_code == 403, address
    assert not Booking.objects.exists()


def test_nothing_changes_by_looking(entry, invoice, on, page):
    for address in looks(entry):
        assert page.get(address).status_code == 200, address
    for address in clicks(entry, invoice):
        assert page.get(address).status_code == 405, address
    shown = page.get(url("index")).content.decode()
    assert url("open") in shown
    assert "1 bank entry waits to be matched" in shown


def test_marking_as_paid_and_back_needs_no_switch(invoice, page, accountant):
    here = url("document", invoice.pk)
    assert "Open: 280.00" in text(page.get(here))
    assert "Say on which day" in text(
        page.post(url("paid", invoice.pk), {"paid_on": "x"}, follow=True)
    )
    day = timezone.localdate() - timedelta(days=1)
    page.post(url("paid", invoice.pk), {"paid_on": day, "note": "Seen at the bank"})
    shown = text(page.get(here))
    assert "Settled since" in shown
    assert "Seen at the bank" in shown
    undo = url("undo_booking", Booking.objects.get().pk)
    assert "Say why it is taken back" in text(page.post(undo, follow=True))
    page.post(undo, {"why": "Another customer"})
    shown = text(page.get(here))
    assert "Open: 280.00" in shown
    assert "Another customer" in shown


@pytest.mark.parametrize("role", ["technician", "duty_manager"])
def test_only_accounting_marks_and_takes_back(invoice, page, role):
    client = signed_in(make_staff(role))
    assert client.post(url("paid", invoice.pk)).status_code == 403
    page.post(url("paid", invoice.pk), {"paid_on": timezone.localdate()})
    undo = url("undo_booking", Booking.objects.get().pk)
    assert client.post(undo, {"why": "x"}).status_code == 403
    assert Client().post(undo, {"why": "x"}).status_code == 302
    assert Booking.objects.count() == 1


def test_an_upload_books_what_fits_and_shows_the_rest(invoice, on, page):
    file = uploaded(ntry("280.00", invoice.number), ntry("5.00", "<b>Spende</b>"))
    response = page.post(
        url("payment_upload"), {"file": file, "form": "camt"}, follow=True
    )
    shown = text(response)
    assert "2 new entries, 1 of them booked." in shown
    assert "&lt;b&gt;Spende" in shown
    assert "Nothing fits" in shown
    invoice.refresh_from_db()
    assert invoice.status == "settled"
    file.seek(0)
    again = page.post(
        url("payment_upload"), {"file": file, "form": "camt"}, follow=True
    )
    assert "imported before" in text(again)
    assert invoice.number in text(page.get(url("payments"), {"status": "booked"}))


def test_a_file_that_is_none_is_refused_beside_the_field(on, page):
    file = SimpleUploadedFile("x.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")
    shown = text(page.post(url("payment_upload"), {"file": file, "form": "camt"}))
    assert "no bank file that can be read" in shown
    assert 'aria-invalid="true"' in shown
    assert not BankEntry.objects.exists()


def test_one_tap_confirms_what_is_shown(entry, invoice, on, page):
    shown = text(page.get(url("payments")))
    assert "names the document, pays a part" in shown
    seen = re.search(r'name="shown" value="([^"]+)"', shown)
    assert seen is not None
    facts = {"shown": seen[1]}
    assert "Somebody else was faster" in text(
        page.post(url("payment_confirm", entry.pk), {"shown": "x"}, follow=True)
    )
    page.post(url("payment_confirm", entry.pk), facts)
    assert balance_of(invoice) == 140
    refused = page.post(url("payment_confirm", entry.pk), facts, follow=True)
    assert "booked or set aside already" in text(refused)


def test_a_person_says_what_an_entry_pays(entry, invoice, on, page):
    here = url("payment_book", entry.pk)
    assert "no document number in this" in text(page.post(here, {"numbers": "hello"}))
    assert "has the number RE-2026-00077" in text(
        page.post(here, {"numbers": "RE-2026-00077"}, follow=True)
    )
    page.post(here, {"numbers": "", "account": "K-1"})
    assert credit_on("K-1") == 140
    shown = text(page.get(url("open_account", "K-1")))
    assert "Pay from credit" in shown
    page.post(url("use_credit", invoice.pk))
    assert balance_of(invoice) == 140
    assert "Credit on account used" in text(page.get(url("open_account", "K-1")))


def test_setting_aside_says_why_and_can_be_taken_up_again(entry, on, page):
    here = url("payment_aside", entry.pk)
    assert "Say why it is none of ours" in text(page.post(here, follow=True))
    page.post(here, {"why": "A gift"})
    assert "A gift" in text(page.get(url("payments"), {"status": "set_aside"}))
    page.post(url("payment_again", entry.pk))
    assert BankEntry.objects.get().status == "open"


def test_open_items_stand_in_the_column_of_their_age(invoice, on, page):
    # Due in March; the page is read today.
    days = (timezone.localdate() - invoice.due_date).days
    shown = text(page.get(url("open")))
    assert "Over 90 days" in shown
    assert "280.00" in shown
    account = text(page.get(url("open_account", "K-1")))
    assert days > 90
    assert '<span class="badge bad">Over 90 days</span>' in account
    assert page.get(url("open_account", "K-77")).status_code == 404


def test_nobody_owes_anything_is_said(on, issuer, page):
    assert "Nobody owes anything." in text(page.get(url("open")))
    assert "Every bank entry is booked." in text(page.get(url("payments")))


MAPPING = {
    "name": "Hausbank",
    "delimiter": ";",
    "encoding": "cp1252",
    "skipped_lines": 1,
    "day_form": "%d.%m.%Y",
    "decimal_comma": "on",
    "booked_on": "Tag",
    "amount": "Betrag",
    "text": "Text",
    "payer": "Wer",
}
CSV = "Konto 1\nTag;Betrag;Text;Wer\n20.03.2026;1.280,00;RE-2026-00009;Käse GmbH\n"


def test_a_csv_form_is_tried_before_it_is_saved_and_then_read(on, page, invoice):
    sample = SimpleUploadedFile("a.csv", CSV.encode("cp1252"))
    shown = text(
        page.post(url("csv_mapping_new"), {**MAPPING, "sample": sample, "preview": 1})
    )
    assert "Käse GmbH" in shown
    assert "1,280.00" in shown
    assert not CsvMapping.objects.exists()
    assert not BankEntry.objects.exists()
    page.post(url("csv_mapping_new"), {**MAPPING, "save": 1})
    mapping = CsvMapping.objects.get()
    sample.seek(0)
    page.post(url("payment_upload"), {"file": sample, "form": mapping.pk})
    assert BankEntry.objects.get().name == "Käse GmbH"
    assert "Hausbank" in text(page.get(url("payment_rules")))
    assert page.get(url("csv_mapping", mapping.pk)).status_code == 200


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": "Summe"}, "no column Summe"),
        ({"decimal_comma": ""}, "amount is not understood"),
        ({"day_form": "%Y-%m-%d"}, "day is not understood"),
    ],
)
def test_a_csv_form_that_does_not_fit_says_what(on, page, changes, words):
    sample = SimpleUploadedFile("a.csv", CSV.encode("cp1252"))
    facts = {**MAPPING, **changes, "sample": sample, "preview": 1}
    assert words in text(page.post(url("csv_mapping_new"), facts))


def rules(**changes):
    facts = {"tolerance": "0.50", "books_exact_matches": "on", **changes}
    for place, level in enumerate(LEVELS):
        facts.setdefault(f"days_{place}", level.days)
        for language in ("de", "en"):
            facts.setdefault(f"subject_{place}_{language}", level.subject[language])
            facts.setdefault(f"text_{place}_{language}", level.text[language])
    return {name: value for name, value in facts.items() if value != ""}


def test_settings_are_versions_and_reminders_are_off_until_switched_on(
    on, page, accountant
):
    assert "Zahlungserinnerung" in text(page.get(url("payment_rules")))
    page.post(url("payment_rules"), rules())
    page.post(url("payment_rules"), rules(sends_reminders="on", days_2=""))
    first, second = PaymentRules.objects.order_by("pk")
    assert (first.sends_reminders, len(first.levels)) == (False, 3)
    assert (second.sends_reminders, len(second.levels)) == (True, 2)
    assert second.saved_by == accountant
    assert second.levels[0]["subject"]["en"] == LEVELS[0].subject["en"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text_0_en": "{secret}"}, "Nothing is put in for secret"),
        ({"text_0_de": ""}, "Both languages need words"),
        ({"days_1": ""}, "without a gap"),
        ({"tolerance": "11"}, "less than or equal to 10"),
        (
            {"sends_reminders": "on", "days_0": "", "days_1": "", "days_2": ""},
            "nothing to send",
        ),
    ],
)
def test_settings_that_cannot_work_are_refused(on, page, changes, words):
    assert words in text(page.post(url("payment_rules"), rules(**changes)))
    assert not PaymentRules.objects.exists()
