"""The desk's page of an account: contacts and support PIN."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from emergency.account_forms import AccountForm
from emergency.actions.contacts import add_contact, retire_contact, set_facts
from emergency.actions.refusal import Refused
from emergency.actions.support_pins import create_pin, revoke_pin
from emergency.caller_forms import ContactForm
from emergency.models import Account
from emergency.queries.accounts import account_view, pin_of
from emergency.rules.support_pin import shown
from emergency.views.access import (
    ACCOUNT_ROLES,
    DESK_ROLES,
    StaffRequest,
    account_for,
    contact_for,
    staff_required,
)
from emergency.views.incident import add_refusal


@staff_required(*DESK_ROLES)
@require_safe
def account_page(request: StaffRequest, number: str) -> HttpResponse:
    """One account: servers, contacts, PIN, incidents, documents."""
    return _page(request, account_for(request.user, number))


@staff_required(*ACCOUNT_ROLES)
@require_POST
def facts(request: StaffRequest, number: str) -> HttpResponse:
    """The account is of this kind and language."""
    account = account_for(request.user, number)
    form = AccountForm(request.POST, instance=account, auto_id="account_%s")
    if not form.is_valid():
        return _page(request, account, facts=form)
    set_facts(
        account=account,
        staff=request.user,
        now=timezone.now(),
        **form.cleaned_data,
    )
    messages.success(request, _("Kind and language are saved."))
    return redirect("emergency:desk_account", number)


@staff_required(*ACCOUNT_ROLES)
@require_POST
def add(request: StaffRequest, number: str) -> HttpResponse:
    """A person is on file for this account."""
    account = account_for(request.user, number)
    form = ContactForm(request.POST, auto_id="contact_%s")
    if form.is_valid():
        try:
            add_contact(
                account=account,
                region=settings.PHONENUMBER_DEFAULT_REGION,
                staff=request.user,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The contact is on file."))
            return redirect("emergency:desk_account", number)
    return _page(request, account, form=form)


@staff_required(*ACCOUNT_ROLES)
@require_POST
def retire(request: StaffRequest, number: str, contact_id: int) -> HttpResponse:
    """A person no longer speaks for this account."""
    account = account_for(request.user, number)
    contact = contact_for(request.user, account, contact_id)
    retire_contact(contact_id=contact.pk, staff=request.user, now=timezone.now())
    messages.success(
        request, _("This contact no longer speaks for the account and is signed out.")
    )
    return redirect("emergency:desk_account", number)


@staff_required(*ACCOUNT_ROLES)
@require_POST
def new_pin(request: StaffRequest, number: str) -> HttpResponse:
    """A new PIN, on this page and never again; the earlier one is revoked."""
    account = account_for(request.user, number)
    pin = create_pin(account=account, staff=request.user, now=timezone.now())
    response = _page(request, account, pin=shown(pin))
    response.headers["Cache-Control"] = "private, no-store"
    return response


@staff_required(*ACCOUNT_ROLES)
@require_POST
def end_pin(request: StaffRequest, number: str) -> HttpResponse:
    """The PIN opens nothing any more."""
    account = account_for(request.user, number)
    if revoke_pin(account=account, staff=request.user, now=timezone.now()):
        messages.success(request, _("The support PIN is revoked."))
    else:
        messages.info(request, _("This account has no support PIN."))
    return redirect("emergency:desk_account", number)


def _page(
    request: StaffRequest,
    account: Account,
    *,
    form: ContactForm | None = None,
    facts: AccountForm | None = None,
    pin: str = "",
) -> HttpResponse:
    context: dict[str, Any] = {
        "area": "accounts",
        "view": account_view(account, timezone.now()),
        "pin": pin_of(account),
        "new_pin": pin,
        "form": form or ContactForm(auto_id="contact_%s"),
        "facts": facts or AccountForm(instance=account, auto_id="account_%s"),
        "may_change": request.user.role in ACCOUNT_ROLES,
        "now": timezone.now(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form or facts else HTTPStatus.OK
    return render(request, "emergency/desk_account.html", context, status=status)
