"""Pages about a technician's running timer."""

from django.utils.translation import gettext_noop as _

from emergency.pagers.sentences.base import Kind, Topic

SENTENCES: Topic = {
    "timer": Kind(
        where=_("Timer to confirm"),
        speech=_(
            "Emergency %(reference)s. Your timer is still running. Without an answer it"
            " stops in 15 minutes."
        ),
        text=_(
            "%(reference)s: your timer runs, not confirmed for 45 minutes. Still at it?"
            " %(answer)s Without an answer it stops in 15 minutes. %(url)s"
        ),
        subject=_("%(reference)s: is your timer right?"),
        answer=_("Reply %(code)s."),
        key_request=_("Press %(digit)s if you are still at it."),
    ),
    "notice:timer_stopped": Kind(
        where=_("Timer has stopped"),
        speech=_(
            "Emergency %(reference)s. Your timer was not confirmed and has stopped. The"
            " time is kept. Please look at it at the desk."
        ),
        text=_(
            "%(reference)s: your timer was not confirmed for 60 minutes and has"
            " stopped. The time is kept; say what of it was work: %(url)s"
        ),
        subject=_("%(reference)s: your timer has stopped"),
    ),
}
