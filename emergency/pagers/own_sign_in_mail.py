"""The e-mail to staff that their own way to sign in has changed: what, when, from which
browser, and what to do if it was not them. No secret and no address to follow: whoever
changed it might have written the mail.

The templates stand where django-allauth looks for its own, so that a change of which it
tells by itself one day is told in our words as well.
"""

from datetime import datetime
from enum import StrEnum

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from emergency.pagers.letters import Letter


class Change(StrEnum):
    """What we tell of ourselves, by its templates; allauth tells of the others."""

    PASSWORD = "account/email/password_changed"  # noqa: S105 - a template
    COMPANY = "account/email/company_linked"
    RESET = "mfa/email/factors_reset"


def own_sign_in_letter(
    *, change: str, language: str, at: datetime, browser: str, operator: str
) -> Letter:
    """The mail about this change, whose templates begin with ``change``."""
    with override(language):
        context = {
            "when": date_format(timezone.localtime(at), _("D j M, H:i")),
            "browser": browser or _("not known"),
            "operator": operator,
        }
        subject = render_to_string(f"{change}_subject.txt", context)
        text = render_to_string(f"{change}_message.txt", context)
    return Letter(subject=" ".join(subject.split()), text=text.strip())
