"""The rate of tax by day, and the limit above which the recipient's id is needed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from billing.actions.collect import collect
from billing.actions.issue import issue_document
from billing.actions.profile import save_vat_rate
from billing.actions.refusal import BillingRefusal
from billing.models import BillingProfile, Document, VatRate
from tests.integration.billing.door import NIGHT, an_incident, worked
from tests.integration.billing.stories import MORNING, approved
from tests.integration.billing.test_pages import signed_in, text, url


def drafted(door, **changes):
    door.add(an_incident(**changes))
    collect(now=MORNING)
    return Document.objects.get()


def reasons(document):
    return {hold.reason for hold in document.holds.filter(released_at=None)}


def taxes(document):
    return list(document.taxes.values_list("category", "amount"))


# The rate of tax, and the limit of 10,000


def test_a_rate_holds_from_its_day_on_for_services_finished_then(
    door, profile, accountant
):
    save_vat_rate(
        valid_from=date(2026, 3, 4),
        rate=Decimal("21.00"),
        staff_id=accountant.pk,
        now=MORNING,
    )
    before = drafted(door)
    assert before.taxes.get().rate == Decimal("20.00")
    door.add(an_incident("NF-TEST-2", entries=(worked(79, 1),)))
    collect(now=MORNING)
    # Until 23:00 UTC it was the third of March in Vienna.
    after = Document.objects.get(incident_reference="NF-TEST-2")
    assert after.supply_to == date(2026, 3, 4)
    assert after.taxes.get().rate == Decimal("21.00")


def test_a_rate_cannot_change_what_has_left(door, profile, accountant):
    document = approved(door, accountant.pk)
    issue_document(document_id=document.pk, now=MORNING)
    with pytest.raises(BillingRefusal) as refused:
        save_vat_rate(
            valid_from=NIGHT.date(),
            rate=Decimal("19.00"),
            staff_id=accountant.pk,
            now=MORNING,
        )
    assert refused.value.code == "rate_in_the_past"
    assert VatRate.objects.get().rate == Decimal("20.00")


def test_accounting_enters_next_years_rate_and_it_changes_nothing_today(
    profile, accountant
):
    page = signed_in(accountant)
    response = page.post(
        url("vat_rate"), {"valid_from": "2030-01-01", "rate": "22.00"}, follow=True
    )
    assert "22 % from 1 Jan 2030 on" in text(response).replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert VatRate.objects.on(date(2029, 12, 31)) == Decimal("20.00")
    assert VatRate.objects.on(date(2030, 1, 1)) == Decimal("22.00")
    wrong = page.post(url("vat_rate"), {"valid_from": "2030-01-01", "rate": "101"})
    assert "rate" in wrong.context["rate_form"].errors


def test_there_is_no_rate_before_the_first_day(issuer):
    with pytest.raises(VatRate.DoesNotExist):
        VatRate.objects.on(date(1999, 12, 31))


@pytest.mark.parametrize(
    ("minutes", "gross", "held"),
    [
        # 200.00 and 2,440 minutes at 200 an hour are 8,333.33 net, 10,000.00 gross.
        (2470, "10000.00", False),
        (2471, "10004.00", True),
    ],
)
def test_above_ten_thousand_the_recipients_id_is_needed(
    door, profile, settings, minutes, gross, held
):
    settings.BILLING_HOLD_ABOVE = 0
    BillingProfile.objects.update(vat_id="", vat_id_valid=None, vat_id_checked_at=None)
    entry = worked(9, minutes)
    document = drafted(door, entries=(entry,), closed_at=NIGHT + timedelta(days=3))
    assert document.gross == Decimal(gross)
    assert reasons(document) == ({"recipient_vat_id_required"} if held else set())
