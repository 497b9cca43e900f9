"""The desk's page about rate limits of the public form, messages and calls."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from emergency.actions.rate_limits import set_limits
from emergency.actions.refusal import Refused
from emergency.limit_forms import WORDS, LimitsForm
from emergency.models import RateLimit
from emergency.operator_facts import kept
from emergency.views.access import LIMIT_ROLES, StaffRequest, staff_required

LATEST = 30


@staff_required(*LIMIT_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_limits(request: StaffRequest) -> HttpResponse:
    """Every limit as it is in force. After POST the changed ones are, in this process
    at once and in others within half a minute."""
    now = timezone.now()
    in_force = {row.key: row for row in RateLimit.objects.in_force(now)}
    form = LimitsForm(request.POST or None, in_force=in_force)
    if request.method == "POST" and form.is_valid():
        try:
            set_limits(
                wanted=form.wanted(),
                based_on=form.based_on(),
                staff=request.user,
                now=now,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            kept.forget()
            messages.success(request, _("Saved. It is in use within a minute."))
            return redirect("emergency:operator_limits")
    versions = RateLimit.objects.select_related("staff").order_by("-valid_from", "-pk")
    return render(
        request,
        "emergency/operator_limits.html",
        {
            "area": "operator",
            "now": now,
            "form": form,
            "versions": [
                {"row": row, "what": WORDS[row.key][0] if row.key in WORDS else row.key}
                for row in versions[:LATEST]
            ],
        },
    )
