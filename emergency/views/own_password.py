"""Whoever was let in chooses a password, by an address that works once."""

from django.contrib import messages
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from emergency.actions.second_factors import change_password
from emergency.auditor_forms import OwnPasswordForm
from emergency.models import Staff
from emergency.views.sessions import browser_of

# Valid once: it depends on the password, the last sign-in and PASSWORD_RESET_TIMEOUT.
tokens = PasswordResetTokenGenerator()


def choose_own_password(
    request: HttpRequest, people: QuerySet[Staff], staff_id: int, token: str
) -> HttpResponse:
    """Whoever has this address of one of these ``people`` chooses the password, once
    and in time; every other session of theirs has ended."""
    now = timezone.now()
    person = people.filter(pk=staff_id).first()
    if person is None or not person.has_access(now):
        raise Http404
    if not tokens.check_token(person, token):
        raise Http404
    form = OwnPasswordForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        change_password(
            staff=person,
            password=form.cleaned_data["password"],
            browser=browser_of(request),
            now=now,
        )
        messages.success(request, _("Saved. Now sign in with it."))
        return redirect("login")
    # No "no-referrer" here: browsers would send the form without an origin, and it
    # would be refused. The address leaves this site in no case (same-origin).
    return render(
        request, "emergency/own_password.html", {"form": form, "person": person}
    )
