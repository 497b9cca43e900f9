"""The readings of a rating policy in words, for whoever chooses among them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from billing.rules.policy import RatingPolicy
from billing.wording import money

ABOUT_THE_FEE = {
    "charge": lazy("charge the initial fee"),
    "review": lazy("charge the initial fee after a review"),
    "waive": lazy("do not charge the initial fee"),
}
ABOUT_THE_CASE = {
    "charge": lazy("charge it like any other"),
    "review": lazy("charge it after a review"),
    "nothing": lazy("charge nothing"),
}


@dataclass(frozen=True)
class Reading:
    """A question of the price text, and the answers that are offered."""

    question: Any
    answers: Mapping[str, Any]


READINGS: Mapping[str, Reading] = {
    "increment": Reading(
        lazy("Work is charged by"),
        {
            "minute": lazy("started minute"),
            "quarter": lazy("started quarter of an hour"),
            "hour": lazy("started hour"),
        },
    ),
    "included_cover": Reading(
        lazy("The included minutes cover"),
        {"support": lazy("support only"), "any": lazy("work of any kind")},
    ),
    "infrastructure": Reading(
        lazy("The infrastructure was the cause"),
        {
            "fee": lazy("charge the initial fee only"),
            "nothing": lazy("charge nothing"),
        },
    ),
    "undetermined": Reading(
        lazy("The cause is undetermined (always reviewed)"),
        {
            "application": lazy("charge it like an application"),
            "no_analysis": lazy("charge no analysis"),
        },
    ),
    "late_callback": Reading(lazy("We called back late"), ABOUT_THE_FEE),
    "customer_not_reached": Reading(
        lazy("The customer could not be reached"), ABOUT_THE_FEE
    ),
    "late_cancellation": Reading(lazy("Cancelled after the free time"), ABOUT_THE_FEE),
    "maintenance": Reading(
        lazy("A maintenance window was about the server"), ABOUT_THE_FEE
    ),
    "into_free_hours": Reading(
        lazy("Work runs on into free office hours"),
        {
            "charge": lazy("charge it to its end"),
            "stop": lazy("charge it until free support opens"),
            "review": lazy("charge it to its end after a review"),
        },
    ),
    "not_an_emergency": Reading(lazy("It was no emergency"), ABOUT_THE_CASE),
    "duplicate": Reading(lazy("It was reported twice"), ABOUT_THE_CASE),
    "withdrawn": Reading(lazy("The report was taken back"), ABOUT_THE_CASE),
    "prank": Reading(lazy("It was a prank"), ABOUT_THE_CASE),
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
    answers[_("Least time that is charged, once work is")] = (
        ngettext("%(count)s minute", "%(count)s minutes", least) % {"count": least}
        if least
        else _("none")
    )
    answers[_("Least amount that is invoiced, net")] = (
        money(policy.least_amount, currency) if policy.least_amount else _("none")
    )
    return answers
