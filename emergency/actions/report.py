"""Ordering: from a form to an incident with its first pages, in one transaction."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from emergency.actions.drill import open_link, use_link
from emergency.actions.identifiers import new_reference
from emergency.actions.joining import confirm_for, incident_to_join, join
from emergency.actions.message import tell_customer
from emergency.actions.network import mark_report
from emergency.actions.report_rows import MaintenanceCheck as MaintenanceCheck
from emergency.actions.report_rows import OrderForm as OrderForm
from emergency.actions.report_rows import Spoken as Spoken
from emergency.actions.report_rows import (
    named_servers,
    record_consent,
    record_said,
    record_servers,
    write_report,
)
from emergency.actions.spoken import confirm_in_writing
from emergency.actions.steps import fire_step
from emergency.actions.timeline import enter
from emergency.models import (
    DueRow,
    EscalationPolicy,
    Incident,
    Message,
    Report,
    Server,
)
from emergency.models.report import hash_token
from emergency.queries.customers import Customer
from emergency.queries.policies import snapshot_for_new
from emergency.queries.servers import find_server
from emergency.rules.deadline import callback_deadline, set_points
from emergency.rules.escalation import plan_from
from emergency.rules.tariff import Tariff
from emergency.terms import OfferedTerms

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Opening:
    """By which ``policy`` an incident is paged (None: as every new one), and its public
    code where somebody has made it already."""

    policy: EscalationPolicy | None = None
    reference: str = ""


USUAL = Opening()


def order(
    *,
    form: OrderForm,
    order_key: str,
    tracking_token: str,
    terms: OfferedTerms,
    maintenance: MaintenanceCheck,
    button_text: str,
    now: datetime,
    caller: Customer | None = None,
    network_address: str = "",
    tariff: Tariff | None = None,
    drill: str = "",
    opening: Opening = USUAL,
) -> Incident:
    """Report, incident, consent, callback clock, timeline and first pages stand.

    A report for a server whose incident is open joins that one instead: its consent
    stands, the clock and the pages of the incident go on. ``caller`` is who signed in,
    ``network_address`` where the order comes from, ``tariff`` what was said to apply,
    ``opening`` what is not as ever about an incident that this opens. Above the limits
    of ordinary use the report is marked; nothing is refused. ``drill`` is the secret of
    a drill link: the incident is one, of its own. Raises Refused (``drill_link_used``).

    The same ``order_key`` gives the same incident, however often and however
    simultaneously it is used. Workers are nudged after the commit. Paging that cannot
    be decided now is decided by the engine within a second.
    """
    existing = _ordered_before(order_key)
    if existing is not None:
        return existing
    try:
        with transaction.atomic():
            return _order(
                form=form,
                order_key=order_key,
                tracking_token=tracking_token,
                terms=terms,
                maintenance=maintenance,
                button_text=button_text,
                now=now,
                caller=caller,
                network_address=network_address,
                tariff=tariff,
                drill=drill,
                opening=opening,
            )
    except IntegrityError:
        existing = _ordered_before(order_key)
        if existing is None:
            raise
        return existing


def _ordered_before(order_key: str) -> Incident | None:
    return Incident.objects.filter(reports__order_key=order_key).first()


def _order(
    *,
    form: OrderForm,
    order_key: str,
    tracking_token: str,
    terms: OfferedTerms,
    maintenance: MaintenanceCheck,
    button_text: str,
    now: datetime,
    caller: Customer | None,
    network_address: str,
    tariff: Tariff | None,
    drill: str,
    opening: Opening,
) -> Incident:
    matched = [(typed, _server_of(typed, caller)) for typed in form.servers or ("",)]
    named = named_servers(matched)
    server = next((found for _typed, found in matched if found), None)
    joined = None
    if not drill:
        joined = incident_to_join(named, number=form.callback_number, caller=caller)
    incident = joined or _open(server, terms, opening, now, drill)
    report = write_report(
        incident,
        form,
        order_key=order_key,
        token_hash=hash_token(tracking_token),
        maintenance=maintenance,
        joined=joined is not None,
        caller=caller,
        now=now,
    )
    record_servers(report, named)
    if not incident.is_drill:
        mark_report(report=report, address=network_address, now=now)
    record_consent(report, form, terms, button_text, now)
    enter(
        incident,
        "reported",
        now=now,
        server_known=server is not None,
        maintenance=maintenance.result,
        terms_version=terms.terms.version,
        terms_fresh=terms.fresh,
    )
    record_said(report, form, tariff, now)
    if caller is not None:
        confirm_for(incident=incident, caller=caller, now=now)
    if joined is not None:
        join(incident=incident, report=report, now=now)
    else:
        _start(incident, now)
    _accept(report, form, now)
    return incident


def _accept(report: Report, form: OrderForm, now: datetime) -> None:
    """We begin, and that is the acceptance; its message goes out with it."""
    report.accepted_at = now
    report.save(update_fields=["accepted_at"])
    enter(report.incident, "order_accepted", now=now, report=report.pk)
    joined = Message.Purpose.JOINED
    purpose = joined if report.joined else Message.Purpose.RECEIVED
    tell_customer(incident=report.incident, purpose=purpose, report=report, now=now)
    if form.spoken is not None:
        confirm_in_writing(report=report, spoken=form.spoken, now=now)


def _server_of(typed: str, caller: Customer | None) -> Server | None:
    """The server that is meant; whoever is verified means one of their account."""
    return find_server(typed, account=caller.account if caller else None)


def _open(
    server: Server | None,
    terms: OfferedTerms,
    opening: Opening,
    now: datetime,
    drill: str,
) -> Incident:
    link = open_link(token=drill, now=now) if drill else None
    incident = Incident.objects.create(
        reference=opening.reference or new_reference(),
        is_drill=link is not None,
        account=server.account if server else None,
        opened_at=now,
        callback_deadline_at=callback_deadline(now, terms.terms.callback_within),
        policy_snapshot=snapshot_for_new(opening.policy),
    )
    if link is not None:
        use_link(link=link, incident=incident, now=now)
    return incident


def _start(incident: Incident, now: datetime) -> None:
    _start_clock(incident)
    _start_paging(incident, now)


def _start_clock(incident: Incident) -> None:
    DueRow.objects.bulk_create(
        [
            DueRow(
                incident=incident,
                kind=point.kind,
                step=point.step,
                due_at=point.due_at,
            )
            for point in set_points(
                plan_from(incident.policy_snapshot),
                opened_at=incident.opened_at,
                deadline_at=incident.callback_deadline_at,
            )
        ]
    )


def _start_paging(incident: Incident, now: datetime) -> None:
    """The first step fires here; if that fails, a due row makes the engine do it.

    An order must not be refused because a roster cannot be read.
    """
    try:
        with transaction.atomic():
            fire_step(incident=incident, step=0, now=now)
    except Exception:
        logger.exception("%s: the first step is left to the engine", incident.reference)
        incident.refresh_from_db()
        DueRow.objects.create(incident=incident, kind=DueRow.Kind.STEP, due_at=now)
