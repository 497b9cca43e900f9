"""Pages about a technician's running timer."""

from django.utils.translation import gettext as _

from emergency.pagers.base import PageOrder
from emergency.pagers.sentences.about_an_incident import spoken_reference
from emergency.pagers.sentences.base import Sentences, Topic


def _still_at_it(order: PageOrder) -> Sentences:
    with_code = _(
        "%(reference)s: your timer runs, not confirmed for 45 minutes. Still at it?"
        " Reply %(code)s. Without an answer it stops in 15 minutes. %(url)s"
    )
    without_code = _(
        "%(reference)s: your timer runs, not confirmed for 45 minutes. Still at it?"
        " Without an answer it stops in 15 minutes. %(url)s"
    )
    return Sentences(
        speech=_(
            "Emergency %(reference)s. Your timer is still running. Without an answer it"
            " stops in 15 minutes."
        )
        % {"reference": spoken_reference(order.reference)},
        text=(with_code if order.code else without_code) % _written(order),
        subject=_("%(reference)s: is your timer right?") % _written(order),
        key_request=_("Press %(digit)s if you are still at it."),
    )


def _stopped(order: PageOrder) -> Sentences:
    return Sentences(
        speech=_(
            "Emergency %(reference)s. Your timer was not confirmed and has stopped. The"
            " time is kept. Please look at it at the desk."
        )
        % {"reference": spoken_reference(order.reference)},
        text=_(
            "%(reference)s: your timer was not confirmed for 60 minutes and has"
            " stopped. The time is kept; say what of it was work: %(url)s"
        )
        % _written(order),
        subject=_("%(reference)s: your timer has stopped") % _written(order),
    )


def _written(order: PageOrder) -> dict[str, str]:
    return {
        "reference": order.reference,
        "code": order.code,
        "url": order.desk_url,
    }


SENTENCES: Topic = {
    "timer": _still_at_it,
    "notice:timer_stopped": _stopped,
}
