"""How a technician can be reached: their own page, and a test that rings."""

from collections.abc import Callable
from http import HTTPStatus

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from emergency.actions import contact_methods
from emergency.actions.refusal import Refused
from emergency.actions.roster import planned_for
from emergency.models import NotificationRule, OperatorProfile, Technician
from emergency.queries.reach import plan_in_words, reach_view
from emergency.reach_forms import CodeForm, MethodForm, RulesForm
from emergency.rules.contact_card import contact_card
from emergency.views.access import (
    DESK_ROLES,
    StaffRequest,
    contact_method_for,
    roster_person_for,
    staff_required,
)
from emergency.views.incident import add_refusal, technician_of


@staff_required(*DESK_ROLES)
@require_safe
def show_own(request: StaffRequest) -> HttpResponse:
    """The signed-in technician's page."""
    own = technician_of(request.user)
    if own is None:
        messages.info(request, _("Nobody is paged under this sign-in."))
        return redirect("emergency:roster")
    return _page(request, own)


@staff_required(*DESK_ROLES)
@require_safe
def show_person(request: StaffRequest, technician_id: int) -> HttpResponse:
    """The page of this technician, for themselves and whoever sets up rosters."""
    return _page(request, roster_person_for(request.user, technician_id))


@staff_required(*DESK_ROLES)
@require_POST
def add(request: StaffRequest, technician_id: int) -> HttpResponse:
    """One more contact method, with its proof on the way."""
    person = roster_person_for(request.user, technician_id)
    form = MethodForm(request.POST)
    if form.is_valid():
        try:
            contact_methods.add_method(
                technician=person,
                kind=form.cleaned_data["kind"],
                address=form.cleaned_data["address"],
                region=settings.PHONENUMBER_DEFAULT_REGION,
                staff=request.user,
                now=timezone.now(),
            )
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(
                request, _("Added. The proof is on its way; it counts from then on.")
            )
            return redirect("emergency:reach", person.pk)
    return _page(request, person, method=form)


@staff_required(*DESK_ROLES)
@require_POST
def set_rules(request: StaffRequest, technician_id: int) -> HttpResponse:
    """Which contact method follows when."""
    person = roster_person_for(request.user, technician_id)
    form = RulesForm(request.POST, view=reach_view(person, timezone.now()))
    if not form.is_valid():
        return _page(request, person, rules=form)
    for urgency in ("high", "low"):
        contact_methods.set_rules(
            technician=person,
            urgency=urgency,
            delays=form.delays(urgency),
            staff=request.user,
            now=timezone.now(),
        )
    messages.success(request, _("Saved. The next page follows these rules."))
    return redirect("emergency:reach", person.pk)


@staff_required(*DESK_ROLES)
@require_POST
def page_me(request: StaffRequest, technician_id: int) -> HttpResponse:
    """A test page goes out by the real path."""
    person = roster_person_for(request.user, technician_id)
    return _act(
        request,
        person,
        lambda: contact_methods.page_me(technician=person, now=timezone.now()),
        _("The test page is on its way. This page shows what became of it."),
    )


@staff_required(*DESK_ROLES)
@require_POST
def prove(request: StaffRequest, method_id: int) -> HttpResponse:
    """A typed code proves the contact method."""
    method = contact_method_for(request.user, method_id)
    form = CodeForm(request.POST, auto_id=f"code_{method.pk}_%s")
    if form.is_valid():
        try:
            contact_methods.prove_by_code(
                method_id=method.pk,
                code=form.cleaned_data["code"],
                now=timezone.now(),
            )
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Verified. Pages may use it from now on."))
            return redirect("emergency:reach", method.technician_id)
    return _page(request, method.technician, code=form, of_method=method.pk)


@staff_required(*DESK_ROLES)
@require_POST
def change(request: StaffRequest, method_id: int, act: str) -> HttpResponse:
    """``act``: ask | on | off | remove | up. What would leave no telephone is asked
    about once more."""
    method = contact_method_for(request.user, method_id)
    sure = request.POST.get("sure") == "yes"
    now, by = timezone.now(), request.user
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "ask": (
            lambda: contact_methods.ask_for_proof(method_id=method.pk, now=now),
            _("The proof is on its way."),
        ),
        "on": (
            lambda: contact_methods.switch(
                method_id=method.pk, on=True, sure=True, staff=by, now=now
            ),
            _("Switched on."),
        ),
        "off": (
            lambda: contact_methods.switch(
                method_id=method.pk, on=False, sure=sure, staff=by, now=now
            ),
            _("Switched off."),
        ),
        "remove": (
            lambda: contact_methods.remove_method(
                method_id=method.pk, sure=sure, staff=by, now=now
            ),
            _("Removed."),
        ),
        "up": (
            lambda: contact_methods.move_up(method_id=method.pk, staff=by, now=now),
            _("Moved up."),
        ),
    }
    if act not in acts:
        raise Http404
    return _act(request, method.technician, *acts[act], doubtful=(method.pk, act))


@staff_required(*DESK_ROLES)
@require_safe
def card(request: StaffRequest) -> HttpResponse:
    """A contact card of the numbers that page, so that phones let them through."""
    profile = OperatorProfile.objects.in_force(timezone.now())
    name = profile.name if profile else _("Emergency support")
    sender = str(settings.SMS_GATEWAY["FROM"])
    numbers = [settings.TWILIO_FROM_NUMBER]
    numbers += [sender] if sender.startswith("+") else []
    title = _("%(name)s emergency pages") % {"name": name}
    return HttpResponse(
        contact_card(name=title, numbers=filter(None, numbers)),
        content_type="text/vcard; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="pages.vcf"'},
    )


def _act(
    request: StaffRequest,
    person: Technician,
    act: Callable[[], object],
    done: str,
    *,
    doubtful: tuple[int, str] | None = None,
) -> HttpResponse:
    try:
        act()
    except Refused as refusal:
        if refusal.code == "last_telephone" and doubtful is not None:
            return _page(request, person, doubtful=doubtful)
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("emergency:reach", person.pk)


def _page(
    request: StaffRequest,
    person: Technician,
    *,
    of_method: int | None = None,
    doubtful: tuple[int, str] | None = None,
    **bound: forms.Form,
) -> HttpResponse:
    """The person's page; a refused form keeps what was typed and answers 422."""
    view = reach_view(person, timezone.now())
    filled = {"method": MethodForm(), "rules": RulesForm(view=view)} | bound
    return render(
        request,
        "emergency/reach.html",
        {
            "area": "reach",
            "own": person.staff_id == request.user.pk,
            "person": person,
            "view": view,
            "forms": filled,
            "plans": [
                (
                    label,
                    plan_in_words(
                        view.lines,
                        planned_for(person, urgency=urgency, also_unverified=False),
                    ),
                )
                for urgency, label in NotificationRule.Urgency.choices
            ],
            "codes": [
                (
                    line,
                    bound["code"]
                    if of_method == line.method.pk
                    else CodeForm(auto_id=f"code_{line.method.pk}_%s"),
                )
                for line in view.lines
            ],
            "doubtful": doubtful,
            "refused": bool(bound),
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if bound or doubtful else HTTPStatus.OK,
    )
