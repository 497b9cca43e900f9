"""The desk's page for mail to the emergency address."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from emergency.actions import mail as mail_actions
from emergency.actions.refusal import Refused
from emergency.queries.mail import mail_address, open_incidents, waiting_mails
from emergency.views.access import (
    DESK_ROLES,
    StaffRequest,
    added_file_for,
    incident_for,
    mail_attachment_for,
    mail_for,
    staff_required,
)
from emergency.views.downloads import download


@staff_required(*DESK_ROLES)
@require_safe
def mail_list(request: StaffRequest) -> HttpResponse:
    """The mails that wait for somebody, the newest first."""
    return _page(request)


@staff_required(*DESK_ROLES)
@require_POST
def attach_mail(request: StaffRequest, mail_id: int) -> HttpResponse:
    """The mail stands with the chosen incident."""
    mail = mail_for(request.user, mail_id)
    try:
        incident = incident_for(request.user, request.POST.get("incident", ""))
    except Http404:
        return _page(request, unknown=mail.pk)
    try:
        mail_actions.attach(
            mail_id=mail.pk,
            incident_id=incident.pk,
            staff=request.user,
            now=timezone.now(),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("The mail is attached to %(reference)s.")
        messages.success(request, said % {"reference": incident.reference})
    return redirect("emergency:desk_mail")


@staff_required(*DESK_ROLES)
@require_POST
def dismiss_mail(request: StaffRequest, mail_id: int) -> HttpResponse:
    """The mail waits no more."""
    mail = mail_for(request.user, mail_id)
    try:
        mail_actions.dismiss(mail_id=mail.pk, staff=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The mail is put aside."))
    return redirect("emergency:desk_mail")


@staff_required(*DESK_ROLES)
@require_safe
def mail_attachment(request: StaffRequest, attachment_id: int) -> HttpResponse:
    """The file as a download; no browser opens it in our name."""
    file = mail_attachment_for(request.user, attachment_id)
    return download(file.name, bytes(file.content))


@staff_required(*DESK_ROLES)
@require_safe
def added_file(request: StaffRequest, file_id: int) -> HttpResponse:
    """What a customer added to a report, as a download."""
    file = added_file_for(request.user, file_id)
    return download(file.name, bytes(file.content))


def _page(request: StaffRequest, unknown: int | None = None) -> HttpResponse:
    return render(
        request,
        "emergency/desk_mail.html",
        {
            "area": "mail",
            "waiting": waiting_mails(),
            "incidents": open_incidents(),
            "address": mail_address(),
            "unknown": unknown,
            "now": timezone.now(),
        },
        status=HTTPStatus.OK if unknown is None else HTTPStatus.UNPROCESSABLE_ENTITY,
    )
