"""The callback record as a document: when and how we called back, what proves it.

It has the shape of the order record; times are UTC.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from emergency.models import CallbackAttempt, Incident, Message
from emergency.queries.callback_record import call_of
from emergency.queries.order_record import OrderRecord, Section, call_proof, instant

ABOUT_THE_CALLBACK = (Message.Purpose.ATTEMPTED, Message.Purpose.MISSED)


def callback_document(
    incident: Incident, *, language: str, made_at: str
) -> OrderRecord:
    """The record of this incident as it stands, in the active language, which
    ``language`` names."""
    return OrderRecord(
        reference=incident.reference,
        language=language,
        title=_("Callback record"),
        made_at=made_at,
        sections=(
            _of_promise(incident),
            *_of_attempts(incident),
            *_of_messages(incident),
            _of_outcome(incident),
        ),
    )


def _of_promise(incident: Incident) -> Section:
    owner = incident.owner.staff.full_name if incident.owner else "–"
    return Section(
        title=_("What was promised"),
        rows=(
            *(
                [(_("Drill"), _("yes, nothing is charged"))]
                if incident.is_drill
                else []
            ),
            (_("Ordered"), instant(incident.opened_at)),
            (_("Callback promised by"), instant(incident.callback_deadline_at)),
            (_("Taken"), instant(incident.acknowledged_at)),
            (_("Technician"), owner),
        ),
    )


def _of_attempts(incident: Incident) -> Iterator[Section]:
    attempts = incident.callback_attempts.select_related("bridge", "staff")
    entries = {
        (entry.at, entry.values.get("outcome")): entry.pk
        for entry in incident.timeline.filter(code="callback_attempt")
    }
    for place, attempt in enumerate(attempts, start=1):
        yield Section(
            title=_("Attempt %(place)d") % {"place": place},
            rows=(
                (_("At"), instant(attempt.at)),
                (_("Number to call"), attempt.number or _("not noted")),
                (_("Outcome"), attempt.get_outcome_display()),
                (_("Proof"), _proof(attempt, entries)),
            ),
        )


def _proof(
    attempt: CallbackAttempt, entries: Mapping[tuple[datetime, Any], int]
) -> str:
    if attempt.proof == CallbackAttempt.Proof.BRIDGE:
        return call_proof(call_of(attempt))
    entry = entries.get((attempt.at, attempt.outcome))
    values = {"name": attempt.staff.full_name, "entry": entry}
    if entry is None:
        return _("noted by %(name)s") % values
    return _("noted by %(name)s at that moment, timeline entry %(entry)s") % values


def _of_messages(incident: Incident) -> Iterator[Section]:
    """What we wrote because the customer was not reached, and what became of it."""
    messages = incident.messages.filter(purpose__in=ABOUT_THE_CALLBACK)
    rows = tuple(
        (
            f"{message.get_kind_display()}, {instant(message.due_at)}",
            f"{message.get_purpose_display()}: {message.get_status_display()}",
        )
        for message in messages.order_by("due_at", "pk")
    )
    if rows:
        yield Section(title=_("What we wrote"), rows=rows)


def _of_outcome(incident: Incident) -> Section:
    reached = incident.reached_at
    rows = [
        (_("Reached"), instant(reached)),
        (_("Outcome"), incident.get_callback_outcome_display()),
    ]
    if reached is not None:
        minutes = int((reached - incident.opened_at).total_seconds() // 60)
        took = ngettext("%(count)d minute", "%(count)d minutes", minutes)
        rows.insert(1, (_("After the order"), took % {"count": minutes}))
    return Section(
        title=_("How it ended"),
        rows=tuple(rows),
        texts=(
            _(
                "Calls over our bridge are proven by the telephone network. Every"
                " other attempt is noted by the technician when it is made, at the"
                " time of our servers. The database refuses to change or delete"
                " entries of the timeline."
            ),
        ),
    )
