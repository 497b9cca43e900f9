"""The demo's stage: form, telephones and desk side by side, and stories to start.

Nobody signs in here, so none of it exists outside the demo, which answers on this
machine alone (check emergency.E005).
"""

import re
import secrets
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlsplit

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from emergency.actions import stage as actions
from emergency.actions.operator import LOGO_KILOBYTES
from emergency.actions.refusal import Refused
from emergency.actions.stage_brand import rebrand
from emergency.operator_facts import current_operator, kept
from emergency.queries import stage as queries
from emergency.rules.stage import STORIES
from emergency.stage_forms import BrandForm
from emergency.terms import FeeTerms, NoTerms, offered_terms
from emergency.views.desk import fragment_response
from emergency.views.stage_words import STORY_WORDS

LOOPBACK = ("127.0.0.1", "localhost")
# What this page may show in frames; every other page of ours may frame nothing.
FRAMES = {
    "frame-src": [SELF, *(f"http://{h}:{settings.SIMULATOR_PORT}" for h in LOOPBACK)]
}
KEY = re.compile(r"[0-9a-f]{12}")
Rest = ParamSpec("Rest")


def only_in_demo(
    view: Callable[Concatenate[HttpRequest, Rest], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """The view does not exist outside the demo."""

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs
    ) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@csp_update(FRAMES)
@only_in_demo
@require_safe
def show_stage(request: HttpRequest) -> HttpResponse:
    """Everything at a glance; this page alone may show others in frames."""
    return _page(request)


@only_in_demo
@require_safe
def stage_now(request: HttpRequest) -> HttpResponse:
    """The part that changes: how far the story is."""
    return fragment_response(request, _now(request), timezone.now())


@only_in_demo
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """The story begins, once for each page that shows its button; whoever has not
    signed in sees the desk of the demo's technician."""
    story, key = request.POST.get("story", ""), request.POST.get("key", "")
    if story not in STORIES or not KEY.fullmatch(key):
        raise BadRequest
    try:
        actions.start_story(
            story=story, key=key, language=_language(), now=timezone.now()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    if not request.user.is_authenticated:
        _sign_in(request)
    return _back()


@only_in_demo
@require_POST
def open_desk(request: HttpRequest) -> HttpResponse:
    """This browser is signed in as the technician whom the stage pages first."""
    if not _sign_in(request):
        messages.error(request, str(Refused("stage_not_set")))
    return _back()


@csp_update(FRAMES)
@only_in_demo
@require_POST
def brand(request: HttpRequest) -> HttpResponse:
    """Every page, message and document from now on bears the name; orders cost the
    price."""
    form = BrandForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["logo_file"]
        try:
            rebrand(
                name=form.cleaned_data["name"],
                # One byte more says that it is too large, without reading all of it.
                logo=file.read(LOGO_KILOBYTES * 1024 + 1) if file else None,
                initial_fee=form.cleaned_data["initial_fee"],
                now=timezone.now(),
            )
        except Refused as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, str(refusal))
        else:
            kept.forget()
            messages.success(request, _("The hoster has its new name and price."))
            return _back()
    return _page(request, form=form)


def _sign_in(request: HttpRequest) -> bool:
    staff = queries.desk_person()
    if staff is None:
        return False
    login(request, staff, backend=settings.AUTHENTICATION_BACKENDS[0])
    return True


def _back() -> HttpResponse:
    response = HttpResponseRedirect(reverse("emergency:stage"))
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def _language() -> str:
    return (get_language() or settings.LANGUAGE_CODE).partition("-")[0]


def _page(request: HttpRequest, *, form: BrandForm | None = None) -> HttpResponse:
    telephones = _telephones(request)
    usual, own = _terms(None), _terms(queries.ACCOUNT_NUMBER)
    if form is None:
        fee = usual.initial_fee_net if usual else None
        form = BrandForm(initial={"name": current_operator().name, "initial_fee": fee})
    context = {
        "stories": [STORY_WORDS[key] for key in STORIES],
        "key": secrets.token_hex(6),
        "usual": _minutes(usual),
        "own": _minutes(own),
        # Demo data of an older release know no stage.
        "missing": "" if _minutes(own) < _minutes(usual) else Refused("stage_not_set"),
        "telephones": telephones,
        "fragment": _now(request),
        "form": form,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    response = render(request, "emergency/stage.html", context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _telephones(request: HttpRequest) -> str:
    """The address of the telephones, on the name by which this page was asked for."""
    if not settings.STAGE_TELEPHONES:
        return ""
    host = urlsplit(f"//{request.get_host()}").hostname
    name = host if host in LOOPBACK else LOOPBACK[0]
    return f"http://{name}:{settings.SIMULATOR_PORT}/?lang={_language()}"


def _terms(account_number: str | None) -> FeeTerms | None:
    try:
        return offered_terms(
            account_number=account_number,
            at=timezone.now(),
            language=_language(),
            keep=False,
        ).terms
    except NoTerms:
        return None


def _minutes(terms: FeeTerms | None) -> int:
    return round(terms.callback_within.total_seconds() / 60) if terms else 0


def _now(request: HttpRequest) -> str:
    now = timezone.now()
    told = next(iter(queries.told_lately(now)), None)
    context: dict[str, Any] = {"told": told, "now": now}
    if told is not None:
        context |= {
            "words": STORY_WORDS[told.story.key],
            "progress": queries.progress_of(told, now),
            "ringing": queries.ringing(told),
        }
    return render_to_string("emergency/_stage_now.html", context, request)
