"""The desk's pages about imports: upload, look, confirm."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from emergency.actions import account_import as actions
from emergency.actions.account_import import Listed
from emergency.actions.nightly_import import shown_address
from emergency.actions.refusal import Refused
from emergency.models import AccountImport
from emergency.queries import import_wording as words
from emergency.queries.audit_wording import hidden_problems
from emergency.queries.stored_accounts import planned, stopped_by_brake
from emergency.setup_forms import ListForm
from emergency.views.access import (
    ACCOUNT_ROLES,
    StaffRequest,
    account_import_for,
    staff_required,
)

LATEST = 30


@staff_required(*ACCOUNT_ROLES)
@require_safe
def show_imports(request: StaffRequest) -> HttpResponse:
    """The runs so far, and the form for a new list."""
    return _list(request, ListForm())


@staff_required(*ACCOUNT_ROLES)
@require_POST
def upload(request: StaffRequest) -> HttpResponse:
    """The list waits to be looked at; nothing else changed."""
    form = ListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, form)
    given = form.cleaned_data["file"]
    listed = Listed(
        content=given.read(), source=given.name, partial=form.cleaned_data["partial"]
    )
    try:
        run = actions.preview(listed=listed, staff=request.user, now=timezone.now())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _list(request, form)
    return redirect("emergency:accounts_import_run", run.pk)


@staff_required(*ACCOUNT_ROLES)
@require_safe
def show_run(request: StaffRequest, run_id: int) -> HttpResponse:
    """One run: what it changed, or what it would change now."""
    run = account_import_for(request.user, run_id)
    shown: dict[str, Any] = {"fingerprint": "", "changes": (), "brake": ""}
    counts, problems, count = run.counts, run.problems, run.problem_count
    if run.waits:
        plan = planned(bytes(run.file.content), partial=run.partial)
        counts = {**plan.counts(), "held_back": plan.held_back}
        problems = [vars(one) for one in plan.problems[: actions.MOST_PROBLEMS]]
        count = len(plan.problems)
        braked = stopped_by_brake(plan)
        percent = settings.ACCOUNTS_IMPORT_BRAKE_PERCENT
        shown = {
            "fingerprint": plan.fingerprint,
            "changes": words.changes_in_words(plan),
            "most_changes": words.MOST_CHANGES,
            "brake": words.brake_in_words(braked, percent) if braked else "",
        }
    return render(
        request,
        "emergency/accounts_import_run.html",
        {
            "area": "accounts",
            "run": run,
            "counts": words.counts_in_words(counts) if counts else (),
            "held_back": counts.get("held_back"),
            "problems": words.problems_in_words(problems),
            "problem_count": count,
            "hidden": hidden_problems(count - len(problems))
            if count > len(problems) and not run.failure
            else "",
            "failure": words.failure_in_words(run.failure) if run.failure else "",
            "now": timezone.now(),
            **shown,
        },
    )


@staff_required(*ACCOUNT_ROLES)
@require_POST
def confirm(request: StaffRequest, run_id: int) -> HttpResponse:
    """What was shown is written."""
    run = account_import_for(request.user, run_id)
    try:
        actions.confirm(
            run_id=run.pk,
            fingerprint=request.POST.get("fingerprint", ""),
            staff=request.user,
            now=timezone.now(),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Imported."))
    return redirect("emergency:accounts_import_run", run.pk)


@staff_required(*ACCOUNT_ROLES)
@require_POST
def discard(request: StaffRequest, run_id: int) -> HttpResponse:
    """Nothing of the list is written."""
    run = account_import_for(request.user, run_id)
    try:
        actions.discard(run_id=run.pk, staff=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Discarded. Nothing was changed."))
    return redirect("emergency:accounts_import")


def _list(request: StaffRequest, form: ListForm) -> HttpResponse:
    runs = AccountImport.objects.select_related("staff", "confirmed_by")
    due = runs.filter(status=AccountImport.Status.DUE).first()
    url = settings.ACCOUNTS_IMPORT_URL
    return render(
        request,
        "emergency/accounts_import.html",
        {
            "area": "accounts",
            "form": form,
            "runs": runs.exclude(status=AccountImport.Status.DUE)[:LATEST],
            "nightly": shown_address(url) if url else "",
            "due": due if url else None,
            "now": timezone.now(),
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
    )
