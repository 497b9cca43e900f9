"""The draft of a report: what was typed comes back to the browser it was typed in.

An extra: form and order work without it, also while the database is away.
"""

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseTrouble
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from emergency.actions import drafts as actions
from emergency.actions.refusal import Refused
from emergency.database.again import once_more
from emergency.database.patience import patience
from emergency.models import Draft, DraftFile
from emergency.queries.drafts import OFFERED_FOR, files_under, newest_of
from emergency.views.carried import TYPED, Keys
from emergency.views.network import network_address_of

logger = logging.getLogger(__name__)

COOKIE = "draft"
# Seconds that an extra may cost somebody whose server is down.
PATIENCE = 1.0


@dataclass(frozen=True, kw_only=True)
class KeptFiles:
    """What became of the chosen files: ``refused`` in sentences; ``lost`` where none
    can be kept at the moment."""

    refused: Sequence[str] = field(default_factory=list)
    lost: bool = False


def keep_draft(request: HttpRequest, keys: Keys, browser: str) -> KeptFiles:
    """What this request brings is kept, as far as possible; files that are ticked for
    removal are gone."""
    chosen = request.FILES.getlist("attachments")
    typed = {name: _plain(request.POST.get(name, "")) for name in TYPED}
    if not any(typed.values()) and not chosen:
        return KeptFiles()
    try:
        with patience(PATIENCE):
            draft = actions.keep(
                order_key=keys.order_key,
                continues=keys.draft,
                cookie_hash=_hash(browser),
                network_address=network_address_of(request),
                typed={name: text for name, text in typed.items() if text},
                now=timezone.now(),
            )
            if draft is None:
                return KeptFiles(lost=bool(chosen))
            actions.remove_files(draft=draft, ids=_ids(request))
            return KeptFiles(refused=_refused(draft, chosen))
    except DatabaseTrouble as error:
        logger.warning("a draft cannot be kept: %s", type(error).__name__)
        return KeptFiles(lost=bool(chosen))


def remember(response: HttpResponse, browser: str) -> HttpResponse:
    """The browser is known by this value for as long as its draft is offered."""
    response.set_cookie(
        COOKIE,
        browser,
        max_age=int(OFFERED_FOR.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def browser_of(request: HttpRequest) -> str:
    """The random value by which this browser is known, a new one on its first form."""
    return request.COOKIES.get(COOKIE, "") or secrets.token_urlsafe(32)


def draft_of(request: HttpRequest) -> Draft | None:
    """What this browser typed last and did not order."""
    value = request.COOKIES.get(COOKIE, "")
    if not value:
        return None
    try:
        with patience(PATIENCE):
            return newest_of(_hash(value), timezone.now())
    except DatabaseTrouble as error:
        logger.warning("a draft cannot be read: %s", type(error).__name__)
        return None


def files_of(order_key: str) -> list[DraftFile]:
    """The files that wait for this order."""
    try:
        with patience(PATIENCE):
            return files_under(order_key)
    except DatabaseTrouble as error:
        logger.warning("files of a draft cannot be read: %s", type(error).__name__)
        return []


def hand_over(keys: Keys) -> None:
    """The files of a placed order stand with its report."""
    try:
        once_more(
            partial(actions.hand_over, order_key=keys.order_key, now=timezone.now())
        )
    except Exception:
        # The order stands, and its page shows which files came along.
        logger.exception("the files of an order cannot be handed over")


def discard(request: HttpRequest) -> None:
    """This browser is given back nothing any more."""
    value = request.COOKIES.get(COOKIE, "")
    if value:
        actions.discard(cookie_hash=_hash(value))


def lost_notice() -> str:
    """Said on the check page when files could not be kept."""
    return _(
        "Your files could not be kept. Go on without them, and add them right after the"
        " order."
    )


def _refused(draft: Draft, chosen: Sequence[Any]) -> list[str]:
    sentences = []
    largest = settings.ATTACHMENT_MEGABYTES * 1024 * 1024
    for file in chosen:
        try:
            actions.add_file(
                draft=draft,
                name=file.name or "",
                # One byte more says that it is too large, without reading all of it.
                content=file.read(largest + 1),
                now=timezone.now(),
            )
        except Refused as refusal:
            sentences.append(f"{file.name}: {refusal}")
    return sentences


def _ids(request: HttpRequest) -> list[int]:
    """The files that are ticked to be left out."""
    ticked = request.POST.getlist("remove_file")[: settings.ATTACHMENTS_MOST]
    return [int(one) for one in ticked if one.isascii() and one.isdecimal()]


def _hash(value: str) -> str:
    return sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(text: str) -> str:
    """What the database takes: neither NUL nor lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
