"""The public form, opened by a drill link."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from emergency.forms import ReportForm
from emergency.queries.drills import is_good
from emergency.views.carried import new_keys
from emergency.views.report_pages import form_page


def drill_page(request: HttpRequest, secret: str) -> HttpResponse:
    """The empty form, marked as a drill; a link that counts no more says so."""
    if is_good(secret, timezone.now()):
        return form_page(request, ReportForm(), new_keys(drill=secret), files=[])
    notice = _(
        "This drill link has been used or has run out. A report from this page would"
        " be real and charged."
    )
    return form_page(request, ReportForm(), new_keys(), files=[], notice=notice)
