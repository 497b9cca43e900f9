"""Notices about cases that may have to be reported to an authority."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from emergency.pagers.base import PageOrder
from emergency.pagers.sentences.base import Kind, Topic


def step_word(step: str) -> str:
    """What an authority is told, within a sentence."""
    words = {
        "early_warning": gettext("early warning"),
        "notification": gettext("notification"),
        "final_report": gettext("final report"),
        "data_breach": gettext("notification of the data breach"),
    }
    return words.get(step, step)


def kind_word(kind: str) -> str:
    """Why it may have to be reported, within a sentence."""
    words = {
        "outage": gettext("service outage"),
        "compromise": gettext("suspected attack"),
        "personal_data": gettext("breach of personal data"),
    }
    return words.get(kind, kind)


def _values(order: PageOrder) -> dict[str, str]:
    return {
        "case": str(order.values.get("case", "")),
        "kind": kind_word(str(order.values.get("kind", ""))),
        "step": step_word(str(order.values.get("step", ""))),
        "deadline": _moment(order.values.get("deadline")),
    }


def _moment(instant: object) -> str:
    if not isinstance(instant, str):
        return ""
    at = timezone.localtime(datetime.fromisoformat(instant))
    return date_format(at, gettext("D j M, H:i"))


def _coming(where: str) -> Kind:
    return Kind(
        where=where,
        speech=_(
            "The authority must have the %(step)s by %(deadline)s (%(kind)s, case"
            " %(case)s)."
        ),
        subject=_("Report to the authority by %(deadline)s"),
        values=_values,
    )


SENTENCES: Topic = {
    "notice:reportable_flagged": Kind(
        where=_("May have to be reported"),
        speech=_(
            "An incident may have to be reported to the authority: %(kind)s, case"
            " %(case)s. The deadlines run."
        ),
        subject=_("May have to be reported: %(kind)s"),
        values=_values,
    ),
    "notice:reportable_ahead": _coming(_("A report is due")),
    "notice:reportable_soon": _coming(_("A report is due soon")),
    "notice:reportable_passed": Kind(
        where=_("A report is overdue"),
        speech=_(
            "No %(step)s to the authority is recorded, and it was due by %(deadline)s"
            " (%(kind)s, case %(case)s). Send it now, or record that it was sent."
        ),
        subject=_("Overdue: report to the authority"),
        values=_values,
    ),
    "notice:reportable_failed": Kind(
        where=_("A case is not watched"),
        speech=_(
            "The deadlines of case %(case)s, which may have to be reported to the"
            " authority, cannot be watched. Look at it yourself."
        ),
        subject=_("A case is not watched"),
        values=_values,
    ),
}
