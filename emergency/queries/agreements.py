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

    @property
    def may_cost(self) -> Decimal | None:
        """Up to what, gross, nobody has to be asked; None: no limit was set."""
        if self.limit is None or self.limit.gross is None:
            return None
        return max(self.limit.gross, self.agreed or self.limit.gross)


def agreements(incident: Incident) -> Agreements:
    """What the customer of this incident has agreed to so far."""
    limits = CostLimit.objects.filter(report__incident=incident)
    return agreed(limits, incident.proposals.select_related("answer"))


def agreed(limits: Iterable[CostLimit], proposals: Iterable[Proposal]) -> Agreements:
    """The same from what was said. What was agreed to before the limit in force was
    agreed to under another one."""
    newest = max(limits, key=lambda one: (one.at, one.pk), default=None)
    limit = newest if newest is not None and newest.gross is not None else None
    known = list(proposals)
    amounts = [
        one.limit_gross
        for one in known
        if one.kind == Proposal.Kind.BEYOND_LIMIT
        and one.limit_gross is not None
        and _is_accepted(one)
        and (limit is None or one.at >= limit.at)
    ]
    return Agreements(
        limit=limit,
        agreed=max(amounts, default=None),
        analysis=analysis_agreed(known),
    )


def _is_accepted(proposal: Proposal) -> bool:
    return (
        hasattr(proposal, "answer")
        and proposal.answer.verdict == Answer.Verdict.ACCEPTED
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
    return last is not None and _is_accepted(last)


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
