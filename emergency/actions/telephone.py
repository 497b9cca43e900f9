"""Staff take down an order that a caller speaks: the customer's own act, witnessed."""

from datetime import datetime

from django.db import transaction

from emergency.actions.acknowledge import acknowledge
from emergency.actions.refusal import Refused
from emergency.actions.report import MaintenanceCheck, OrderForm, order
from emergency.models import Consent, Incident, Technician
from emergency.queries.customers import Customer
from emergency.rules.tariff import Tariff
from emergency.terms import OfferedTerms


def take_down(
    *,
    form: OrderForm,
    order_key: str,
    tracking_token: str,
    terms: OfferedTerms,
    maintenance: MaintenanceCheck,
    tariff: Tariff,
    now: datetime,
    caller: Customer | None = None,
    takes_it: Technician | None = None,
) -> Incident:
    """The order stands as if the customer had pressed the button (``report.order``),
    with ``form.spoken`` as its witness.

    ``takes_it`` has the incident at once, before anybody's telephone rings; an incident
    that the report joined stays with whoever has it. Raises Refused
    (``consumer_was_rung``): a consumer whom we rang is bound by nothing but a written
    acceptance (FAGG § 9 (2), Directive 2011/83/EU Art. 8 (6)).
    """
    spoken = form.spoken
    if (
        spoken is not None
        and spoken.rung_by == Consent.RungBy.OPERATOR
        and form.ordered_as == Consent.OrderedAs.CONSUMER
    ):
        raise Refused("consumer_was_rung", field="rung_by")
    with transaction.atomic():
        incident = order(
            form=form,
            order_key=order_key,
            tracking_token=tracking_token,
            terms=terms,
            maintenance=maintenance,
            button_text="",
            now=now,
            caller=caller,
            tariff=tariff,
        )
        if takes_it is not None and incident.status == Incident.Status.PAGING:
            taken = acknowledge(
                incident_id=incident.pk, technician=takes_it, now=now, via="desk"
            )
            incident = taken.incident
    return incident
