"""Who may open what on the staff side. Nothing is open that does not say so.

A view without one of these decorators has no roles, and a contract test refuses it.
"""

from collections.abc import Callable
from functools import update_wrapper
from http import HTTPStatus
from typing import Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from emergency.models import (
    Absence,
    Account,
    AccountImport,
    AddedFile,
    Bridge,
    Contact,
    ContactMethod,
    DropOut,
    EscalationPolicy,
    HandOff,
    Incident,
    LegalHold,
    MailAttachment,
    Override,
    Page,
    ReceivedMail,
    Report,
    ReportableCase,
    Role,
    Rotation,
    Schedule,
    Staff,
    Swap,
    Technician,
    TimeEntry,
    Timer,
)

DESK_ROLES = (Role.TECHNICIAN, Role.DUTY_MANAGER, Role.ADMINISTRATOR)
PRIVACY_ROLES = (Role.DUTY_MANAGER, Role.ADMINISTRATOR)
ROSTER_ROLES = (Role.DUTY_MANAGER, Role.ADMINISTRATOR)
OPERATOR_ROLES = (Role.DUTY_MANAGER, Role.ADMINISTRATOR)
# Who says which people may order and hear everything for an account.
ACCOUNT_ROLES = (Role.DUTY_MANAGER, Role.ADMINISTRATOR)
AUDIT_ROLES = (Role.DUTY_MANAGER, Role.ADMINISTRATOR)
# Who answers to an authority; every desk role may flag and read.
REPORTABLE_ROLES = (Role.DUTY_MANAGER, Role.ADMINISTRATOR)
LIMIT_ROLES = (Role.ADMINISTRATOR,)
LINK_ROLES = (Role.ADMINISTRATOR,)
BILLING_ROLES = (Role.ACCOUNTING, Role.ADMINISTRATOR, Role.AUDITOR)
# Who lets somebody look at the books.
GRANTING_ROLES = (Role.ADMINISTRATOR,)

Rest = ParamSpec("Rest")
Row = TypeVar("Row", bound=Model)


class StaffRequest(HttpRequest):
    """A request that has passed ``staff_required``."""

    user: Staff


def staff_required(
    *roles: Role,
) -> Callable[
    [Callable[Concatenate[StaffRequest, Rest], HttpResponse]],
    Callable[Concatenate[HttpRequest, Rest], HttpResponse],
]:
    """The view answers staff with one of these roles only.

    Whoever is not signed in is led to the sign-in and back, a signed-in person with
    another role gets 403. Naming no role is a mistake and raises TypeError.
    """
    if not roles:
        raise TypeError("name the roles that may open this view")

    def decorate(
        view: Callable[Concatenate[StaffRequest, Rest], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
        def guarded(
            request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs
        ) -> HttpResponse:
            if not request.user.is_authenticated:
                if request.method in {"GET", "HEAD"}:
                    return redirect_to_login(request.get_full_path())
                return redirect(settings.LOGIN_URL)
            if request.user.role not in roles:
                return refused(request)
            return view(request, *args, **kwargs)  # type: ignore[arg-type]

        update_wrapper(guarded, view)
        guarded.roles = frozenset(roles)  # type: ignore[attr-defined]
        return guarded

    return decorate


def refused(request: HttpRequest) -> HttpResponse:
    """403, with words that say why and where to go instead."""
    return render(request, "emergency/desk_refused.html", status=HTTPStatus.FORBIDDEN)


def incident_for(staff: Staff, reference: str) -> Incident:
    """The incident with this reference. Every desk role may see every incident.

    Raises Http404 when there is none or the role has no business with it.
    """
    if staff.role not in DESK_ROLES:
        raise Http404
    incident = (
        Incident.objects.select_related("account", "owner__staff")
        .filter(reference=reference)
        .first()
    )
    if incident is None:
        raise Http404
    return incident


def account_for(staff: Staff, number: str) -> Account:
    """The account with this number, for every desk role. Raises Http404."""
    account = Account.objects.filter(number=number).first()
    if staff.role not in DESK_ROLES or account is None:
        raise Http404
    return account


def account_import_for(staff: Staff, run_id: int) -> AccountImport:
    """The run of an import, for whoever keeps accounts. Raises Http404."""
    rows = AccountImport.objects.select_related("staff", "confirmed_by")
    return _of_desk(staff, rows.filter(pk=run_id), roles=ACCOUNT_ROLES)


def contact_for(staff: Staff, account: Account, contact_id: int) -> Contact:
    """The contact of this account, for whoever keeps contacts. Raises Http404."""
    rows = account.contacts.filter(pk=contact_id)
    return _of_desk(staff, rows, roles=ACCOUNT_ROLES)


def time_entry_for(staff: Staff, incident: Incident, entry_id: int) -> TimeEntry:
    """The time entry of this incident, for whoever may see the incident.

    Raises Http404, also for an entry of another incident.
    """
    rows = TimeEntry.objects.select_related("technician__staff")
    return _of_desk(staff, rows.filter(incident=incident, pk=entry_id))


def timer_for(staff: Staff, incident: Incident, timer_id: int) -> Timer:
    """The timer of this incident, for whoever may see the incident: a colleague may
    stop one that was forgotten. Raises Http404, also for one of another incident."""
    rows = Timer.objects.select_related("technician__staff")
    return _of_desk(staff, rows.filter(incident=incident, pk=timer_id))


def own_timer_for(staff: Staff, incident: Incident, timer_id: int) -> Timer:
    """As ``timer_for``, the person's own. Raises Http404 for somebody else's."""
    timer = timer_for(staff, incident, timer_id)
    if timer.technician.staff_id != staff.pk:
        raise Http404
    return timer


def bridge_for(
    staff: Staff, incident: Incident, bridge_id: int | None
) -> Bridge | None:
    """The staff member's own call over the bridge of this incident, or none where none
    is named. Raises Http404, also for somebody else's."""
    if bridge_id is None:
        return None
    bridge = incident.bridges.filter(pk=bridge_id, technician__staff=staff).first()
    if staff.role not in DESK_ROLES or bridge is None:
        raise Http404
    return bridge


def mail_for(staff: Staff, mail_id: int) -> ReceivedMail:
    """The mail to the emergency address, for every desk role. Raises Http404."""
    return _of_desk(staff, ReceivedMail.objects.filter(pk=mail_id))


def mail_attachment_for(staff: Staff, attachment_id: int) -> MailAttachment:
    """The file of a mail, for whoever may see the mail. Raises Http404."""
    return _of_desk(staff, MailAttachment.objects.filter(pk=attachment_id))


def added_file_for(staff: Staff, file_id: int) -> AddedFile:
    """What a customer added, for whoever may see the incident. Raises Http404."""
    return _of_desk(staff, AddedFile.objects.filter(pk=file_id))


def report_for(staff: Staff, incident: Incident, report_id: int) -> Report:
    """The report of this incident, for whoever may see the incident. Raises Http404,
    also for a report of another incident."""
    return _of_desk(staff, incident.reports.filter(pk=report_id))


def schedule_for(staff: Staff, schedule_id: int) -> Schedule:
    """The schedule, for every desk role: everybody may know who is on call. Raises
    Http404."""
    return _of_desk(staff, Schedule.objects.filter(pk=schedule_id))


def rotation_for(staff: Staff, schedule: Schedule, rotation_id: int) -> Rotation:
    """The rotation of this schedule, for whoever sets up rosters. Raises Http404."""
    rows = schedule.rotations.filter(pk=rotation_id)
    return _of_desk(staff, rows, roles=ROSTER_ROLES)


def override_for(staff: Staff, override_id: int) -> Override:
    """The override, for whoever sets up rosters. Raises Http404."""
    rows = Override.objects.filter(pk=override_id)
    return _of_desk(staff, rows, roles=ROSTER_ROLES)


def swap_for(staff: Staff, swap_id: int) -> Swap:
    """The swap, for the two whom it is between. Raises Http404."""
    between = Q(proposer__staff=staff) | Q(partner__staff=staff)
    return _of_desk(staff, Swap.objects.filter(between, pk=swap_id))


def hand_off_for(staff: Staff, hand_off_id: int) -> HandOff:
    """The hand-off, for its incoming person. Raises Http404."""
    rows = HandOff.objects.filter(pk=hand_off_id, incoming__staff=staff)
    return _of_desk(staff, rows)


def drop_out_for(staff: Staff, drop_out_id: int) -> DropOut:
    """The drop-out, for whoever declared it or is asked to take over. Raises
    Http404."""
    concerned = Q(technician__staff=staff) | Q(
        pages__technician__staff=staff, pages__purpose=Page.Purpose.SUCCESSOR
    )
    rows = DropOut.objects.filter(concerned, pk=drop_out_id).distinct()
    return _of_desk(staff, rows)


def absence_for(staff: Staff, absence_id: int) -> Absence:
    """The absence, for the person who is away and whoever sets up rosters. Raises
    Http404."""
    rows = Absence.objects.filter(pk=absence_id)
    if staff.role not in ROSTER_ROLES:
        rows = rows.filter(technician__staff=staff)
    return _of_desk(staff, rows)


def roster_person_for(staff: Staff, technician_id: int) -> Technician:
    """The technician, for themselves and whoever sets up rosters. Raises Http404."""
    rows = Technician.objects.select_related("staff").filter(pk=technician_id)
    if staff.role not in ROSTER_ROLES:
        rows = rows.filter(staff=staff)
    return _of_desk(staff, rows)


def contact_method_for(staff: Staff, method_id: int) -> ContactMethod:
    """The contact method, for its owner and whoever sets up rosters. Raises
    Http404."""
    rows = ContactMethod.objects.select_related("technician__staff")
    if staff.role not in ROSTER_ROLES:
        rows = rows.filter(technician__staff=staff)
    return _of_desk(staff, rows.filter(pk=method_id))


def legal_hold_for(staff: Staff, hold_id: int) -> LegalHold:
    """The legal hold, for whoever answers for personal data. Raises Http404."""
    rows = LegalHold.objects.filter(pk=hold_id)
    return _of_desk(staff, rows, roles=PRIVACY_ROLES)


def reportable_case_for(
    staff: Staff, case_id: int, *, roles: tuple[Role, ...] = REPORTABLE_ROLES
) -> ReportableCase:
    """The case that may have to be reported, for whoever answers to an authority.
    Raises Http404."""
    return _of_desk(staff, ReportableCase.objects.filter(pk=case_id), roles=roles)


def policy_for(staff: Staff, policy_id: int) -> EscalationPolicy:
    """The escalation policy, for whoever sets up rosters. Raises Http404."""
    rows = EscalationPolicy.objects.filter(pk=policy_id)
    return _of_desk(staff, rows, roles=ROSTER_ROLES)


def _of_desk(
    staff: Staff, rows: "QuerySet[Row]", *, roles: tuple[Role, ...] = DESK_ROLES
) -> Row:
    found = rows.first()
    if staff.role not in roles or found is None:
        raise Http404
    return found
