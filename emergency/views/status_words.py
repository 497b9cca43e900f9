"""What went wrong with a status page, in words for those who set it up."""

from django.utils.translation import gettext as _


def problem(code: str) -> str:
    """The sentence for the short code of a failure."""
    sentences = {
        "not_recognised": _("This is no status page that we can read."),
        "not_https": _("Only addresses with https are read."),
        "bad_address": _("This address cannot be read."),
        "private_address": _("This address leads into a private network."),
        "other_host": _("The page leads to another host. Enter that address."),
        "too_many_redirects": _("The page leads in a circle."),
        "unreachable": _("The page cannot be reached."),
        "timeout": _("The page did not answer in time."),
        "tls": _("The page's certificate is not valid."),
        "too_large": _("The page is too large."),
        "too_many_windows": _("The page lists too many windows."),
        "components_gone": _("It lists no parts any more; those of before are kept."),
        "not_modified": _("The page says that nothing has changed."),
        "gatus_publishes_no_maintenance_windows": _(
            "Gatus publishes no maintenance windows; they only mute its messages."
        ),
        "statuscake_publishes_no_maintenance_windows": _(
            "StatusCake publishes no maintenance windows."
        ),
    }
    if code in sentences:
        return sentences[code]
    if code.startswith("http_"):
        return _("The page answers with status %(status)s.") % {
            "status": code.removeprefix("http_")
        }
    return _("The page answers with something else than expected (%(code)s).") % {
        "code": code
    }
