"""The forms of the incident page as they stand before anybody types."""

from datetime import datetime

from django import forms

from emergency.customer_forms import FeedbackForm
from emergency.desk_forms import (
    AccountForm,
    AttemptForm,
    ColleagueForm,
    NoteForm,
    ResolveForm,
    TimeForm,
    suggested_times,
)
from emergency.models import Technician
from emergency.queries.customer_side import CustomerSide
from emergency.queries.incident import IncidentView, work_begins


def fresh_forms(
    view: IncidentView, side: CustomerSide, own: Technician | None, now: datetime
) -> dict[str, forms.Form]:
    """Every form of the page, with what is probably meant."""
    incident = view.head.incident
    since = work_begins(incident, view.entries, own)
    return {
        "attempt": AttemptForm(numbers=view.numbers),
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
            initial={"cause": incident.cause, "resolution": incident.resolution},
        ),
        "account": AccountForm(auto_id="account_%s"),
        "feedback": FeedbackForm(servers=side.servers, auto_id="feedback_%s"),
    }
