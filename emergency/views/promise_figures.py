"""The page about the callback promise: kept or not, how soon, why, how proven."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import cast

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from emergency.actions.figures_export import record_figures_export
from emergency.exports.promise_figures import promise_csv
from emergency.queries.promise_figures import PromiseFigures, promise_figures
from emergency.setup_forms import PeriodForm
from emergency.views.access import AUDIT_ROLES, StaffRequest, staff_required
from emergency.views.downloads import download
from emergency.views.report_pages import page_language

logger = logging.getLogger(__name__)


@staff_required(*AUDIT_ROLES)
@require_safe
def show_promise(request: StaffRequest) -> HttpResponse:
    """The months that were asked for, else the last twelve; a period that makes no
    sense says so and shows those."""
    form = PeriodForm(request.GET, today=timezone.localdate())
    return _page(request, form, status=HTTPStatus.OK)


@staff_required(*AUDIT_ROLES)
@require_POST
def export_promise(request: StaffRequest, kind: str) -> HttpResponse:
    """The same figures as CSV or PDF; that they were handed out is entered. Where the
    PDF cannot be made the page says so, and nothing is entered."""
    now = timezone.now()
    form = PeriodForm(request.POST, today=timezone.localdate(now))
    figures = _figures(form)
    name = f"callback-promise-{figures.first:%Y-%m}-{figures.last:%Y-%m}.{kind}"
    if kind == "csv":
        answer = download(name, promise_csv(figures))
    else:
        try:
            content = _printed(figures)
        except Exception:
            logger.exception("the figures of the callback promise cannot be printed")
            return _page(
                request,
                form,
                status=HTTPStatus.SERVICE_UNAVAILABLE,
                notice=_("The PDF cannot be made right now. You can print this page."),
            )
        answer = HttpResponse(
            content,
            content_type="application/pdf",
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "Cache-Control": "private, no-store",
            },
        )
    record_figures_export(
        kind=kind, first=figures.first, last=figures.last, staff=request.user, now=now
    )
    return answer


def _page(
    request: StaffRequest, form: PeriodForm, *, status: int, notice: str = ""
) -> HttpResponse:
    figures = _figures(form)
    if form.errors:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(
        request,
        "emergency/promise_figures.html",
        {"area": "board", "form": form, "figures": figures, "notice": notice},
        status=status,
    )


def _figures(form: PeriodForm) -> PromiseFigures:
    first, last = form.period
    return promise_figures(first=first, last=last, language=page_language())


def _printed(figures: PromiseFigures) -> bytes:
    """The PDF by the callable named in ``FIGURES_PDF``."""
    source = cast(
        Callable[[PromiseFigures], bytes], import_string(settings.FIGURES_PDF)
    )
    return source(figures)
