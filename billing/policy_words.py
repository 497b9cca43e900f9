"""The readings of a rating policy in words, for whoever chooses among them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from billing.rules.policy import RatingPolicy
from billing.wording import money

ABOUT_THE_FEE = {
    "charge": _("charge the initial fee"),
    "review": _("charge the initial fee after a review"),
    "waive": _("do not charge the initial fee"),
}
ABOUT_THE_CASE = {
    "charge": _("charge it like any other"),
    "review": _("charge it after a review"),
    "nothing": _("charge nothing"),
}


@dataclass(frozen=True)
class Reading:
    """A question of the price text, and the answers that are offered."""

    question: Any
    answers: Mapping[str, Any]


READINGS: Mapping[str, Reading] = {
    "increment": Reading(
        _("Work is charged by"),
        {
            "minute": _("started minute"),
            "quarter": _("started quarter of an hour"),
            "hour": _("started hour"),
        },
    ),
    "included_cover": Reading(
        _("The included minutes cover"),
        {"support": _("support only"), "any": _("work of any kind")},
    ),
    "infrastructure": Reading(
        _("The infrastructure was the cause"),
        {
            "fee": _("charge the initial fee only"),
            "nothing": _("charge nothing"),
        },
    ),
    "infrastructure_place": Reading(
        _("The infrastructure was the cause, and the contract includes emergencies"),
        {
            "spare": _("include its initial fee and do not count it"),
            "use": _("count it among the included ones"),
        },
    ),
    "undetermined": Reading(
        _("The cause is undetermined (always reviewed)"),
        {
            "application": _("charge it like an application"),
            "no_analysis": _("charge no analysis"),
        },
    ),
    "late_callback": Reading(_("We called back late"), ABOUT_THE_FEE),
    "customer_not_reached": Reading(
        _("The customer could not be reached"), ABOUT_THE_FEE
    ),
    "late_cancellation": Reading(_("Cancelled after the free time"), ABOUT_THE_FEE),
    "maintenance": Reading(
        _("A maintenance window was about the server"), ABOUT_THE_FEE
    ),
    "into_free_hours": Reading(
        _("Work runs on into free office hours"),
        {
            "charge": _("charge it to its end"),
            "stop": _("charge it until free support opens"),
            "review": _("charge it to its end after a review"),
        },
    ),
    "not_an_emergency": Reading(_("It was no emergency"), ABOUT_THE_CASE),
    "duplicate": Reading(_("It was reported twice"), ABOUT_THE_CASE),
    "withdrawn": Reading(_("The report was taken back"), ABOUT_THE_CASE),
    "prank": Reading(_("It was a prank"), ABOUT_THE_CASE),
}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A question and its answer as they are read; ``before`` is the answer of another
    policy where it differs."""

    question: str
    answer: str
    before: str = ""


def in_words(
    policy: RatingPolicy, currency: str, instead_of: RatingPolicy | None = None
) -> list[Answer]:
    """Every reading of the policy in the active language, beside those of the one that
    it takes the place of."""
    new = _answers(policy, currency)
    old = _answers(instead_of, currency) if instead_of else new
    return [
        Answer(
            question=question,
            answer=answer,
            before="" if old[question] == answer else old[question],
        )
        for question, answer in new.items()
    ]


def _answers(policy: RatingPolicy, currency: str) -> dict[str, str]:
    values = policy.to_values()
    answers = {
        str(reading.question): str(reading.answers[values[name]])
        for name, reading in READINGS.items()
    }
    least = policy.minimum_minutes
    answers[gettext("Least time that is charged, once work is")] = (
        ngettext("%(count)s minute", "%(count)s minutes", least) % {"count": least}
        if least
        else gettext("none")
    )
    answers[gettext("Least amount that is invoiced, net")] = (
        money(policy.least_amount, currency) if policy.least_amount else gettext("none")
    )
    return answers
