"""Notices about cases that may have to be reported to an authority."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from emergency.pagers.base import PageOrder
from emergency.pagers.sentences.base import Sentences, Topic


def step_word(step: str) -> str:
    """What an authority is told, within a sentence."""
    words = {
        "early_warning": _("early warning"),
        "notification": _("notification"),
        "final_report": _("final report"),
        "data_breach": _("notification of the data breach"),
    }
    return words.get(step, step)


def kind_word(kind: str) -> str:
    """Why it may have to be reported, within a sentence."""
    words = {
        "outage": _("service outage"),
        "compromise": _("suspected attack"),
        "personal_data": _("breach of personal data"),
    }
    return words.get(kind, kind)


def _flagged(order: PageOrder) -> Sentences:
    text = _(
        "An incident may have to be reported to the authority: %(kind)s, case"
        " %(case)s. The deadlines run."
    )
    return _of(text, _("May have to be reported: %(kind)s"), order)


def _coming(order: PageOrder) -> Sentences:
    text = _(
        "The authority must have the %(step)s by %(deadline)s (%(kind)s, case"
        " %(case)s)."
    )
    return _of(text, _("Report to the authority by %(deadline)s"), order)


def _passed(order: PageOrder) -> Sentences:
    text = _(
        "No %(step)s to the authority is recorded, and it was due by %(deadline)s"
        " (%(kind)s, case %(case)s). Send it now, or record that it was sent."
    )
    return _of(text, _("Overdue: report to the authority"), order)


def _failed(order: PageOrder) -> Sentences:
    text = _(
        "The deadlines of case %(case)s, which may have to be reported to the"
        " authority, cannot be watched. Look at it yourself."
    )
    return _of(text, _("A case is not watched"), order)


def _of(text: str, subject: str, order: PageOrder) -> Sentences:
    values = {
        "case": str(order.values.get("case", "")),
        "kind": kind_word(str(order.values.get("kind", ""))),
        "step": step_word(str(order.values.get("step", ""))),
        "deadline": _moment(order.values.get("deadline")),
    }
    said = text % values
    return Sentences(
        speech=said, text=f"{said} {order.desk_url}", subject=subject % values
    )


def _moment(instant: object) -> str:
    if not isinstance(instant, str):
        return ""
    at = timezone.localtime(datetime.fromisoformat(instant))
    return date_format(at, _("D j M, H:i"))


SENTENCES: Topic = {
    "notice:reportable_flagged": _flagged,
    "notice:reportable_ahead": _coming,
    "notice:reportable_soon": _coming,
    "notice:reportable_passed": _passed,
    "notice:reportable_failed": _failed,
}
