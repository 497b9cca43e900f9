"""What staff read out to a caller before they take down an order, in the caller's
language.

Source: FAGG §§ 4, 7 (2), 9 (1) and 10, Directive 2011/83/EU Art. 6, 8 (4) and (5): who
speaks, that it is about an order, what it is, what it costs with taxes or how that is
computed, and for consumers the right of withdrawal. The sentences are kept with the
consent as they stand here, and longer than the caller's number, which none of them
holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from emergency.operator_facts import Operator
from emergency.queries.consumer_words import as_a_business, declarations
from emergency.rules.customer_kind import BUSINESSES_ONLY, CONSUMER
from emergency.terms import FeeTerms
from emergency.views.before import Before, before_the_form
from emergency.views.carried import Checked
from emergency.views.maintenance import ShownCheck, shown


@dataclass(frozen=True, kw_only=True)
class ReadOut:
    """Sentences to read, what a consumer is asked to declare by the names of the boxes,
    and the last question. ``case`` is one of ``rules.tariff.Case``. ``maintenance``
    holds the windows that may be the cause, ``asks_about_it`` whether the caller has to
    say that they order all the same."""

    language: str
    sentences: tuple[str, ...]
    declarations: dict[str, str]
    question: str
    case: str
    maintenance: ShownCheck

    @property
    def asks_about_it(self) -> bool:
        return self.maintenance.needs_confirmation


def read_out(
    checked: Checked,
    terms: FeeTerms,
    *,
    operator: Operator,
    staff: str,
    kind: str,
    now: datetime,
) -> ReadOut:
    """The text for this caller, who orders as ``kind``; ``staff`` is who speaks."""
    with translation.override(checked.language):
        before = before_the_form(operator, now)
        maintenance = shown(checked.maintenance, now)
        return ReadOut(
            language=checked.language,
            sentences=(
                _who_speaks(staff, operator),
                *_tariff(before),
                *_maintenance(maintenance),
                terms.price_sentence,
                *_scope(terms),
                _way_out(operator),
                *_law(operator, kind),
            ),
            declarations=declarations() if kind == CONSUMER else {},
            question=_("Do you order this, with the obligation to pay?"),
            case=before.case,
            maintenance=maintenance,
        )


def _who_speaks(staff: str, operator: Operator) -> str:
    if not operator.name:
        return _(
            "You are speaking with %(staff)s. This is about an order of emergency"
            " support, for which you pay a fee."
        ) % {"staff": staff}
    return _(
        "You are speaking with %(staff)s of %(operator)s. This is about an order of"
        " emergency support, for which you pay a fee."
    ) % {"staff": staff, "operator": operator.name}


def _tariff(before: Before) -> Iterator[str]:
    if before.case == "free_hours":
        yield _(
            "Our free support is open now, until %(until)s. Emergency support costs the"
            " fee all the same."
        ) % {"until": before.until}
        return
    if before.reason:
        yield before.reason
    if before.case == "no_fee":
        yield _(
            "We closed on a day on which you could expect us, so we waive the initial"
            " fee for orders until %(until)s. Time beyond the included minutes costs as"
            " usual."
        ) % {"until": before.until}
    if before.opens:
        yield _("Free support opens on %(opens)s, in %(time)s.") % {
            "opens": before.opens,
            "time": before.opens_in,
        }


def _maintenance(maintenance: ShownCheck) -> Iterator[str]:
    for window in maintenance.windows:
        values = {"name": window.name, "until": window.until}
        if window.until:
            yield (
                _("Maintenance that may be the cause: %(name)s, until %(until)s.")
                % values
            )
        else:
            yield _("Maintenance that may be the cause: %(name)s.") % values


def _scope(terms: FeeTerms) -> Iterator[str]:
    if terms.covered:
        yield _("The fee covers the following.")
        yield from terms.covered
    if terms.not_covered:
        yield _("Not covered is the following.")
        yield from terms.not_covered


def _way_out(operator: Operator) -> str:
    minutes = operator.free_cancellation
    return ngettext(
        "You can cancel free of charge for %(minutes)s minute, and longer while no"
        " technician has taken it.",
        "You can cancel free of charge for %(minutes)s minutes, and longer while no"
        " technician has taken it.",
        minutes,
    ) % {"minutes": minutes}


def _law(operator: Operator, kind: str) -> Iterator[str]:
    if kind == CONSUMER:
        yield _(
            "As a consumer you can withdraw from the contract within 14 days, without"
            " giving a reason. You get the instruction about it and a form in writing."
        )
    elif operator.sells_to == BUSINESSES_ONLY:
        yield as_a_business()
