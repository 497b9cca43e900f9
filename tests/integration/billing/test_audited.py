"""What accounting sets up stands in the audit that everybody who may can search."""

from django.urls import reverse

from billing.actions.hand_over import hand_over, make_file
from emergency.models import AuditEntry
from tests import people
from tests.integration.billing.stories import MORNING, approved
from tests.integration.billing.test_contract_pages import FORM as CONTRACT
from tests.integration.billing.test_export_pages import all_settings
from tests.integration.billing.test_pages import PROFILE, signed_in, text, url
from tests.integration.billing.test_payment_pages import MAPPING, rules
from tests.integration.billing.test_ratecard_pages import filled, seen


def deeds():
    found = AuditEntry.objects.filter(area="billing").order_by("pk")
    return [(entry.code, entry.subject.partition(":")[0]) for entry in found]


def issuer_form(page, **changes):
    form = page.get(url("issuer")).context["form"]
    return {**{name: form[name].value() for name in form.fields}, **changes}


def test_every_setting_of_accounting_is_told_once(profile, accountant, settings):
    """Who, what and when; a repeat that changes nothing tells nothing."""
    settings.BILLING_PAYMENTS = True
    page = signed_in(accountant)
    for _ in range(2):
        page.post(url("account", "K-1"), PROFILE)
        page.post(url("issuer"), issuer_form(page, iban="DE02120300000000202051"))
        page.post(url("export_settings"), all_settings(page, bmd_symbol="ER"))
        page.post(url("payment_rules"), rules(tolerance="1.00"))
    page.post(url("csv_mapping_new"), {**MAPPING, "save": 1})
    page.post(url("contract", "K-1"), CONTRACT)
    page.post(url("vat_rate"), {"valid_from": "2030-01-01", "rate": "22.00"})
    card = filled(initial_fee="210.00")
    shown = page.post(url("ratecard_new"), card)
    page.post(url("ratecard_new"), {**card, "seen": seen(shown), "publish": 1})
    assert deeds() == [
        ("profile_changed", "account"),
        ("issuer_changed", "issuer"),
        ("export_settings_changed", ""),
        ("payment_rules_changed", ""),
        ("bank_csv_changed", "bank_csv"),
        ("contract_recorded", "account"),
        ("vat_rate_set", "vat_rate"),
        ("ratecard_published", "ratecard"),
    ]
    told = AuditEntry.objects.filter(area="billing")
    assert {entry.staff for entry in told} == {accountant}
    values = {entry.code: entry.values for entry in told}
    assert values["issuer_changed"] == {"fields": ["iban"]}
    assert values["vat_rate_set"] == {"rate": "22.00", "rate_before": None}
    assert values["contract_recorded"]["support_hourly"] == "120.00"
    assert values["ratecard_published"]["initial_fee"] == "210.00"
    said = str(list(values.values()))
    assert "Anna Huber" not in said
    assert "13585627" not in said


def test_it_is_found_at_the_desk_in_words(profile, accountant):
    signed_in(accountant).post(url("contract", "K-1"), CONTRACT)
    boss = people.signed_in(people.administrator())
    boss.cookies["django_language"] = "en"
    found = text(boss.get(reverse("emergency:audit"), {"area": "billing", "words": ""}))
    for words in ("Contract of an account recorded.", "account K-1", "Prices and"):
        assert words in found


def test_a_file_for_the_other_system_is_an_export(mode, door, profile, accountant):
    document = approved(door, accountant.pk)
    hand_over(document_id=document.pk, now=MORNING)
    batch = make_file(staff_id=accountant.pk, now=MORNING)
    entry = AuditEntry.objects.get(area="transfer")
    assert (entry.code, entry.staff) == ("invoices_handed_over", accountant)
    assert entry.subject == f"hand_over_file:{batch.pk}"
    assert entry.values == {"documents": 1}
