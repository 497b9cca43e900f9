"""An account's own callback deadline: from a technician's confirmation on, forward
only; and nobody else sees anything of a contract."""

from datetime import timedelta

import pytest

from emergency.actions.callback import record_attempt
from emergency.actions.caller import confirm_caller
from emergency.actions.escalate import tick
from emergency.models import DueRow, TimelineEntry
from emergency.terms import Agreement, account_agreement
from tests import people
from tests.people import NIGHT

FIVE = timedelta(minutes=5)


def agreement(_number, _at):
    return Agreement(
        callback_within=timedelta(minutes=15), may_order=("Anna Huber", "Max Muster")
    )


def longer(_number, _at):
    return Agreement(callback_within=timedelta(hours=2))


def broken(_number, _at):
    raise RuntimeError("billing is away")


def nothing(_number, _at):
    return None


@pytest.fixture
def anna(db):
    anna = people.technician()
    people.on_call(anna)
    return anna


@pytest.fixture
def incident(anna):
    people.customer()
    return people.report()


@pytest.fixture
def says(settings):
    def choose(source):
        settings.ACCOUNT_AGREEMENT = f"{__name__}.{source.__name__}"

    return choose


def confirm(incident, anna, now=NIGHT + FIVE):
    confirm_caller(
        incident_id=incident.pk,
        account_number="10042",
        staff=anna.staff,
        now=now,
    )
    incident.refresh_from_db()
    return incident


def promise(incident):
    return incident.callback_deadline_at - incident.opened_at


def test_the_order_promises_what_everybody_is_promised(incident, says):
    says(agreement)
    assert promise(incident) == timedelta(minutes=30)


def test_with_the_confirmation_the_contract_counts(incident, anna, says):
    says(agreement)
    confirm(incident, anna)
    assert promise(incident) == timedelta(minutes=15)
    deadline = DueRow.objects.get(incident=incident, kind="deadline")
    assert deadline.due_at == incident.callback_deadline_at
    before = DueRow.objects.filter(
        incident=incident, kind__in=["reminder", "repage"], done_at=None
    )
    assert all(row.due_at < incident.callback_deadline_at for row in before)
    said = TimelineEntry.objects.get(incident=incident, code="deadline_by_contract")
    assert said.values == {"minutes": 15}


def test_the_engine_keeps_the_new_deadline(incident, anna, says):
    says(agreement)
    confirm(incident, anna)
    tick(now=NIGHT + timedelta(minutes=15, seconds=1), by="test")
    incident.refresh_from_db()
    assert incident.callback_outcome == "missed"
    assert incident.missed_at == incident.callback_deadline_at


def test_a_contract_that_is_already_broken_is_a_missed_promise(incident, anna, says):
    says(agreement)
    confirm(incident, anna, now=NIGHT + timedelta(minutes=20))
    tick(now=NIGHT + timedelta(minutes=20, seconds=1), by="test")
    incident.refresh_from_db()
    assert incident.callback_outcome == "missed"


def test_a_promise_is_never_taken_back(incident, anna, says):
    says(longer)
    assert promise(confirm(incident, anna)) == timedelta(minutes=30)


@pytest.mark.parametrize("source", [broken, nothing])
def test_nobody_waits_for_a_contract(incident, anna, says, source):
    says(source)
    found = confirm(incident, anna)
    assert found.caller_confirmed_at is not None
    assert promise(found) == timedelta(minutes=30)
    assert account_agreement(account_number="10042", at=NIGHT) is None


def test_who_was_reached_before_is_not_reached_too_late_afterwards(
    incident, anna, says
):
    says(agreement)
    record_attempt(
        incident_id=incident.pk,
        staff=anna.staff,
        outcome="reached",
        now=NIGHT + timedelta(minutes=20),
    )
    found = confirm(incident, anna, now=NIGHT + timedelta(minutes=21))
    assert (found.callback_outcome, promise(found)) == ("met", timedelta(minutes=30))


def test_the_desk_sees_who_may_order(incident, anna, says):
    says(agreement)
    page = people.signed_in(anna).get(f"/desk/i/{incident.reference}/")
    assert "Anna Huber, Max Muster" in page.content.decode()


def test_no_page_of_a_customer_asks_for_a_contract(incident, anna, client, monkeypatch):
    def asked(_number, _at):
        raise AssertionError("a public page depends on an account")

    monkeypatch.setattr("billing.terms.account_agreement", asked)
    monkeypatch.setattr("emergency.terms.logger.exception", asked)
    token = f"token-of-{incident.reports.get().order_key}"
    for address in ("/", f"/t/{token}/"):
        response = client.get(address)
        assert response.status_code == 200
        assert "Anna Huber" not in response.content.decode()
