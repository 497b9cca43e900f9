"""The customer's view of the incident: how far it is, and when we call."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from emergency.models import Report
from emergency.queries.accounts import Document, customer_document_of
from emergency.queries.tracking import tracking as view_of
from emergency.tracking_forms import (
    FactForm,
    FileForm,
    LimitForm,
    NumberForm,
    ObjectionForm,
)
from emergency.views.cost import running_cost
from emergency.views.customer import tracking_page
from emergency.views.tracking_words import (
    calls_in_words,
    explanation,
    headline,
    minutes_left,
    steps,
)
from emergency.views.words import file_limits, moment, prices

# Without a script the page reads itself again after so many seconds.
REFRESH_SECONDS = 30


@tracking_page(everything=False)
@require_safe
def tracking(request: HttpRequest, report: Report) -> HttpResponse:
    """The page of this report.

    ``?part=progress`` answers with the parts that change, for the page's own script.
    ``?pause=1`` is the same page at rest.
    """
    part = request.GET.get("part") == "progress"
    template = "_tracking_fragment.html" if part else "tracking.html"
    context = context_of(request, report, timezone.now())
    context["paused"] = "pause" in request.GET
    return render(request, f"emergency/{template}", context)


def refused_page(
    request: HttpRequest, report: Report, *, notice: str = "", **bound: forms.Form
) -> HttpResponse:
    """The page again with what was typed and why it was not taken: 422, at rest."""
    report = Report.objects.select_related("incident", "consent").get(pk=report.pk)
    context = context_of(request, report, timezone.now())
    context["forms"] |= bound
    context |= {"paused": True, "refused": set(bound), "notice": notice}
    return render(
        request,
        "emergency/tracking.html",
        context,
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
    )


def back_to_page(request: HttpRequest) -> HttpResponse:
    """Afterwards the customer reads the page again (303)."""
    response = HttpResponseRedirect(_address(request))
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def _address(request: HttpRequest) -> str:
    """The page's own address; every door lies below it."""
    match = request.resolver_match
    return reverse("emergency:tracking", args=[match.kwargs["token"]]) if match else ""


def context_of(request: HttpRequest, report: Report, now: datetime) -> dict[str, Any]:
    """Everything the page shows at ``now``."""
    view = view_of(report, now)
    rights = view.whole.rights if view.whole else None
    return {
        "view": view,
        "drill": report.incident.is_drill,
        "here": _address(request),
        "report": report,
        "rights": rights,
        "headline": headline(view, now),
        "explanation": explanation(view, now),
        "minutes_left": minutes_left(view, now),
        "steps": steps(view, now),
        "calls": calls_in_words(view, now),
        "ordered_at": moment(report.ordered_at, now),
        "accepted_at": moment(report.accepted_at, now) if report.accepted_at else "",
        "updated_at": timezone.localtime(now),
        "now": now,
        "prices": prices(view.terms),
        "files": report.added_files.defer("content"),
        "file_limits": file_limits(),
        "refused": set(),
        "cost": running_cost(report.incident, now) if view.whole else None,
        "documents": _documents(request, report) if view.whole else (),
        "is_open": report.incident.is_open,
        "forms": {
            "fact": FactForm(auto_id="fact_%s"),
            "file": FileForm(auto_id="file_%s"),
            "number": NumberForm(auto_id="number_%s"),
            "limit": LimitForm(least=view.terms.initial_fee_gross, auto_id="limit_%s"),
            "object": ObjectionForm(
                matters=rights.objections if rights else (), auto_id="object_%s"
            ),
        },
        "refresh_seconds": None if view.is_over else REFRESH_SECONDS,
    }


def _documents(request: HttpRequest, report: Report) -> list[Document]:
    """What billing made, with the addresses that open it to this customer."""
    match = request.resolver_match
    token = match.kwargs["token"] if match else ""
    facts = report.incident.documents.order_by("issued_at", "pk")
    return [customer_document_of(fact, token) for fact in facts]
