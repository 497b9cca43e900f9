"""Pages for requests that cannot be served. What the customer typed comes back."""

import logging
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from emergency.forms import ReportForm
from emergency.terms import NoTerms, offered_terms
from emergency.views.carried import TYPED, checked_from, keys_from
from emergency.views.language import in_chosen_language
from emergency.views.report_pages import check_page, form_page, unreadable_check
from emergency.views.telephone import report_again

logger = logging.getLogger(__name__)

LAST_RESORT = (
    "<!doctype html><html lang=de><meta charset=utf-8><title>Fehler</title>"
    "<h1>Das hat nicht geklappt.</h1>"
    "<p>Ihre Bestellung ist nicht angekommen. Gehen Sie zurück und versuchen Sie es"
    " noch einmal.</p>"
    "<p lang=en>This did not work. Your order has not arrived. Go back and try again."
    "</p></html>"
)


@in_chosen_language
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answers a request without a valid form token; a report comes back as typed."""
    return _report_again(
        request,
        HTTPStatus.FORBIDDEN,
        _(
            "Nothing has been ordered yet. Your browser did not confirm where this form"
            " came from. Press the button again. If this message comes back, allow"
            " cookies for this page."
        ),
    ) or _page(request, HTTPStatus.FORBIDDEN)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answers a request nobody can read."""
    return _page(request, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answers somebody who may not see this."""
    return _page(request, HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answers an address that leads nowhere."""
    return _page(request, HTTPStatus.NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    """Answers after an error of ours; a report comes back as typed."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    try:
        return _report_again(
            request,
            status,
            _("Something broke on our side. What you typed is still here. Try again."),
        ) or _page(request, status)
    except Exception:
        logger.exception("the page for errors has an error")
        return HttpResponse(LAST_RESORT, status=status)


def _report_again(
    request: HttpRequest, status: HTTPStatus, notice: str
) -> HttpResponse | None:
    """The page on which it was typed again, or None when this was another one."""
    at_the_desk = report_again(request, notice=notice, status=status)
    if at_the_desk is not None:
        return at_the_desk
    paths = {reverse("emergency:report"), reverse("emergency:order")}
    if request.method != "POST" or request.path not in paths:
        return None
    posted: QueryDict = request.POST
    if "checked" not in posted:
        form = ReportForm(initial={n: posted[n] for n in TYPED if n in posted})
        keys = keys_from(posted.get("keys"))
        return form_page(request, form, keys, notice=notice, status=status)
    checked = checked_from(posted.get("checked"))
    if checked is None:
        return unreadable_check(request)
    try:
        offered = offered_terms(
            account_number=None, at=timezone.now(), language=checked.language
        )
    except NoTerms:
        return None
    return check_page(request, checked, offered, notice=notice, status=status)


def _page(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    return render(request, f"{status.value}.html", status=status)
