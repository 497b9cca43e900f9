"""Confirming the caller: whose incident it is, and that they may order for it."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from emergency.actions.own_deadline import keep_own_deadline
from emergency.actions.refusal import Refused
from emergency.actions.timeline import enter
from emergency.models import Account, Incident, Report, Server, Staff
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
) -> Incident:
    """The incident belongs to this account and its caller is confirmed for it.

    ``report_id`` is the report whose caller it is, else the one that opened the
    incident. With ``server_name`` what the caller typed means that server of the
    account. A contract of the account may bring the callback deadline forward. Raises
    Refused (``unknown_account``, ``unknown_server``,
    ``unknown_report``; ``frozen`` once accounting has approved).
    """
    account = Account.objects.filter(number__iexact=account_number.strip()).first()
    if account is None:
        raise Refused("unknown_account", field="account_number")
    server = _server(account, server_name)
    opened_at = Incident.objects.values_list("opened_at", flat=True).get(pk=incident_id)
    agreement = account_agreement(account_number=account.number, at=opened_at)
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
        if incident.billing_frozen_at is not None:
            raise Refused("frozen")
        report = incident.reports.filter(
            **({} if report_id is None else {"pk": report_id})
        ).first()
        if report is None:
            raise Refused("unknown_report")
        incident.account = account
        incident.caller_confirmed_at = now
        incident.save(update_fields=["account", "caller_confirmed_at"])
        report.verification = Report.Verification.TECHNICIAN
        report.save(update_fields=["verification"])
        _name_servers(report, account, server)
        enter(
            incident,
            "account_assigned",
            now=now,
            staff=staff,
            account=account.number,
            report=report.pk,
            server=server.pk if server else None,
        )
        keep_own_deadline(
            incident=incident,
            within=agreement.callback_within if agreement else None,
            staff=staff,
            now=now,
        )
    return incident


def _server(account: Account, name: str) -> Server | None:
    if not name.strip():
        return None
    server = find_server(name, account=account)
    if server is None:
        raise Refused("unknown_server", field="server_name")
    return server


def _name_servers(report: Report, account: Account, server: Server | None) -> None:
    """No server of another account stays; the first that is unknown is this one."""
    named = report.servers.order_by("pk")
    named.filter(~Q(server__account=account), server__isnull=False).update(server=None)
    first = named.filter(server__isnull=True).first()
    if server is not None and first is not None:
        first.server = server
        first.save(update_fields=["server"])
