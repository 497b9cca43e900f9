"""Rate cards: what holds since when, what it says to customers, and a new one."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.actions.ratecards import publish_card
from billing.actions.refusal import BillingRefusal
from billing.comparing import month_by_card
from billing.fee_text import terms_of
from billing.models import Issuer, Language, RateCard
from billing.policy_words import in_words
from billing.ratecard_forms import RateCardForm
from billing.views.access import ACCOUNTING, LOOKERS, only, staff_id
from emergency.terms import FeeTerms


@require_safe
@only(LOOKERS)
def card_list(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    cards = list(RateCard.objects.select_related("created_by").order_by("-valid_from"))
    ends = [None, *(card.valid_from for card in cards)]
    in_force = next((card.pk for card in cards if card.valid_from <= now), None)
    rows = [
        {
            "card": card,
            "until": until,
            "state": _state(card, in_force, now),
            "policy": card.rating_policy,
        }
        for card, until in zip(cards, ends, strict=False)
    ]
    return render(
        request,
        "billing/ratecards.html",
        {"area": "billing", "here": "ratecards", "rows": rows},
    )


def _state(card: RateCard, in_force: int | None, now: datetime) -> str:
    if card.pk == in_force:
        return "in_force"
    return "coming" if card.valid_from > now else "replaced"


@require_safe
@only(LOOKERS)
def card_page(request: HttpRequest, pk: int) -> HttpResponse:
    card = get_object_or_404(RateCard.objects.select_related("created_by"), pk=pk)
    earlier = RateCard.objects.filter(valid_from__lt=card.valid_from).last()
    return render(
        request,
        "billing/ratecard.html",
        {
            "area": "billing",
            "here": "ratecards",
            **_shown(card, instead_of=earlier, now=timezone.now()),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@only(ACCOUNTING)
def new_card(request: HttpRequest) -> HttpResponse:
    """The form; with it, once it is valid, what the card would say and cost. It holds
    only after it was seen like that and put in force."""
    now = timezone.now()
    try:
        current = RateCard.objects.in_force(now)
    except RateCard.DoesNotExist:
        raise Http404 from None
    form = RateCardForm(request.POST or None, current=current, now=now)
    preview: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("seen") == form.fingerprint
        if "publish" in request.POST and seen:
            try:
                card = publish_card(
                    values=form.values,
                    policy=form.policy,
                    staff_id=staff_id(request),
                    now=now,
                )
            except BillingRefusal as refusal:
                form.add_error("valid_from", str(refusal))
            else:
                messages.success(request, _("Saved. Orders from then on use it."))
                return redirect("billing:ratecard", card.pk)
        else:
            preview = {
                **_shown(form.card, instead_of=current, now=now),
                "seen": form.fingerprint,
                "changed": "publish" in request.POST,
            }
    return render(
        request,
        "billing/ratecard_new.html",
        {
            "area": "billing",
            "here": "ratecards",
            "form": form,
            "others": RateCard.objects.filter(valid_from__gt=now),
            **preview,
        },
    )


def _shown(
    card: RateCard, *, instead_of: RateCard | None, now: datetime
) -> dict[str, Any]:
    """The card, what it says in every language, its readings, and this month by it."""
    return {
        "card": card,
        "policy": card.rating_policy,
        "earlier": instead_of,
        "texts": _texts(card),
        "readings": in_words(
            card.rating_policy,
            card.currency,
            instead_of.rating_policy if instead_of else None,
        ),
        "month": month_by_card(card, now=now),
    }


def _texts(card: RateCard) -> list[FeeTerms]:
    """What customers read, at the issuer's tax rate of the card's first day. A card
    that is older than the issuer was never read."""
    try:
        issuer = Issuer.objects.on(timezone.localdate(card.valid_from))
    except Issuer.DoesNotExist:
        return []
    return [
        terms_of(card, vat_rate=issuer.vat_rate, language=language)
        for language in Language.values
    ]
