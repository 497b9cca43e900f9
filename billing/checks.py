"""System checks of this app, each with an id and a hint.

They run where a database may be asked (`check --database default`) or before a
deployment (`check --deploy`), never at every start: loading WeasyPrint takes seconds.
"""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError

from billing.documents.renderer import RendererMissing, load_renderer
from billing.models import BankEntry, Issuer, RateCard
from billing.open_items import current_rules
from billing.rules.daytime import read_hours


@register(Tags.database)
def prices_and_issuer(
    app_configs: Any, databases: Any = None, **kwargs: Any
) -> list[CheckMessage]:
    """There is a price to sell at and an issuer to print."""
    if not databases:
        return []
    found: list[CheckMessage] = []
    try:
        has_card = RateCard.objects.exists()
        issuer = Issuer.objects.order_by("-valid_from").first()
    except DatabaseError:
        # Not migrated yet; Django says that by itself.
        return []
    if not has_card:
        found.append(
            Error(
                "There is no rate card, so nothing can be sold.",
                hint="Run `manage.py migrate`; it makes the first one.",
                id="billing.E001",
            )
        )
    if issuer is None or issuer.missing:
        found.append(
            Warning(
                "The issuer is incomplete: drafts are made, nothing is issued.",
                hint="Fill it in at /billing/issuer/.",
                id="billing.W001",
            )
        )
    return found


@register(Tags.database)
def payments_are_on_or_unused(
    app_configs: Any, databases: Any = None, **kwargs: Any
) -> list[CheckMessage]:
    """Nobody waits for what is switched off."""
    if not databases:
        return []
    try:
        reminds = current_rules().sends_reminders
        waiting = BankEntry.objects.filter(status=BankEntry.Status.OPEN).count()
    except DatabaseError:
        return []
    if settings.BILLING_PAYMENTS:
        return []
    found: list[CheckMessage] = []
    if reminds:
        found.append(
            Warning(
                "Reminders are set to be sent, but payments are switched off.",
                hint="Set BILLING_PAYMENTS=1, or nobody is reminded.",
                id="billing.W003",
            )
        )
    if waiting:
        found.append(
            Warning(
                f"{waiting} bank entries wait to be matched, but payments are "
                "switched off.",
                hint="Set BILLING_PAYMENTS=1 to see and book them.",
                id="billing.W004",
            )
        )
    return found


@register()
def mail_hours(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The hours in which invoices are mailed can be read."""
    try:
        read_hours(settings.INVOICE_MAIL_HOURS)
    except ValueError as error:
        return [
            Error(
                f"INVOICE_MAIL_HOURS: {error}",
                hint="Write two times of the day like 07:00-20:00, or nothing.",
                id="billing.E002",
            )
        ]
    return []


@register(deploy=True)
def renderer(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Documents can be made on this machine."""
    try:
        load_renderer()
    except RendererMissing as error:
        return [
            Warning(
                f"WeasyPrint cannot be loaded, documents wait: {error}",
                hint="Install Pango and HarfBuzz (Debian: libpango-1.0-0, "
                "libpangoft2-1.0-0, libharfbuzz-subset0).",
                id="billing.W002",
            )
        ]
    return []
