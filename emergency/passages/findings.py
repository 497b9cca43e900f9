"""Sentences about what happens next, for a technician to choose: they are read by the
customer, in the customer's language."""

from django.utils.translation import gettext_lazy as _

from emergency.passages.base import passages

NEXT_STEPS = passages(
    _("Findings, what happens next"),
    (
        "next-looking",
        _("Search goes on"),
        _("We are looking for the cause and tell you as soon as we know it."),
        "",
    ),
    (
        "next-restart",
        _("Restart"),
        _("We start the service again and then look whether it stays."),
        "",
    ),
    (
        "next-watching",
        _("It is watched"),
        _("It works again. We keep an eye on it for the next hour."),
        "",
    ),
    (
        "next-supplier",
        _("Waiting for a supplier"),
        _("A supplier has to act. We stay in touch with them and tell you the news."),
        "",
    ),
    (
        "next-application",
        _("The application"),
        _(
            "Our servers work. Please ask whoever made your application; on your word"
            " we look into it ourselves."
        ),
        "",
    ),
    (
        "next-call",
        _("Another call"),
        _("We call you again as soon as there is something to decide."),
        "",
    ),
)
