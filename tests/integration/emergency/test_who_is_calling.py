"""What the rows say about callers: verified or not, first or joined."""

import pytest
from django.db import IntegrityError, transaction

from emergency import billable
from emergency.models import Incident, Report, SupportPin
from tests import people
from tests.people import NIGHT


@pytest.mark.parametrize(
    ("verification", "joined", "everything"),
    [
        ("none", False, True),
        ("none", True, False),
        ("pin", True, True),
        ("link", True, True),
        ("technician", True, True),
    ],
)
def test_a_joined_report_sees_everything_once_its_caller_is_known(
    verification, joined, everything
):
    report = Report(verification=verification, joined=joined)
    assert report.sees_everything is everything


def test_an_account_has_one_pin_at_a_time(db):
    account = people.customer().account
    row = {
        "account": account,
        "secret": "hashed",
        "created_at": NIGHT,
        "created_by": people.administrator(),
    }
    first = SupportPin.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportPin.objects.create(**row)
    SupportPin.objects.filter(pk=first.pk).update(revoked_at=NIGHT)
    SupportPin.objects.create(**row)
    assert SupportPin.objects.current().count() == 1


def test_a_merged_incident_names_the_other_and_is_never_charged(db):
    kept, gone = people.report(), people.report(server="web02.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(pk=gone.pk).update(status="merged")
    Incident.objects.filter(pk=gone.pk).update(
        status="merged", merged_into=kept, closed_at=NIGHT
    )
    assert list(billable.open_work()) == []
    with pytest.raises(billable.UnknownReference):
        billable.work(gone.reference)
