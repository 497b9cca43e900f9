"""Escalation policies: whom to page, in which order, and when again."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from emergency.actions.policies import save_policy
from emergency.models import EscalationPolicy
from emergency.policy_forms import (
    PolicyForm,
    policy_initial,
    steps_formset,
    steps_of,
)
from emergency.queries.policies import all_policies
from emergency.views.access import (
    ROSTER_ROLES,
    StaffRequest,
    policy_for,
    staff_required,
)


@staff_required(*ROSTER_ROLES)
@require_safe
def show_policies(request: StaffRequest) -> HttpResponse:
    """Every policy with its steps."""
    return render(
        request,
        "emergency/policies.html",
        {"area": "roster", "policies": all_policies()},
    )


@staff_required(*ROSTER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def add_policy(request: StaffRequest) -> HttpResponse:
    """A new policy."""
    return _page(request, None)


@staff_required(*ROSTER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def change_policy(request: StaffRequest, policy_id: int) -> HttpResponse:
    """The policy is as typed, for incidents to come."""
    return _page(request, policy_for(request.user, policy_id))


def _page(request: StaffRequest, policy: EscalationPolicy | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    shown = policy or EscalationPolicy()
    form = PolicyForm(data, policy=policy, initial=policy_initial(shown))
    formset = steps_formset(data, policy)
    if form.is_valid() and formset.is_valid():
        steps = steps_of(formset)
        if steps:
            save_policy(
                policy_id=policy.pk if policy else None,
                values=form.values,
                steps=steps,
                staff=request.user,
                now=timezone.now(),
            )
            messages.success(
                request, _("Saved. Running incidents keep the steps they began with.")
            )
            return redirect("emergency:policies")
        form.add_error(None, _("Give at least one step."))
    refused = form.errors or any(formset.errors)
    return render(
        request,
        "emergency/policy.html",
        {"area": "roster", "form": form, "formset": formset, "policy": policy},
        status=HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK,
    )
