"""System checks: what is missing or contradictory, and what to do about it."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from emergency.actions.holidays import calendar_trouble
from emergency.mailboxes.directory import mailbox_at
from emergency.models import Staff
from emergency.pagers import gateway

PROVIDER_HINT = "Set them (or NAME_FILE), or use `make run` with its simulator."
E164 = re.compile(r"\+[1-9]\d{6,14}")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@register
def secret_key_is_set(**kwargs: Any) -> list[CheckMessage]:
    """emergency.E001: nothing can be signed without a key."""
    try:
        if settings.SECRET_KEY:
            return []
    except ImproperlyConfigured:
        # Django itself refuses to hand out an empty key.
        pass
    return [
        Error(
            "SECRET_KEY is not set.",
            hint="Set SECRET_KEY or SECRET_KEY_FILE to 50 or more random signs.",
            id="emergency.E001",
        )
    ]


@register
def public_base_url_is_an_address(**kwargs: Any) -> list[CheckMessage]:
    """emergency.E002 and W001: provider callbacks and links are built from it."""
    parts = urlsplit(settings.PUBLIC_BASE_URL)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        return [
            Error(
                "PUBLIC_BASE_URL is not an address of the form https://host.",
                hint="Scheme and host as customers and provider reach them, no path.",
                id="emergency.E002",
            )
        ]
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        return [
            Warning(
                "PUBLIC_BASE_URL is not https.",
                hint="Tracking pages and callbacks carry secrets in their addresses.",
                id="emergency.W001",
            )
        ]
    return []


@register
def provider_is_configured(**kwargs: Any) -> list[CheckMessage]:
    """emergency.W002: without these nobody is paged and no callback is believed.

    Only a warning, as an installation is migrated before it is configured.
    """
    return [
        Warning(message, hint=PROVIDER_HINT, id="emergency.W002")
        for message in _missing_provider()
    ]


@register(deploy=True)
def provider_is_configured_for_use(**kwargs: Any) -> list[CheckMessage]:
    """emergency.E003: as W002, for ``check --deploy``."""
    return [
        Error(message, hint=PROVIDER_HINT, id="emergency.E003")
        for message in _missing_provider()
    ]


def _missing_provider() -> list[str]:
    missing = [
        name
        for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM_NUMBER")
        if not getattr(settings, name)
    ]
    return [f"{', '.join(missing)} not set: no page can be sent."] if missing else []


@register
def every_variable_is_readable(**kwargs: Any) -> list[CheckMessage]:
    """emergency.E004: a variable has a value that means nothing."""
    return [
        Error(
            f"{name} cannot be read; its default is in use.",
            hint=f"Correct the environment variable {name} or remove it.",
            id="emergency.E004",
        )
        for name in settings.UNREADABLE
    ]


@register
def sms_gateway_is_described(**kwargs: Any) -> list[CheckMessage]:
    """emergency.E010: the second way for SMS is named, but cannot work."""
    return [
        Error(
            f"{name} does not describe an SMS gateway.",
            hint="The table of docs/configuration.md says what it may be.",
            id="emergency.E010",
        )
        for name in gateway.problems()
    ]


@register
def house_phone_is_a_number(**kwargs: Any) -> list[CheckMessage]:
    """emergency.E011: the self-test would page something that cannot ring."""
    number = settings.HOUSE_PHONE_NUMBER
    if not number or E164.fullmatch(number):
        return []
    return [
        Error(
            "HOUSE_PHONE_NUMBER is not a number in E.164.",
            hint="Write it with + and country code, as +431234567.",
            id="emergency.E011",
        )
    ]


@register
def holidays_are_known(**kwargs: Any) -> list[CheckMessage]:
    """emergency.E012: without public holidays the free hours would be wrong."""
    trouble = calendar_trouble()
    if not trouble:
        return []
    return [
        Error(
            f"HOLIDAY_COUNTRY or HOLIDAY_SUBDIVISION: {trouble}",
            hint="A country code of ISO 3166, as AT, and for its part what the"
            " `holidays` library calls it, as BY of DE.",
            id="emergency.E012",
        )
    ]


@register
def retention_is_sensible(**kwargs: Any) -> list[CheckMessage]:
    """emergency.E013 and W013: data would go before its time, or stay too long."""
    short, case, evidence = (
        settings.RETENTION_SHORT_DAYS,
        settings.RETENTION_CASE_DAYS,
        settings.RETENTION_EVIDENCE_DAYS,
    )
    found: list[CheckMessage] = []
    if min(short, case, evidence) < 1:
        found.append(
            Error(
                "A RETENTION_… setting is 0: data would be erased at once.",
                hint="Give whole days; docs/privacy.md names the usual ones.",
                id="emergency.E013",
            )
        )
    if case > evidence:
        found.append(
            Warning(
                "RETENTION_CASE_DAYS is longer than RETENTION_EVIDENCE_DAYS.",
                hint="What explains a case goes at latest with the evidence for it.",
                id="emergency.W013",
            )
        )
    return found


@register
def import_has_an_address(**kwargs: Any) -> list[CheckMessage]:
    """emergency.E020 and E021: the nightly list could not be read so, or too easily."""
    url = settings.ACCOUNTS_IMPORT_URL
    found: list[CheckMessage] = []
    parts = urlsplit(url)
    inside = parts.hostname in LOOPBACK and settings.ACCOUNTS_IMPORT_ALLOW_HOST
    if url and (
        not parts.hostname
        or parts.password is not None
        or not (parts.scheme == "https" or (parts.scheme == "http" and inside))
    ):
        found.append(
            Error(
                "ACCOUNTS_IMPORT_URL is no https address without a password.",
                hint="Write https://host/list.csv; a secret goes into"
                " ACCOUNTS_IMPORT_TOKEN.",
                id="emergency.E020",
            )
        )
    if not 1 <= settings.ACCOUNTS_IMPORT_BRAKE_PERCENT <= 100:
        found.append(
            Error(
                "ACCOUNTS_IMPORT_BRAKE_PERCENT is not between 1 and 100.",
                hint="docs/accounts-import.md says what the brake does.",
                id="emergency.E021",
            )
        )
    return found


@register(deploy=True)
def somebody_outside_watches(**kwargs: Any) -> list[CheckMessage]:
    """emergency.W010 and W011: nobody would notice that pages no longer arrive."""
    missing = {
        "HEARTBEAT_URL": "emergency.W010",
        "HOUSE_PHONE_NUMBER": "emergency.W011",
    }
    return [
        Warning(
            f"{name} is not set: nobody notices when pages no longer arrive.",
            hint="docs/configuration.md says what it is for.",
            id=identity,
        )
        for name, identity in missing.items()
        if not getattr(settings, name)
    ]


@register(Tags.database)
def demo_logins_stay_on_this_machine(
    databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """emergency.E005: demo passwords are printed in the README."""
    if not databases or urlsplit(settings.PUBLIC_BASE_URL).hostname in LOOPBACK:
        return []
    try:
        if Staff._meta.db_table not in connection.introspection.table_names():
            return []
        if not Staff.objects.filter(is_demo=True, is_active=True).exists():
            return []
    except DatabaseError:
        return []
    return [
        Error(
            "Demo logins exist and PUBLIC_BASE_URL is public.",
            hint="Use an empty database for a public installation.",
            id="emergency.E005",
        )
    ]


@register
def mailbox_is_named(**kwargs: Any) -> list[CheckMessage]:
    """emergency.E012: the mailbox of the emergency address cannot be read."""
    url = settings.EMERGENCY_MAILBOX_URL
    try:
        if url:
            mailbox_at(url)
    except ValueError:
        return [
            Error(
                "EMERGENCY_MAILBOX_URL names no mailbox.",
                hint="Write imaps://user:password@host/folder or maildir:///path.",
                id="emergency.E012",
            )
        ]
    return []
