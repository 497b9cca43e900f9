"""A rehearsal: who would be paged. Asked by GET, as nothing is written."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from emergency.actions.joining import would_join
from emergency.actions.report_rows import named_servers
from emergency.desk_forms import operator_zone
from emergency.models import Account, Incident, Server
from emergency.queries.servers import find_server
from emergency.queries.what_if import WhatIf, busy_now, what_if
from emergency.rules.calendar_days import shown_time
from emergency.terms import NoTerms, offered_terms
from emergency.views.access import DESK_ROLES, StaffRequest, staff_required
from emergency.what_if_forms import WhatIfForm

# Where no terms can be had; the order would be refused then.
USUAL_PROMISE = timedelta(minutes=30)


@staff_required(*DESK_ROLES)
@require_safe
def show_what_if(request: StaffRequest) -> HttpResponse:
    """If an emergency came at this time, about this server: who, by what, when, why."""
    now = timezone.now()
    asked = "at" in request.GET
    initial = {
        "at": now.astimezone(operator_zone()).replace(tzinfo=None, second=0),
        "busy": [person.pk for person in busy_now()],
    }
    form = WhatIfForm(request.GET if asked else None, initial=initial)
    context: dict[str, object] = {}
    if asked and form.is_valid():
        server, account = _about(form.cleaned_data["about"])
        found = _play(form, account)
        joined = _joined(form.cleaned_data["about"], server)
        context = {
            "found": found,
            "shown_at": shown_time(found.opened_at, operator_zone()),
            "about": form.cleaned_data["about"],
            "server": server,
            "account": account,
            "joined": joined,
        }
    return render(
        request,
        "emergency/what_if.html",
        {
            "area": "roster",
            "form": form,
            "zone": operator_zone().key,
            "asks_which": form.is_valid() and form.asks_which,
            **context,
        },
        status=422 if asked and not form.is_valid() else 200,
    )


def _play(form: WhatIfForm, account: Account | None) -> WhatIf:
    at = form.cleaned_data["at"]
    try:
        within = offered_terms(
            account_number=account.number if account else None,
            at=at,
            language=get_language() or "en",
            keep=False,
        ).terms.callback_within
    except NoTerms:
        within = USUAL_PROMISE
    return what_if(
        opened_at=at,
        within=within,
        busy={person.pk for person in form.cleaned_data["busy"]},
        nobody_answers=form.cleaned_data["nobody"],
    )


def _about(typed: str) -> tuple[Server | None, Account | None]:
    """The server that this names, or the account with this number."""
    server = find_server(typed)
    if server is not None:
        return server, server.account
    return None, Account.objects.filter(number=typed.strip()).first()


def _joined(typed: str, server: Server | None) -> Incident | None:
    """The open incident which a report about this server would join now."""
    return would_join(named_servers([(typed, server)]), number="", caller=None)
