"""The desk's page about who changed, imported and exported what."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from emergency.actions.audit_export import export_audit
from emergency.exports.audit_csv import audit_csv
from emergency.queries.audit import entries, lines
from emergency.setup_forms import AuditForm
from emergency.views.access import AUDIT_ROLES, StaffRequest, staff_required

AT_ONCE = 100


@staff_required(*AUDIT_ROLES)
@require_safe
def show_audit(request: StaffRequest) -> HttpResponse:
    """The newest entries that fit; older ones on further pages."""
    form = AuditForm(request.GET)
    asked = form.asked
    before = request.GET.get("before", "")
    found = entries(asked)
    if before.isascii() and before.isdigit():
        found = found.filter(pk__lt=int(before[:18]))
    shown = list(found[: AT_ONCE + 1])
    query = request.GET.copy()
    query.pop("before", None)
    return render(
        request,
        "emergency/audit.html",
        {
            "area": "audit",
            "form": form,
            "asked": any(vars(asked).values()),
            "lines": lines(shown[:AT_ONCE]),
            "older": shown[AT_ONCE - 1].pk if len(shown) > AT_ONCE else None,
            "query": query.urlencode(),
            "now": timezone.now(),
        },
    )


@staff_required(*AUDIT_ROLES)
@require_POST
def export(request: StaffRequest) -> HttpResponse:
    """The entries that fit as CSV; that they were handed out is entered."""
    now = timezone.now()
    found = export_audit(
        asked=AuditForm(request.POST).asked, staff=request.user, now=now
    )
    name = f"audit-{timezone.localtime(now):%Y%m%d-%H%M%S}.csv"
    return HttpResponse(
        "".join(audit_csv(lines(found))),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )
