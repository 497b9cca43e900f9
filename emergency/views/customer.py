"""Who may open what on the tracking page: whoever knows its address, and no more than
its report may see."""

from collections.abc import Callable
from functools import update_wrapper
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from emergency.models import Report
from emergency.queries.dialling import number_to_ring
from emergency.queries.tracking import is_revoked, report_behind
from emergency.views.language import in_chosen_language


def tracking_page(
    *, everything: bool
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """The view is given the report behind the secret of its address.

    404 for a secret nobody made, 410 with the hotline for a revoked one; with
    ``everything`` also 404 where the report may not see everything. Answers are kept
    out of caches, referrers and search engines, and in the language of the order.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        def opened(request: HttpRequest, /, token: str, **rest: Any) -> HttpResponse:
            report = report_behind(token)
            if report is None or (everything and not report.sees_everything):
                raise Http404
            speak(request, report)
            if is_revoked(report):
                response = _revoked(request)
            else:
                response = view(request, report, **rest)
            response.headers["Cache-Control"] = "private, no-store"
            # No other site learns the address; without any referrer browsers would send
            # no origin, and every form of the page would be refused.
            response.headers["Referrer-Policy"] = "same-origin"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            return response

        # The address is the secret: a forged form would have to know it, and the page
        # must work in a browser that keeps no cookies.
        guarded = csrf_exempt(in_chosen_language(opened))
        return update_wrapper(guarded, view)

    return decorate


def speak(request: HttpRequest, report: Report) -> None:
    """The page speaks the language of the order unless another was chosen."""
    if "lang" not in request.GET and "django_language" not in request.COOKIES:
        translation.activate(report.language)
        request.LANGUAGE_CODE = report.language


def _revoked(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "emergency/tracking_revoked.html",
        {"hotline": number_to_ring(timezone.now())},
        status=HTTPStatus.GONE,
    )
