"""The procedure document as a page and as PDF."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from billing.actions.refusal import reason
from billing.actions.transmit import RETRIES
from billing.documents.procedure import Procedure, procedure, procedure_pdf
from billing.documents.renderer import RendererMissing
from billing.views.access import LOOKERS, only


@require_safe
@only(LOOKERS)
def procedure_page(request: HttpRequest) -> HttpResponse:
    return _page(request, _procedure())


@require_safe
@only(LOOKERS)
def procedure_file(request: HttpRequest) -> HttpResponse:
    """The same as PDF; where it cannot be made, the page and why (503)."""
    document = _procedure()
    try:
        content = procedure_pdf(document)
    except RendererMissing:
        return _page(
            request,
            document,
            problem=reason("renderer_missing"),
            status=HTTPStatus.SERVICE_UNAVAILABLE,
        )
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Cache-Control": "private, no-store",
            "Content-Disposition": 'inline; filename="procedure.pdf"',
        },
    )


def _procedure() -> Procedure:
    language = (get_language() or "de").partition("-")[0]
    return procedure(language=language, retries=RETRIES, now=timezone.now())


def _page(
    request: HttpRequest,
    document: Procedure,
    *,
    problem: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    return render(
        request,
        "billing/procedure.html",
        {
            "area": "billing",
            "here": "procedure",
            "procedure": document,
            "problem": problem,
        },
        status=status,
    )
