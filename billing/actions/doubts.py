"""Why a draft must wait for a person: everything that holds it."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings

from billing.agreements import Agreed
from billing.models import BillingProfile, Hold
from billing.models.money import CURRENCY
from billing.rules.rating import Code, Rating
from billing.rules.tax import EU_COUNTRIES
from billing.vies import is_asked
from emergency.billable import BillableWork


def holds_of(
    agreement: Agreed,
    profile: BillingProfile | None,
    rating: Rating,
    *,
    dearer: bool,
    now: datetime,
) -> dict[str, str]:
    """Reasons with their details; a person looks at each, or its cause ends."""
    work = agreement.work
    holds = dict.fromkeys((*rating.review, *rating.blocked_by), "")
    holds |= _of_account(profile, now)
    holds |= _of_contract(agreement, dearer=dearer)
    if not work.analysis_agreed and any(
        line.code is Code.ANALYSIS for line in rating.lines
    ):
        holds[Hold.Reason.ANALYSIS_NOT_AGREED] = ""
    return holds | _of_work(work) | _of_amount(work, rating)


def _of_amount(work: BillableWork, rating: Rating) -> dict[str, str]:
    holds = of_total(rating.gross)
    if work.may_cost is not None and rating.gross > work.may_cost:
        holds[Hold.Reason.BEYOND_COST_LIMIT] = f"{work.may_cost} {CURRENCY}"
    return holds


def of_total(gross: Decimal) -> dict[str, str]:
    """A large amount is looked at, also one that several emergencies come to."""
    most = settings.BILLING_HOLD_ABOVE
    if most and gross > most:
        return {Hold.Reason.AMOUNT_LARGE: f"{gross} {CURRENCY}"}
    return {}


def _of_account(profile: BillingProfile | None, now: datetime) -> dict[str, str]:
    if profile is None:
        return {Hold.Reason.ACCOUNT_UNKNOWN: ""}
    holds: dict[str, str] = {}
    if profile.missing:
        holds[Hold.Reason.RECIPIENT_INCOMPLETE] = ", ".join(profile.missing)
    elif profile.kind == BillingProfile.Kind.UNKNOWN:
        holds[Hold.Reason.RECIPIENT_KIND_UNKNOWN] = ""
    if wants_an_answer(profile, now):
        holds[Hold.Reason.VAT_ID_UNANSWERED] = ""
    if profile.standing == BillingProfile.Standing.STOPPED:
        holds[Hold.Reason.ACCOUNT_STANDING] = ""
    return holds


def wants_an_answer(profile: BillingProfile, now: datetime) -> bool:
    """Whether the authority should be asked about this profile's VAT id, because tax or
    document rest on it and no answer is recent enough."""
    if not (
        is_asked()
        and profile.kind == BillingProfile.Kind.BUSINESS
        and profile.vat_id
        and profile.country in EU_COUNTRIES
    ):
        return False
    if profile.vat_id_valid is None or profile.vat_id_checked_at is None:
        return True
    believed = timedelta(days=settings.VIES_CACHE_DAYS)
    return now - profile.vat_id_checked_at > believed


def _of_contract(agreement: Agreed, *, dearer: bool) -> dict[str, str]:
    holds: dict[str, str] = {}
    if dearer:
        holds[Hold.Reason.CONTRACT_DEARER] = ""
    contract = agreement.contract
    if contract is not None and contract.may_order:
        named = {_folded(name) for name in contract.may_order}
        if _folded(agreement.work.ordered_by) not in named:
            # Not who it was: names belong to rows that can be erased.
            holds[Hold.Reason.ORDERER_NOT_NAMED] = ""
    return holds


def _folded(name: str) -> str:
    """The name without the differences that people make in writing it."""
    return " ".join(name.split()).casefold()


def _of_work(work: BillableWork) -> dict[str, str]:
    holds: dict[str, str] = {}
    if not work.caller_confirmed:
        holds[Hold.Reason.CALLER_UNCONFIRMED] = ""
    if work.withdrawn_at is not None:
        holds[Hold.Reason.CONTRACT_WITHDRAWN] = (
            f"{work.withdrawn_at:%Y-%m-%d %H:%M} UTC"
        )
    if work.no_fee_day:
        holds[Hold.Reason.NO_FEE_DAY] = ""
    if work.objections:
        holds[Hold.Reason.CUSTOMER_OBJECTS] = ", ".join(work.objections)
    if work.merged_reports > 1:
        holds[Hold.Reason.MERGED_REPORTS] = str(work.merged_reports)
    if any(not entry.billable for entry in work.entries):
        holds[Hold.Reason.WAIVER_USED] = ""
    if not work.terms_fresh:
        holds[Hold.Reason.TERMS_NOT_FRESH] = ""
    return holds
