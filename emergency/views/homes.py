"""Where staff begin, and whether an address leads nowhere else but here."""

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from emergency.models import Role, Staff

BILLING_HOME = "/billing/"
IN_BILLING = frozenset({Role.ACCOUNTING, Role.AUDITOR})


def home_of(person: object) -> str:
    """Accounting and auditors start in billing, everybody else at the board."""
    if isinstance(person, Staff) and person.role in IN_BILLING:
        return BILLING_HOME
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def wanted(request: HttpRequest) -> str:
    """The page of ours that ``next`` names, or an empty text."""
    there = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        there, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return there if safe else ""
