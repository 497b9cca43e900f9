"""System checks of this app, each with an id and a hint.

Those about rows run where a database may be asked (`check --database default`), the
renderer's before a deployment (`check --deploy`): loading WeasyPrint takes seconds.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError

from billing.documents.renderer import RendererMissing, load_renderer
from billing.models import BankEntry, Issuer, RateCard, VatRate
from billing.open_items import current_rules
from billing.rules.daytime import read_hours
from billing.rules.hand_over import known_tax_key


@register(Tags.database)
def prices_and_issuer(
    app_configs: Any, databases: Any = None, **kwargs: Any
) -> list[CheckMessage]:
    """There is a price to sell at and an issuer to print."""
    if not databases:
        return []
    found: list[CheckMessage] = []
    try:
        has_card = RateCard.objects.filter(account_number="").exists()
        has_rate = VatRate.objects.exists()
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
    if not has_rate:
        found.append(
            Error(
                "There is no VAT rate, so no price can be shown.",
                hint="Enter it at /billing/issuer/.",
                id="billing.E008",
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


@register()
def other_systems(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What is said about other systems can work; no database is asked."""
    return [*_mode(), *_hand_over(), *_push(), *_vies()]


def _mode() -> list[CheckMessage]:
    if settings.BILLING_MODE in {"issue", "hand_over"}:
        return []
    return [
        Error(
            f"BILLING_MODE is {settings.BILLING_MODE!r}: nothing is issued and nothing "
            "handed over.",
            hint="Set it to issue, or to hand_over where your own billing system "
            "issues the invoices.",
            id="billing.E003",
        )
    ]


def _hand_over() -> list[CheckMessage]:
    chosen = settings.HAND_OVER
    found: list[CheckMessage] = []
    if chosen["ORDER_RECORD"] not in {"link", "bytes"}:
        found.append(
            Error(
                f"HAND_OVER_ORDER_RECORD is {chosen['ORDER_RECORD']!r}.",
                hint="Set it to link or to bytes.",
                id="billing.E006",
            )
        )
    codes = chosen["TAX_CODES"]
    if not isinstance(codes, dict) or not all(
        known_tax_key(key) and isinstance(code, str) for key, code in codes.items()
    ):
        found.append(
            Error(
                "HAND_OVER_TAX_CODES cannot be understood.",
                hint="A JSON object from S, AE or O, perhaps with a rate, to the code "
                'of your billing system: {"S20": "U20", "AE": "RC", "O": "DL"}.',
                id="billing.E007",
            )
        )
    if settings.BILLING_MODE != "hand_over":
        return found
    if chosen["URL"]:
        found += _address("HAND_OVER", chosen, "billing.E004")
    if chosen["URL"] and not chosen["CALLBACK_SECRET"]:
        found.append(
            Warning(
                "No answer of the billing system is believed: their secret is missing.",
                hint="Set HAND_OVER_CALLBACK_SECRET; until then numbers are typed in.",
                id="billing.W005",
            )
        )
    if not chosen["URL"]:
        found.append(
            Warning(
                "Approved documents wait for somebody to fetch them as CSV.",
                hint="Set HAND_OVER_URL and HAND_OVER_SECRET if your billing system "
                "takes requests.",
                id="billing.W006",
            )
        )
    return found


def _push() -> list[CheckMessage]:
    chosen = settings.DOCUMENT_PUSH
    return _address("DOCUMENT_PUSH", chosen, "billing.E005") if chosen["URL"] else []


def _address(name: str, chosen: dict[str, Any], check_id: str) -> list[CheckMessage]:
    """An address that requests can go to, and a secret that signs them."""
    found: list[CheckMessage] = []
    if not _may_be_asked(chosen["URL"]):
        found.append(
            Error(
                f"{name}_URL is no address that documents may be sent to.",
                hint="It begins with https://; http:// is for this machine itself.",
                id=check_id,
            )
        )
    if not chosen["SECRET"]:
        found.append(
            Error(
                f"{name}_SECRET is missing: nothing is sent unsigned.",
                hint=f"Set {name}_SECRET, or {name}_SECRET_FILE, to a long random "
                "word that the other system knows too.",
                id=check_id,
            )
        )
    return found


def _may_be_asked(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    local = host in {"127.0.0.1", "::1", "localhost"}
    return bool(host) and (
        parts.scheme == "https" or (parts.scheme == "http" and local)
    )


def _vies() -> list[CheckMessage]:
    if settings.VIES_URL and not _may_be_asked(settings.VIES_URL):
        return [
            Error(
                "VIES_URL is no address that can be asked.",
                hint="The authority's is "
                "https://ec.europa.eu/taxation_customs/vies/rest-api.",
                id="billing.E008",
            )
        ]
    return []


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
