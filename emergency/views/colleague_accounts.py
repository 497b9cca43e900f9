"""Who works here: added and changed by administrators; a password is chosen by the
person alone."""

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from emergency.actions import colleague_accounts as actions
from emergency.actions.refusal import Refused
from emergency.colleague_forms import KnownPersonForm, NewPersonForm
from emergency.models import Role, Staff
from emergency.views.access import GRANTING_ROLES, StaffRequest, staff_required
from emergency.views.own_password import choose_own_password, tokens

AREA = "operator"


@staff_required(*GRANTING_ROLES)
@require_safe
def show_colleagues(request: StaffRequest) -> HttpResponse:
    """Everybody who works here or did, and what they may do."""
    return _page(request, NewPersonForm())


@staff_required(*GRANTING_ROLES)
@require_POST
@never_cache
def add(request: StaffRequest) -> HttpResponse:
    """The colleague is here; the page shows, once, where they choose their password."""
    form = NewPersonForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        made = actions.add_colleague(
            email=form.cleaned_data["email"],
            person=form.person,
            by=request.user,
            now=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return _page(request, form)
    return _page(request, NewPersonForm(), made=made, link=_link(made))


@staff_required(*GRANTING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def change(request: StaffRequest, staff_id: int) -> HttpResponse:
    """One colleague. After POST they may do what was chosen."""
    person = get_object_or_404(Staff.objects.exclude(role=Role.AUDITOR), pk=staff_id)
    form = KnownPersonForm(request.POST or None, staff=person)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_colleague(
                staff_id=person.pk,
                person=form.person,
                may_sign_in=form.cleaned_data["may_sign_in"],
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("emergency:colleagues")
    return _one(request, person, form)


@staff_required(*GRANTING_ROLES)
@require_POST
@never_cache
def offer_password(request: StaffRequest, staff_id: int) -> HttpResponse:
    """The page shows, once, where the colleague chooses another password."""
    person = get_object_or_404(Staff.objects.exclude(role=Role.AUDITOR), pk=staff_id)
    try:
        actions.offer_password(staff_id=person.pk, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("emergency:colleague", person.pk)
    return _one(request, person, KnownPersonForm(staff=person), link=_link(person))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def welcome(request: HttpRequest, staff_id: int, token: str) -> HttpResponse:
    """Whoever has this address chooses the password, once and in time; every other
    session of theirs has ended."""
    people = Staff.objects.exclude(role=Role.AUDITOR)
    return choose_own_password(request, people, staff_id, token)


def _link(person: Staff) -> str:
    way = reverse("emergency:colleague_in", args=[person.pk, tokens.make_token(person)])
    return f"{settings.PUBLIC_BASE_URL.rstrip('/')}{way}"


def _page(request: HttpRequest, form: NewPersonForm, **more: object) -> HttpResponse:
    people = Staff.objects.exclude(role=Role.AUDITOR).select_related("technician")
    people = people.exclude(technician__is_house_phone=True)
    return render(
        request,
        "emergency/colleagues.html",
        {
            "area": AREA,
            "form": form,
            "people": people.order_by("-is_active", "full_name", "pk"),
            **more,
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
    )


def _one(
    request: HttpRequest, person: Staff, form: KnownPersonForm, *, link: str = ""
) -> HttpResponse:
    return render(
        request,
        "emergency/colleague.html",
        {"area": AREA, "form": form, "person": person, "link": link},
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
    )
