"""The ended incidents, the accounts, and what pages that stay current share."""

from datetime import datetime
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.formats import date_format
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from emergency.queries import accounts
from emergency.views.access import (
    ACCOUNT_ROLES,
    DESK_ROLES,
    LINK_ROLES,
    StaffRequest,
    staff_required,
)


@staff_required(*DESK_ROLES)
@require_safe
def ended_incidents(request: StaffRequest) -> HttpResponse:
    """The incidents that ended last."""
    return render(
        request,
        "emergency/desk_ended.html",
        {
            "area": "board",
            "incidents": accounts.ended_incidents(),
            "now": timezone.now(),
        },
    )


@staff_required(*DESK_ROLES)
@require_safe
def account_list(request: StaffRequest) -> HttpResponse:
    """Accounts by number, name or server."""
    search = request.GET.get("q", "").strip()[:100]
    return render(
        request,
        "emergency/desk_accounts.html",
        {
            "area": "accounts",
            "search": search,
            "accounts": accounts.find_accounts(search),
            "limit": accounts.MOST_ACCOUNTS,
            "may_import": request.user.role in ACCOUNT_ROLES,
            "may_link": request.user.role in LINK_ROLES,
            "waiting": accounts.imports_waiting(),
        },
    )


def etag_of(content: str) -> str:
    """The entity tag of a rendered fragment."""
    return quote_etag(sha256(content.encode()).hexdigest()[:32])


def fragment_response(
    request: HttpRequest, content: str, now: datetime, *, etag: str = ""
) -> HttpResponse:
    """The fragment, or 304 when the reader has it; both say as of when it holds.
    ``etag`` is its entity tag, where somebody has computed it already."""
    etag = etag or etag_of(content)
    whole = HttpResponse(content, headers={"ETag": etag})
    answer = get_conditional_response(request, etag=etag, response=whole)
    response = whole if answer is None else answer
    response.headers["X-Shown-At"] = date_format(
        timezone.localtime(now), "H:i:s", use_l10n=False
    )
    patch_cache_control(response, private=True, no_cache=True)
    return response
