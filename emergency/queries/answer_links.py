"""The link in an e-mail or push that answers its page, and what stands behind it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from emergency.models import Page

# A link in a mailbox is found again years later; a page is over long before.
LINK_LIVES = timedelta(hours=24)
KINDS_WITH_LINK = ("email", "push")


@dataclass(frozen=True, kw_only=True)
class LinkedPage:
    """The page behind a link. ``alive`` is False for a page that was withdrawn or is
    too old: its link changes nothing any more."""

    page: Page
    alive: bool


def answer_url(page: Page) -> str:
    """The address that answers this page, for kinds that cannot carry a reply; else
    empty."""
    if page.kind not in KINDS_WITH_LINK:
        return ""
    token = _signer().sign(str(page.pk))
    return f"{settings.PUBLIC_BASE_URL}{reverse('emergency:answer', args=[token])}"


def page_behind(token: str, *, now: datetime) -> LinkedPage | None:
    """The page that this link was made for; None for a link that nobody made."""
    try:
        key = _signer().unsign(token)
    except BadSignature:
        return None
    page = (
        Page.objects.select_related(
            "incident__owner__staff", "technician__staff", "digest"
        )
        .filter(pk=key)
        .first()
    )
    if page is None:
        return None
    withdrawn = page.status == Page.Status.WITHDRAWN and page.answered_at is None
    return LinkedPage(page=page, alive=not withdrawn and now < page.due_at + LINK_LIVES)


def _signer() -> Signer:
    return Signer(salt="emergency.answer", sep=".")
