"""The demo's year of invoices: made once, by the actions that accounting uses."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from billing.models import Document, ExportRun, Issuer, NumberSeries, Transmission
from tests.integration.billing.bookkeeping import a_run
from tests.integration.billing.conftest import make_staff
from tests.integration.billing.door import NIGHT, TERMS, an_incident, worked

NOW = NIGHT + timedelta(days=90)


def live_on(day, number, **changes):
    """The usual emergency on another day, for another account."""
    past = timedelta(days=day)
    begun = NIGHT + past
    entry = worked(9 + day * 24 * 60, 40)
    return an_incident(
        f"NF-{day}",
        account_number=number,
        triggered_at=begun,
        callback_deadline_at=begun + TERMS.callback_within,
        callback_reached_at=begun + timedelta(minutes=9),
        callback_attempts=(begun + timedelta(minutes=9),),
        acknowledged_at=begun + timedelta(minutes=1),
        closed_at=begun + timedelta(minutes=70),
        entries=(entry,),
        **changes,
    )


@pytest.fixture
def year(door, issuer):
    Issuer.objects.update(iban="", legal_name="")
    accountant = make_staff("accounting")
    accountant.is_demo = True
    accountant.save()
    door.add(
        live_on(1, "K-1001"),
        live_on(2, "K-1005"),
        live_on(3, "K-1008", cause="undetermined"),
        live_on(40, "K-1010", cause="undetermined"),
        live_on(88, "K-1002"),
    )
    return door


def seed():
    call_command("seed_demo_billing", now=NOW.isoformat(), stdout=StringIO())


def test_it_issues_the_past_and_leaves_drafts_a_hold_and_a_credit_note(year):
    seed()
    states = dict(Document.objects.values_list("incident_reference", "status"))
    assert states["NF-88"] == "draft"
    assert states["NF-40"] == "draft"
    assert Document.objects.get(incident_reference="NF-40").holds.exists()
    assert Document.objects.filter(kind="invoice", number__isnull=False).count() == 3
    assert Document.objects.get(kind="credit_note").is_issued
    invoices = Document.objects.filter(kind="invoice", number__isnull=False)
    by_number = list(invoices.order_by("number").values_list("pk", flat=True))
    by_date = list(invoices.order_by("issued_at").values_list("pk", flat=True))
    assert by_number == by_date
    assert Transmission.objects.filter(status="sent").exists()


def test_running_it_again_adds_nothing(year):
    seed()
    before = list(Document.objects.order_by("pk").values())
    assert [document["number"] for document in before].count(None) == 2
    series = list(NumberSeries.objects.values())
    seed()
    assert list(Document.objects.order_by("pk").values()) == before
    assert list(NumberSeries.objects.values()) == series


def test_an_installation_without_demo_staff_is_left_alone(door, issuer):
    make_staff("accounting")
    with pytest.raises(CommandError, match="no demo staff"):
        seed()


def test_the_demos_invoices_can_be_exported_in_every_format(year):
    seed()
    for name in ExportRun.Format.values:
        run = a_run(name, now=NOW)
        assert (run.status, run.documents) == ("made", 4), name
