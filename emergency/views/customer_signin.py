"""The customer signs in by e-mail link or support PIN, and out again.

No answer tells whether an address, a number or a PIN is known.
"""

from http import HTTPStatus

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from emergency.account_forms import LinkForm, PinForm
from emergency.actions import sign_in as actions
from emergency.actions.support_pins import try_pin
from emergency.queries.customers import link_is_good
from emergency.views.customers import customer_of, sign_in, sign_out
from emergency.views.language import in_chosen_language
from emergency.views.network import network_address_of


@require_http_methods(["GET", "HEAD", "POST"])
@in_chosen_language
@cache_control(private=True, no_store=True)
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """Both ways to sign in. POST asks for a link."""
    if request.method != "POST":
        if customer_of(request) is not None:
            return redirect("emergency:account")
        return _page(request)
    form = LinkForm(request.POST, auto_id="link_%s")
    if not form.is_valid():
        return _page(request, link=form)
    actions.ask_for_link(
        email=form.cleaned_data["email"],
        network_address=network_address_of(request),
        now=timezone.now(),
    )
    return redirect("emergency:sign_in_sent")


@require_safe
@in_chosen_language
@cache_control(private=True, no_store=True)
def link_sent(request: HttpRequest) -> HttpResponse:
    """What happens next, the same for every address."""
    return render(
        request,
        "emergency/sign_in_sent.html",
        {"minutes": round(actions.VALID.total_seconds() / 60)},
    )


@require_POST
@in_chosen_language
@cache_control(private=True, no_store=True)
def by_pin(request: HttpRequest) -> HttpResponse:
    """The account is signed in, or the one answer to whatever does not fit."""
    form = PinForm(request.POST, auto_id="pin_%s")
    if form.is_valid():
        pin = try_pin(
            account_number=form.cleaned_data["account_number"],
            typed=form.cleaned_data["pin"],
            network_address=network_address_of(request),
            now=timezone.now(),
        )
        if pin is not None:
            sign_in(request, pin=pin.pk)
            return redirect("emergency:account")
        form.add_error(
            "pin",
            _(
                "Number and PIN do not fit, or there were too many tries. Check both;"
                " if they are right, try again in 15 minutes or sign in by e-mail."
            ),
        )
    return _page(request, pin=form)


@require_http_methods(["GET", "HEAD", "POST"])
@in_chosen_language
@cache_control(private=True, no_store=True)
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button, as mail scanners open links, too; POST signs in, once."""
    if request.method == "POST":
        contact = actions.use_link(token=token, now=timezone.now())
        if contact is not None:
            sign_in(request, contact=contact.pk)
            return redirect("emergency:account")
    good = request.method != "POST" and link_is_good(token, timezone.now())
    response = render(
        request,
        "emergency/sign_in_link.html",
        {"good": good},
        status=HTTPStatus.OK if good else HTTPStatus.GONE,
    )
    # Without any referrer browsers send no origin, and the form would be refused.
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Nobody is signed in here any more."""
    sign_out(request)
    return redirect("emergency:sign_in")


def _page(request: HttpRequest, **bound: forms.Form) -> HttpResponse:
    filled = {
        "link": LinkForm(auto_id="link_%s"),
        "pin": PinForm(auto_id="pin_%s"),
    } | bound
    return render(
        request,
        "emergency/sign_in.html",
        {"forms": filled, "refused": list(bound.values())},
        status=HTTPStatus.UNPROCESSABLE_ENTITY if bound else HTTPStatus.OK,
    )
