"""An order that was spoken: who heard it, and what the customer gets of it in writing.

Source: FAGG § 7 (3), Directive 2011/83/EU Art. 8 (7): what was agreed is confirmed on a
durable medium before the service begins. Everybody gets it; consumers with the
instruction about their right of withdrawal.

Everything here runs inside the order's transaction.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from emergency.actions.message import tell_customer
from emergency.actions.timeline import enter
from emergency.models import Consent, Message, OperatorProfile, Report, Staff
from emergency.queries.amounts import money
from emergency.queries.consumer_words import one_line
from emergency.queries.withdrawal_words import day_and_time
from emergency.terms import FeeTerms


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """The order was spoken. ``staff`` read ``sentences`` out word for word, heard the
    yes and is its witness, not the customer; ``rung_by``: customer | operator."""

    staff: Staff
    rung_by: str
    sentences: tuple[str, ...]


def confirm_in_writing(*, report: Report, spoken: Spoken, now: datetime) -> None:
    """The timeline names the witness, and the customer is told what was agreed. A
    report that joined another has no contract of its own to confirm."""
    enter(
        report.incident,
        "ordered_by_telephone",
        now=now,
        staff=spoken.staff,
        report=report.pk,
    )
    if report.joined:
        return
    tell_customer(
        incident=report.incident,
        purpose=Message.Purpose.CONFIRMATION,
        report=report,
        values=_values(report.consent, spoken, now),
        now=now,
    )


def _values(consent: Consent, spoken: Spoken, now: datetime) -> dict[str, str]:
    """What the confirmation says beside the incident, in the customer's language."""
    terms = FeeTerms.from_json(consent.terms)
    profile = OperatorProfile.objects.in_force(now)
    with translation.override(consent.language):
        partner = (
            *((profile.name, one_line(profile.imprint)) if profile else ()),
            *((profile.hotline, profile.support_email) if profile else ()),
        )
        return {
            "ordered": day_and_time(consent.accepted_at),
            "taken_by": spoken.staff.full_name,
            "read_out": "\n".join(
                f"– {sentence}" for sentence in (*spoken.sentences, *_said_yes(consent))
            ),
            "partner": ", ".join(part for part in partner if part) or "–",
            "price": _plain(money(terms.initial_fee_gross, terms.currency)),
            "withdrawal": _right(consent, profile),
        }


def _said_yes(consent: Consent) -> tuple[str, ...]:
    return tuple(
        _("You said: %(declaration)s") % {"declaration": declaration}
        for declaration in consent.declarations
    )


def _right(consent: Consent, profile: OperatorProfile | None) -> str:
    """The right of withdrawal as it fits into a text to the telephone."""
    if consent.ordered_as != Consent.OrderedAs.CONSUMER:
        return ""
    contact = (profile.support_email or profile.hotline) if profile else ""
    return _("As a consumer you can withdraw within 14 days: %(contact)s.") % {
        "contact": contact or "-"
    }


def _plain(amount: str) -> str:
    """As an SMS holds it: one sign that its alphabet lacks would double its length."""
    return amount.replace("\N{NO-BREAK SPACE}", " ")
