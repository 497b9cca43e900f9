"""Checks say what waits while payments are switched off."""

from decimal import Decimal

import pytest

from billing.actions.payment_rules import save_rules
from billing.checks import payments_are_on_or_unused
from tests.integration.billing.payments import imported, ntry
from tests.integration.billing.stories import MORNING


def found(databases=("default",)):
    return [m.id for m in payments_are_on_or_unused(None, databases=databases)]


def test_nothing_waits_in_a_new_installation(db):
    assert found() == []


@pytest.mark.parametrize("switched_on", [True, False])
def test_reminders_and_entries_that_wait_for_the_switch_are_named(
    accountant, settings, switched_on
):
    settings.BILLING_PAYMENTS = switched_on
    save_rules(
        values={"tolerance": Decimal(0), "sends_reminders": True},
        staff_id=accountant.pk,
        now=MORNING,
    )
    imported(accountant, ntry("5.00", "x"))
    assert found() == ([] if switched_on else ["billing.W003", "billing.W004"])
    assert found(databases=None) == []
