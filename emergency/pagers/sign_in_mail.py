"""The e-mail with sign-in links, as plain text and HTML, in the contact's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

TEMPLATES = "emails/emergency/sign_in"


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A link for one contact. ``token`` is its secret, ``account`` the account's
    name."""

    email: str
    language: str
    account: str
    token: str


def send_links(offers: Sequence[Offer], *, minutes: int) -> None:
    """One mail names every account with its link; without offers nothing is sent.

    Raises smtplib.SMTPException or OSError when the mail server does not take it.
    """
    if not offers:
        return
    first = offers[0]
    with translation.override(first.language):
        context = _context(offers, minutes)
        message = EmailMultiAlternatives(
            subject=" ".join(
                render_to_string(f"{TEMPLATES}_subject.txt", context).split()
            ),
            body=render_to_string(f"{TEMPLATES}.txt", context).strip() + "\n",
            to=[first.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
        message.attach_alternative(
            render_to_string(f"{TEMPLATES}.html", context), "text/html"
        )
    message.send()


def _context(offers: Sequence[Offer], minutes: int) -> dict[str, Any]:
    return {
        "minutes": minutes,
        "language": offers[0].language,
        "links": [
            {
                "account": offer.account,
                "url": settings.PUBLIC_BASE_URL
                + reverse("emergency:sign_in_link", args=[offer.token]),
            }
            for offer in offers
        ],
    }
