"""The customer's rights, on the tracking page: cancel, withdraw, object, confirm."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from emergency.actions import cancellation
from emergency.actions import order_rights as actions
from emergency.actions.refusal import Refused
from emergency.forms import ReportForm
from emergency.models import Report
from emergency.queries.order_rights import matters, may_withdraw
from emergency.queries.withdrawal_words import acknowledgement as acknowledgement_text
from emergency.tracking_forms import ObjectionForm, WithdrawalForm
from emergency.views.carried import keys_from
from emergency.views.customer import tracking_page
from emergency.views.report_pages import form_page
from emergency.views.tracking import back_to_page, refused_page


@tracking_page(everything=True)
@require_POST
def cancel(request: HttpRequest, report: Report) -> HttpResponse:
    """The order is cancelled at the cost that stood beside the button."""
    try:
        cancellation.cancel_order(
            report_id=report.pk,
            stated_free=request.POST.get("stated") == "free",
            now=timezone.now(),
        )
    except Refused as refusal:
        return refused_page(request, report, notice=str(refusal))
    return back_to_page(request)


@tracking_page(everything=True)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, report: Report) -> HttpResponse:
    """Two steps: who withdraws, then the confirmation. Nothing happens before the
    second one."""
    now = timezone.now()
    if hasattr(report, "withdrawal"):
        return back_to_page(request)
    if not may_withdraw(report, now):
        return refused_page(request, report, notice=str(Refused("no_withdrawal")))
    typed = request.POST if request.method == "POST" else None
    form = WithdrawalForm(typed, initial={"name": report.reporter_name})
    valid = form.is_valid()
    if valid and "confirm" in request.POST:
        actions.withdraw(
            report_id=report.pk,
            name=form.cleaned_data["name"],
            email=form.cleaned_data["email"],
            now=now,
        )
        return back_to_page(request)
    return render(
        request,
        "emergency/tracking_withdraw.html",
        {
            "form": form,
            "report": report,
            "declared": valid and "change" not in request.POST,
            "statement": acknowledgement_text(
                report, name=form.cleaned_data["name"], at=now
            )
            if valid
            else "",
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
    )


@tracking_page(everything=True)
@require_safe
def acknowledgement(request: HttpRequest, report: Report) -> HttpResponse:
    """The acknowledgement of the withdrawal, to keep. 404 where there is none."""
    if not hasattr(report, "withdrawal"):
        raise Http404
    response = HttpResponse(
        report.withdrawal.acknowledgement, content_type="text/plain; charset=utf-8"
    )
    name = f"{report.incident.reference}.txt"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@tracking_page(everything=True)
@require_POST
def solved(request: HttpRequest, report: Report) -> HttpResponse:
    """What the customer says about the solution stands; "not solved" opens an incident
    again, and leads to a new report once it was closed."""
    yes = request.POST.get("answer") == "yes"
    try:
        opened = actions.answer_solution(
            report_id=report.pk, solved=yes, now=timezone.now()
        )
    except Refused as refusal:
        return refused_page(request, report, notice=str(refusal))
    if yes or opened:
        return back_to_page(request)
    return _reported_again(request, report)


@tracking_page(everything=True)
@require_POST
def object_to(request: HttpRequest, report: Report) -> HttpResponse:
    """The objection stands and accounting waits for a person."""
    now = timezone.now()
    form = ObjectionForm(
        request.POST, matters=matters(report, now), auto_id="object_%s"
    )
    if form.is_valid():
        try:
            actions.object_to(
                report_id=report.pk,
                about=form.cleaned_data["about"],
                text=form.cleaned_data["text"],
                now=now,
            )
        except Refused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            return back_to_page(request)
    return refused_page(request, report, object=form)


@tracking_page(everything=True)
@require_safe
def again(request: HttpRequest, report: Report) -> HttpResponse:
    """The first page, filled with the facts of this report. Nothing is ordered yet."""
    return _reported_again(request, report)


def _reported_again(request: HttpRequest, report: Report) -> HttpResponse:
    servers = report.servers.order_by("pk").values_list("typed", flat=True)
    facts = {
        "server_name": ", ".join(name for name in servers if name),
        "problem_description": report.problem_description,
        "reproduction_steps": report.reproduction_steps,
        "recent_changes": report.recent_changes,
        "callback_number": report.callback_number_typed,
        "reporter_name": report.reporter_name,
    }
    return form_page(
        request,
        ReportForm(initial=facts),
        keys_from(None),
        notice=_(
            "Your last report is closed, so this is a new one. Your facts are filled"
            " in; say what is still wrong. Nothing is ordered yet."
        ),
    )
