"""The two pages of a report by telephone: the form, and what is read out."""

import logging
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from emergency.account_forms import LONGEST_NUMBER
from emergency.actions.report import MaintenanceCheck
from emergency.models import Staff
from emergency.operator_facts import current_operator
from emergency.rules.customer_kind import CONSUMER, ordered_as
from emergency.rules.free_text import named_apart
from emergency.rules.joining import is_below
from emergency.rules.phone_number import takes_sms
from emergency.telephone_forms import OWN, TelephoneForm
from emergency.terms import NoTerms, OfferedTerms, offered_terms
from emergency.views.carried import (
    TYPED,
    Checked,
    Keys,
    keys_from,
    no_longer_good,
    typed_from,
)
from emergency.views.incident import technician_of
from emergency.views.read_out import ReadOut, read_out
from emergency.views.report_pages import MAINTENANCE as MAINTENANCE
from emergency.views.report_pages import Box, page_language
from emergency.views.words import prices

logger = logging.getLogger(__name__)

# The boxes beside what everybody is asked.
WAS_READ, SAID_YES = "was_read", "said_yes"


def terms_in(language: str, now: datetime) -> OfferedTerms | None:
    """The terms for a caller nobody knows, in their language; None where nothing can be
    sold."""
    try:
        return offered_terms(account_number=None, at=now, language=language)
    except NoTerms:
        logger.exception("no fee terms can be read out, nothing can be ordered")
        return None


def empty() -> TelephoneForm:
    """A form for somebody who has just rung, in the language of this page."""
    return filled({"spoken_language": page_language()})


def filled(typed: Any) -> TelephoneForm:
    """The form with what was typed, without judging it."""
    names = (*TYPED, *OWN)
    return TelephoneForm(
        sells_to=current_operator().sells_to,
        initial={name: typed[name] for name in names if name in typed},
    )


def kind_of(checked: Checked) -> str:
    """Whether the caller orders as a business or as a consumer."""
    said = checked.typed.get("ordering_as", "")
    sells_to = current_operator().sells_to
    return ordered_as(sells_to=sells_to, account_kind="", said=said)


def checked_of(
    form: TelephoneForm,
    keys: Keys,
    offered: OfferedTerms,
    maintenance: MaintenanceCheck,
) -> Checked:
    """A valid form as it travels from the text to the order."""
    return Checked(
        keys=keys,
        typed={name: form.cleaned_data.get(name, "") for name in (*TYPED, *OWN)},
        dialled=form.dialled,
        extension=form.extension,
        terms_version=offered.terms.version,
        language=form.cleaned_data["spoken_language"],
        maintenance=maintenance,
        second_dialled=form.second.e164 if form.second else "",
        second_extension=form.second.extension if form.second else "",
    )


def text_for(
    request: HttpRequest, checked: Checked, offered: OfferedTerms, now: datetime
) -> ReadOut:
    """What whoever is signed in reads out to this caller."""
    return read_out(
        checked,
        offered.terms,
        operator=current_operator(),
        staff=_staff(request).full_name,
        kind=kind_of(checked),
        now=now,
    )


def unreadable(request: HttpRequest) -> HttpResponse:
    """The form again, filled, when the signed part of the page is not good."""
    return form_page(
        request,
        filled(typed_from(request.POST.get("checked"))),
        keys_from(None),
        notice=no_longer_good(),
    )


def nothing_to_sell(
    request: HttpRequest, form: TelephoneForm, keys: Keys
) -> HttpResponse:
    """The form as it is, while there is no price to read out."""
    return form_page(
        request,
        form,
        keys,
        notice=_("There are no fee terms at the moment: nothing can be ordered."),
        status=HTTPStatus.SERVICE_UNAVAILABLE,
    )


def form_page(
    request: HttpRequest,
    form: TelephoneForm,
    keys: Keys,
    *,
    notice: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The questions, with what was typed."""
    if form.errors:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {"area": "board", "form": form, "keys": keys.signed(), "notice": notice}
    return render(request, "emergency/desk_report_form.html", context, status=status)


def read_page(
    request: HttpRequest,
    checked: Checked,
    offered: OfferedTerms,
    now: datetime,
    *,
    notice: str = "",
    missing: Collection[str] = (),
    anew: bool = False,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """What to read out, what to tick, and the button. ``anew``: something else is to be
    read than before, so that no tick stays."""
    text = text_for(request, checked, offered, now)
    checked = replace(
        checked, terms_version=offered.terms.version, tariff_case=text.case
    )
    consumer = kind_of(checked) == CONSUMER
    context = {
        "area": "board",
        "checked": checked,
        "signed": checked.signed(),
        "typed": checked.typed,
        "text": text,
        "prices": prices(offered.terms),
        "boxes": _boxes(request, text, missing, anew=anew),
        "missing": missing,
        "notice": notice,
        "consumer": consumer,
        "nothing_in_writing": consumer and not _can_be_written_to(checked),
        "email_may_be_down": any(
            is_below(checked.typed["reporter_email"], name)
            for name in named_apart(checked.typed["server_name"])
        ),
        # A PIN is typed again; it stands on no page.
        "caller_account": request.POST.get("caller_account", "")[:LONGEST_NUMBER],
        "wrong_pin": "caller_pin" in missing,
        "own": technician_of(_staff(request)),
        "takes": "take" in request.POST,
    }
    if missing:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    response = render(
        request, "emergency/desk_report_read.html", context, status=status
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _boxes(
    request: HttpRequest, text: ReadOut, missing: Collection[str], *, anew: bool
) -> list[Box]:
    words = {WAS_READ: _("I have read all of this out.")}
    if text.asks_about_it:
        words[MAINTENANCE] = _("The caller orders although maintenance is running.")
    for name, declaration in text.declarations.items():
        said = _("The caller said: “%(declaration)s”")
        words[name] = said % {"declaration": declaration}
    words[SAID_YES] = _("The caller said yes to: “%(question)s”") % {
        "question": text.question
    }
    return [
        Box(
            name=name,
            text=words[name],
            ticked=name in request.POST and not anew,
            missing=name in missing,
        )
        for name in words
    ]


def _can_be_written_to(checked: Checked) -> bool:
    numbers = (checked.dialled, checked.second_dialled)
    return bool(checked.typed["reporter_email"]) or any(map(takes_sms, numbers))


def _staff(request: HttpRequest) -> Staff:
    """Whoever is signed in; these pages have no other readers."""
    return cast(Staff, request.user)
