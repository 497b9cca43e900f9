"""What the customer has agreed to before it was charged."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _

from emergency.models import Answer, CostLimit, Incident, Proposal
from emergency.queries.amounts import increment_words, money, percent
from emergency.terms import FeeTerms


@dataclass(frozen=True, kw_only=True)
class Agreements:
    """The newest word of the customer. ``limit`` and ``agreed`` are gross amounts:
    their own limit, and the highest one they agreed to since they set it."""

    limit: CostLimit | None
    agreed: Decimal | None
    analysis: bool


def agreements(incident: Incident) -> Agreements:
    """What the customer of this incident has agreed to so far."""
    newest = CostLimit.objects.filter(report__incident=incident).last()
    limit = newest if newest is not None and newest.gross is not None else None
    accepted = incident.proposals.filter(answer__verdict=Answer.Verdict.ACCEPTED)
    beyond = accepted.filter(kind=Proposal.Kind.BEYOND_LIMIT)
    if limit is not None:
        beyond = beyond.filter(at__gte=limit.at)
    amounts = [one.limit_gross for one in beyond if one.limit_gross is not None]
    return Agreements(
        limit=limit,
        agreed=max(amounts, default=None),
        analysis=analysis_agreed(incident.proposals.select_related("answer")),
    )


def analysis_agreed(proposals: Iterable[Proposal]) -> bool:
    """Whether analysing the application was agreed to. The last answer counts: whoever
    declined may accept later, and the other way."""
    answered = [
        one
        for one in proposals
        if one.kind == Proposal.Kind.APPLICATION_ANALYSIS and hasattr(one, "answer")
    ]
    last = max(answered, key=lambda one: (one.answer.at, one.pk), default=None)
    return last is not None and last.answer.verdict == Answer.Verdict.ACCEPTED


def terms_of(incident: Incident) -> FeeTerms:
    """The terms of the report that prices the incident."""
    report = incident.reports.select_related("consent").order_by("ordered_at", "pk")[0]
    return FeeTerms.from_json(report.consent.terms)


def analysis_question(terms: FeeTerms, language: str) -> str:
    """The question before the application is analysed, as it is asked and kept."""
    with translation.override(language):
        return _(
            "May we analyse the application? It costs %(gross)s per hour including"
            " %(vat)s VAT (%(net)s net), charged per %(increment)s from the first"
            " minute. If the infrastructure turns out to be the cause, you pay nothing"
            " for it."
        ) % {
            "gross": money(terms.application_analysis_hourly_gross, terms.currency),
            "net": money(terms.application_analysis_hourly_net, terms.currency),
            "vat": percent(terms.vat_rate),
            "increment": increment_words(terms.increment_minutes),
        }


def limit_question(limit: CostLimit, gross: Decimal, language: str) -> str:
    """The question before the cost limit is passed, as it is asked and kept."""
    with translation.override(language):
        return _(
            "You set a cost limit of %(limit)s. May we go on up to %(gross)s including"
            " VAT?"
        ) % {
            "limit": money(limit.gross or Decimal(0), limit.currency),
            "gross": money(gross, limit.currency),
        }
