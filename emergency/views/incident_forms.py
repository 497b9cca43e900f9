"""The forms of the incident page as they stand before anybody types."""

from collections.abc import Sequence
from datetime import datetime

from django import forms

from emergency.bridge_forms import BridgeForm
from emergency.caller_forms import CallerForm
from emergency.customer_forms import (
    BeyondLimitForm,
    FeedbackForm,
    SpokenAnswerForm,
    prefilled,
)
from emergency.desk_forms import (
    AttemptForm,
    ColleagueForm,
    NoteForm,
    TimeForm,
    suggested_times,
)
from emergency.models import Incident, Report, Technician
from emergency.queries.bridge import BridgeView
from emergency.queries.customer_side import CustomerSide
from emergency.queries.incident import IncidentView, work_begins
from emergency.reportable_forms import FlagForm
from emergency.rules.disposition import proposed_cause
from emergency.work_forms import ResolveForm


def fresh_forms(
    view: IncidentView,
    side: CustomerSide,
    bridge: BridgeView,
    own: Technician | None,
    now: datetime,
) -> dict[str, forms.Form]:
    """Every form of the page, with what is probably meant."""
    incident = view.head.incident
    since = work_begins(incident, view.entries, own)
    return {
        "attempt": AttemptForm(
            numbers=bridge.numbers.offered, on_file=bridge.numbers.only_on_file
        ),
        "bridge": BridgeForm(view=bridge, auto_id="bridge_%s"),
        "hand_over": ColleagueForm(owner=incident.owner, auto_id="hand_over_%s"),
        "call_in": ColleagueForm(owner=incident.owner, auto_id="call_in_%s"),
        "note": NoteForm(auto_id="note_%s"),
        "time": TimeForm(
            own=own,
            auto_id="time_%s",
            initial={"kind": "support", **suggested_times(since=since, now=now)},
        ),
        "resolve": ResolveForm(
            auto_id="resolve_%s",
            initial=_end_of(incident, side),
        ),
        "caller": CallerForm(
            auto_id="caller_%s",
            callers=callers_of(view.reports),
            names=names_of(view.reports),
        ),
        "beyond": BeyondLimitForm(auto_id="beyond_%s"),
        "spoken": SpokenAnswerForm(auto_id="spoken_%s"),
        "flag": FlagForm(auto_id="flag_%s"),
        "feedback": FeedbackForm(
            servers=side.servers,
            language=side.language,
            initial=prefilled(next(iter(side.feedback), None), side.servers),
            auto_id="feedback_%s",
        ),
    }


def _end_of(incident: Incident, side: CustomerSide) -> dict[str, str]:
    """What stands, or what the newest findings propose."""
    found = side.feedback[0].application_ruled_out if side.feedback else ""
    withdrawn, solved = Incident.Disposition.WITHDRAWN, Incident.Disposition.SOLVED
    likely = withdrawn if side.withdrawals else solved
    return {
        "cause": incident.cause or proposed_cause(found),
        "disposition": incident.disposition or likely.value,
        "resolution": incident.resolution,
    }


def callers_of(reports: Sequence[Report]) -> list[tuple[str, str]]:
    """The callers among whom one is confirmed: number and name, as they reported."""
    return [
        (str(one.pk), " ".join(f"{one.callback_number} {one.reporter_name}".split()))
        for one in reports
    ]


def names_of(reports: Sequence[Report]) -> list[tuple[str, str]]:
    """The servers as they were typed, with what each is taken for."""
    return [
        (str(named.pk), f"{named.typed} → {named.server.name if named.server else '?'}")
        for report in reports
        for named in report.servers.all()
        if named.typed
    ]
