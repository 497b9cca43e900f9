"""Confirming the caller: whose incident it is, and that they may order for it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from emergency.actions.own_deadline import keep_own_deadline
from emergency.actions.refusal import Refused
from emergency.actions.timeline import enter
from emergency.models import (
    Account,
    Incident,
    Report,
    ReportServer,
    Server,
    Staff,
)
from emergency.queries.servers import find_server
from emergency.terms import account_agreement


def confirm_caller(
    *,
    incident_id: int,
    account_number: str,
    staff: Staff,
    now: datetime,
    server_name: str = "",
    report_id: int | None = None,
    named_id: int | None = None,
) -> Incident:
    """The incident belongs to this account and its caller is confirmed for it, also
    where it was assigned otherwise before: what was typed, and who was confirmed when,
    stays.

    ``report_id`` is the report whose caller it is, else the one that opened the
    incident. With ``server_name`` what the caller typed means that server of the
    account; ``named_id`` says which of several names, else it is the first that means
    no server yet. A contract of the account may bring the callback deadline forward.
    Raises Refused (``unknown_account``, ``unknown_server``, ``unknown_report``,
    ``other_report``, ``which_server``; ``frozen`` once accounting has approved).
    """
    account = Account.objects.filter(number__iexact=account_number.strip()).first()
    if account is None:
        raise Refused("unknown_account", field="account_number")
    server = _server(account, server_name)
    opened_at = Incident.objects.values_list("opened_at", flat=True).get(pk=incident_id)
    agreement = account_agreement(account_number=account.number, at=opened_at)
    with transaction.atomic():
        incident, report = _locked(incident_id, report_id)
        before, verified_by = incident.account, report.verification
        incident.account = account
        incident.caller_confirmed_at = now
        incident.save(update_fields=["account", "caller_confirmed_at"])
        report.verification = Report.Verification.TECHNICIAN
        report.save(update_fields=["verification"])
        meant_before = _name_servers(report, account, server, named_id)
        enter(
            incident,
            "account_assigned",
            now=now,
            staff=staff,
            account=account.number,
            account_before=before.number if before else None,
            report=report.pk,
            server=server.pk if server else None,
            server_before=meant_before.pk if meant_before else None,
            verification_before=verified_by,
        )
        keep_own_deadline(
            incident=incident,
            within=agreement.callback_within if agreement else None,
            staff=staff,
            now=now,
        )
    return incident


def _locked(incident_id: int, report_id: int | None) -> tuple[Incident, Report]:
    """The incident, whose row is held, and the report whose caller is meant."""
    incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
    if incident.billing_frozen_at is not None:
        raise Refused("frozen")
    reports = incident.reports.order_by("ordered_at", "pk")
    if report_id is not None:
        reports = reports.filter(pk=report_id)
    report = reports.first()
    if report is None:
        raise Refused("unknown_report")
    return incident, report


def _server(account: Account, name: str) -> Server | None:
    if not name.strip():
        return None
    server = find_server(name, account=account)
    if server is None:
        raise Refused("unknown_server", field="server_name")
    return server


def _name_servers(
    report: Report, account: Account, server: Server | None, named_id: int | None
) -> Server | None:
    """No server of another account stays, and one of the names means this one. Answers
    the server that it meant before."""
    rows = list(report.servers.select_related("server").order_by("pk"))
    report.servers.filter(~Q(server__account=account), server__isnull=False).update(
        server=None
    )
    chosen = _chosen(rows, account, named_id) if server is not None else None
    if chosen is None:
        return None
    before, chosen.server = chosen.server, server
    chosen.save(update_fields=["server"])
    return before


def _chosen(
    rows: Sequence[ReportServer], account: Account, named_id: int | None
) -> ReportServer | None:
    """The name that is meant; None where the caller gave none."""
    if named_id is not None:
        wanted = [one for one in rows if one.pk == named_id]
        if not wanted:
            raise Refused("other_report", field="named")
        return wanted[0]
    unknown = [
        one for one in rows if one.server is None or one.server.account_id != account.pk
    ]
    if unknown or len(rows) <= 1:
        return next(iter(unknown or rows), None)
    raise Refused("which_server", field="named")
