"""The board, the ended incidents and the accounts."""

from datetime import datetime
from hashlib import sha256

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.formats import date_format
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from emergency.actions.roster import technicians_on_call
from emergency.queries import accounts, board
from emergency.queries.engine import trouble
from emergency.queries.mail import waiting_count
from emergency.queries.reach import cannot_be_reached
from emergency.queries.storm import storm
from emergency.views.access import (
    ACCOUNT_ROLES,
    DESK_ROLES,
    LINK_ROLES,
    StaffRequest,
    staff_required,
)


@staff_required(*DESK_ROLES)
@require_safe
def show_board(request: StaffRequest) -> HttpResponse:
    """Every open incident, what is due next first."""
    now = timezone.now()
    rows, fragment = _board_fragment(request, now)
    return render(
        request,
        "emergency/desk_board.html",
        {
            "area": "board",
            "fragment": fragment,
            "etag": etag_of(fragment),
            "count": len(rows),
            "unreachable": cannot_be_reached(request.user),
            "now": now,
        },
    )


@staff_required(*DESK_ROLES)
@require_safe
def board_fragment(request: StaffRequest) -> HttpResponse:
    """The changing part of the board; 304 when it reads as before."""
    now = timezone.now()
    return fragment_response(request, _board_fragment(request, now)[1], now)


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
    request: StaffRequest, content: str, now: datetime
) -> HttpResponse:
    """The fragment, or 304 when the reader has it; both say as of when it holds."""
    etag = etag_of(content)
    whole = HttpResponse(content, headers={"ETag": etag})
    answer = get_conditional_response(request, etag=etag, response=whole)
    response = whole if answer is None else answer
    response.headers["X-Shown-At"] = date_format(
        timezone.localtime(now), "H:i:s", use_l10n=False
    )
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _board_fragment(
    request: StaffRequest, now: datetime
) -> tuple[list[board.BoardRow], str]:
    rows = board.open_incidents(now)
    on_call = [
        (schedule, technicians_on_call(schedule_id=schedule.pk, now=now))
        for schedule in board.schedules()
    ]
    fragment = render_to_string(
        "emergency/_desk_board.html",
        {
            "rows": rows,
            "on_call": on_call,
            "tick": board.last_tick(now),
            "trouble": trouble(now),
            "storm": storm(now),
            "mails": waiting_count(),
        },
        request,
    )
    return rows, fragment
