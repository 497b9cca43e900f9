"""Billing cases as JSON: the input forms that `manage.py price` takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from billing.rules.fields import Fields, read_instant
from billing.rules.policy import STANDARD, RatingPolicy
from billing.rules.readings import read_policy
from billing.rules.tax import COUNTRIES, COUNTRY_ALIASES, Recipient
from billing.rules.vat_id import compact, form_problem
from billing.rules.work import (
    Cause,
    Disposition,
    Emergency,
    Entry,
    Kind,
    Maintenance,
    Refused,
    Terms,
    check,
)

# The seed page's price text.
DEFAULT_TERMS: Mapping[str, Any] = {
    "initial_fee": "200.00",
    "included_minutes": 30,
    "support_hourly": "200.00",
    "application_analysis_hourly": "200.00",
    "vat_rate": "20.00",
    "timezone": "Europe/Vienna",
    "callback_within_minutes": 30,
}
CURRENCY = "EUR"


@dataclass(frozen=True, kw_only=True)
class PricedCase:
    """One document to price: emergencies with the issuer's rate, and the recipient."""

    emergencies: tuple[tuple[Emergency, Decimal], ...]
    recipient: Recipient


@dataclass(frozen=True, kw_only=True)
class CreditCase:
    """An invoice and the line codes that each credit note takes back."""

    original: PricedCase
    credits: tuple[tuple[str, ...], ...]


def read_case(
    value: object,
    terms: object = None,
    path: str = "",
    policy: RatingPolicy = STANDARD,
) -> PricedCase | CreditCase:
    """The case in any of its three forms. Raises Refused naming the field.

    ``terms`` and ``policy`` are those of the file around the case; the case's own win
    over them.
    """
    fields = Fields(value, path)
    policy = _own_policy(fields, policy)
    if fields.has("original"):
        return _read_credits(fields, terms, policy)
    return _read_priced(fields, terms, policy)


def _read_priced(fields: Fields, terms: object, policy: RatingPolicy) -> PricedCase:
    """One invoice: of one emergency, or of several."""
    if fields.has("emergencies"):
        return _read_collective(fields, terms, policy)
    emergency, rate = _read_emergency(fields, _merged(terms, fields), policy)
    recipient = read_recipient(fields.required("customer"), fields.at("customer"))
    return PricedCase(emergencies=((emergency, rate),), recipient=recipient)


def _own_policy(fields: Fields, around: RatingPolicy) -> RatingPolicy:
    """The policy around the case, with what the case itself reads otherwise."""
    if not fields.has("policy"):
        return around
    return read_policy(fields.raw("policy"), fields.at("policy"), around)


def _read_credits(fields: Fields, terms: object, policy: RatingPolicy) -> CreditCase:
    own = _merged(terms, fields)
    inner = Fields(fields.raw("original"), fields.at("original"))
    if inner.has("original"):
        raise Refused(fields.at("original"), "is itself a list of credit notes")
    original = _read_priced(inner, own, _own_policy(inner, policy))
    fields.required("credits")
    return CreditCase(
        original=original, credits=tuple(fields.each("credits", _read_codes))
    )


def _read_codes(value: object, path: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise Refused(path, "must be a list of line codes")
    for index, code in enumerate(value):
        if not isinstance(code, str):
            raise Refused(f"{path}[{index}]", "must be a line code")
    return tuple(value)


def _read_collective(fields: Fields, terms: object, policy: RatingPolicy) -> PricedCase:
    own = _merged(terms, fields)
    recipients: list[Recipient] = []
    if fields.has("customer"):
        recipients.append(read_recipient(fields.raw("customer"), fields.at("customer")))
    around = fields.raw("issuer_vat_rate")
    given = bool(recipients)

    def read(value: object, path: str) -> tuple[Emergency, Decimal]:
        inner = Fields(value, path)
        if inner.has("customer") and not given:
            recipients.append(
                read_recipient(inner.raw("customer"), inner.at("customer"))
            )
        merged = _merged(own, inner)
        if around is not None:
            merged["vat_rate"] = fields.amount("issuer_vat_rate")
        return _read_emergency(inner, merged, _own_policy(inner, policy))

    emergencies = fields.each("emergencies", read)
    if not emergencies:
        raise Refused(fields.at("emergencies"), "names no emergency")
    if not recipients:
        raise Refused(fields.at("customer"), "is missing")
    if len(set(recipients)) > 1:
        raise Refused(fields.at("customer"), "differs between the emergencies")
    return PricedCase(emergencies=tuple(emergencies), recipient=recipients[0])


def _merged(terms: object, fields: Fields) -> dict[str, Any]:
    merged = dict(DEFAULT_TERMS)
    for source, path in ((terms, "terms"), (fields.raw("terms"), fields.at("terms"))):
        if source is None:
            continue
        if not isinstance(source, Mapping):
            raise Refused(path, "must be an object")
        in_euro(Fields(source, path))
        merged |= {name: value for name, value in source.items() if value is not None}
    return merged


def in_euro(fields: Fields) -> None:
    """Nothing here is converted: amounts that say their currency are in euro."""
    if fields.has("currency") and fields.raw("currency") != CURRENCY:
        raise Refused(
            fields.at("currency"),
            f"is {fields.raw('currency')!r}: only {CURRENCY} is priced",
        )


def _read_emergency(
    fields: Fields, terms: dict[str, Any], policy: RatingPolicy
) -> tuple[Emergency, Decimal]:
    in_euro(fields)
    triggered_at = fields.instant("triggered_at")
    if fields.has("merged_reports"):
        fields.whole("merged_reports", least=1)
    emergency = Emergency(
        cause=fields.choice("cause", Cause),
        triggered_at=triggered_at,
        callback_reached_at=fields.optional_instant("callback_reached_at"),
        callback_attempts=tuple(fields.each("callback_attempts", read_instant)),
        cancelled_at=fields.optional_instant("cancelled_at"),
        taken_over_at=fields.optional_instant("taken_over_at"),
        disposition=(
            fields.choice("disposition", Disposition)
            if fields.has("disposition")
            else None
        ),
        maintenance=(
            fields.choice("maintenance", Maintenance)
            if fields.has("maintenance")
            else Maintenance.NONE
        ),
        free_from=fields.optional_instant("free_from"),
        policy=policy,
        entries=tuple(fields.each("entries", _read_entry)),
        terms=_read_terms(fields, terms, triggered_at),
    )
    if fields.raw("entries") is None:
        raise Refused(fields.at("entries"), "is missing")
    try:
        check(emergency)
    except Refused as refused:
        raise Refused(fields.at(refused.field), refused.problem) from None
    return emergency, _read_rate(fields, terms)


def _read_rate(fields: Fields, terms: dict[str, Any]) -> Decimal:
    if fields.has("issuer_vat_rate"):
        rate, name = fields.amount("issuer_vat_rate"), fields.at("issuer_vat_rate")
    else:
        name = "terms.vat_rate"
        rate = Fields(terms, "terms").amount("vat_rate")
    if rate > 100:
        raise Refused(name, "must be a rate in percent")
    return rate


def _read_terms(fields: Fields, terms: dict[str, Any], triggered_at: datetime) -> Terms:
    read = Fields(terms, "terms")
    try:
        zone = ZoneInfo(read.text("timezone"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused("terms.timezone", "is no known time zone") from None

    def read_card(value: object, path: str) -> tuple[datetime, Fields]:
        card = Fields(value, path)
        in_euro(card)
        card.amount("initial_fee")
        if not card.has("support_hourly") or not card.has(
            "application_analysis_hourly"
        ):
            card.amount("hourly")
        return card.day_or_instant("valid_from", zone), card

    cards = fields.each("rate_cards", read_card)
    in_force = [(start, card) for start, card in cards if start <= triggered_at]
    if in_force:
        latest = max(start for start, _ in in_force)
        same = [card for start, card in in_force if start == latest]
        if len(same) > 1:
            raise Refused(same[1].at("valid_from"), "is the same as another card's")
        return _with_card(read, same[0])
    return _with_card(read, read)


def _with_card(terms: Fields, card: Fields) -> Terms:
    """The prices of the card; what it leaves open stands in the terms."""

    def hourly(name: str) -> Decimal:
        if card.has(name):
            return card.amount(name)
        return card.amount("hourly")

    covered = card if card.has("included_minutes") else terms
    return Terms(
        initial_fee=card.amount("initial_fee"),
        included_minutes=covered.whole("included_minutes", least=0),
        support_hourly=hourly("support_hourly"),
        application_analysis_hourly=hourly("application_analysis_hourly"),
        callback_within=timedelta(
            minutes=terms.whole("callback_within_minutes", least=1)
        ),
    )


def _read_entry(value: object, path: str) -> Entry:
    fields = Fields(value, path)
    return Entry(
        technician=fields.text("technician"),
        kind=fields.choice("kind", Kind),
        started_at=fields.instant("started_at"),
        ended_at=fields.instant("ended_at"),
        billable=fields.flag("billable", default=True),
    )


def read_recipient(value: object, path: str) -> Recipient:
    """Whom the document is for. Raises Refused naming the field."""
    fields = Fields(value, path)
    country = fields.text("country").upper()
    country = COUNTRY_ALIASES.get(country, country)
    if country not in COUNTRIES:
        raise Refused(fields.at("country"), f"is {country!r}: no ISO 3166 country code")
    recipient = Recipient(
        country=country,
        business=fields.flag("business"),
        vat_id=None if fields.raw("vat_id") in (None, "") else fields.text("vat_id"),
        vat_id_valid=fields.flag("vat_id_valid", default=False),
    )
    vat_id = recipient.vat_id or ""
    confirmed = recipient.business and vat_id and recipient.vat_id_valid
    if confirmed and form_problem(compact(vat_id), country):
        # No authority can have confirmed it, and no tax would be shown on its word.
        raise Refused(
            fields.at("vat_id"), f"is {vat_id!r}: no VAT id of {country} looks like it"
        )
    return recipient
