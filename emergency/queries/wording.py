"""Timeline entries are stored as code and values, and worded here when read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from emergency.models import (
    Answer,
    CallbackAttempt,
    ContactMethod,
    DueRow,
    Feedback,
    Incident,
    Message,
    Objection,
    Proposal,
    Report,
    ReportableCase,
    ReportableFact,
    Technician,
    TimeEntry,
    TimelineEntry,
    Timer,
)
from emergency.queries.page_wording import error_word, route_word, via_word
from emergency.queries.sentences import of_the_callback, of_the_customer, of_the_work


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One timeline entry in the reader's language. ``who`` is empty for the engine;
    ``tone`` is good, warn, bad or empty."""

    at: datetime
    code: str
    text: str
    who: str
    tone: str


TONES = {
    "acknowledged": "good",
    "handed_over": "good",
    "joined": "good",
    "reached": "good",
    "resolved": "good",
    "closed": "good",
    "nobody_reachable": "bad",
    "deadline_missed": "bad",
    "message_failed": "bad",
    "no_way_to_tell": "bad",
    "mail_attached": "warn",
    "waiting_for_customer": "warn",
    "objected": "warn",
    "withdrawn": "bad",
    "customer_confirms": "good",
    "customer_says_unsolved": "bad",
    "still_not_reached": "bad",
    "decision_failed": "bad",
    "page_failed": "warn",
    "bridge_failed": "warn",
    "bridge_unsettled": "warn",
    "texts_stopped": "warn",
    "timer_waits": "warn",
    "drill": "warn",
    "released": "warn",
    "paging_again": "warn",
}


def in_words(entries: Sequence[TimelineEntry]) -> list[Sentence]:
    """The entries as sentences, in their order. One query for the names in them."""
    names = _names(entries)
    return [
        Sentence(
            at=entry.at,
            code=entry.code,
            text=sentence(entry.code, entry.values, names),
            who=entry.staff.full_name if entry.staff else "",
            tone=TONES.get(entry.code, ""),
        )
        for entry in entries
    ]


def sentence(code: str, values: Mapping[str, Any], names: Mapping[int, str]) -> str:
    """One entry in words. A code nobody has worded yet still reads as one."""
    words = _sentences().get(code)
    if words is None:
        return code.replace("_", " ")
    return words % _worded(values, names)


def worded_codes() -> frozenset[str]:
    """Every code that has a sentence of its own."""
    return frozenset(_sentences())


def _sentences() -> dict[str, str]:
    return of_the_callback() | _of_paging() | of_the_customer() | of_the_work()


def _of_paging() -> dict[str, str]:
    return {
        "step_fired": _("Step %(step)s, round %(round)s: paged %(technicians)s."),
        "nobody_reachable": _(
            "Step %(step)s, round %(round)s reaches nobody: %(reason)s."
        ),
        "next_step_together": _(
            "%(technicians)s is busy with another emergency. The next step goes"
            " out together with this one."
        ),
        "acknowledged": _("Taken by %(via)s."),
        "acknowledged_too_late": _(
            "Tried to take it by %(via)s; it was taken already."
        ),
        "hand_over_asked": _(
            "%(technician)s is asked to take it over, and has it once they confirm."
        ),
        "handed_over": _("Has taken it over by %(via)s."),
        "help_asked": _("%(technician)s is asked to help."),
        "joined": _("Comes in to help (%(via)s)."),
        "released": _("Released. Paging starts again."),
        "paging_again": _(
            "Taken, but the customer is not reached yet. Everybody is paged again."
        ),
        "no_repage": _("No new round of pages: %(reason)s."),
        "page_held": _("The call to %(technician)s waits until the line is free."),
        "read_together": _(
            "Read out to %(technician)s in one call with other emergencies."
        ),
        "other_route": _("The page (%(kind)s) goes by %(route)s: %(error)s."),
        "page_failed": _("Page to %(technician)s (%(kind)s) failed: %(error)s."),
        "decision_failed": _(
            "The engine could not decide (%(kind)s: %(error)s). It tries again in a"
            " minute; the duty manager is told."
        ),
    }


def _worded(values: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, str]:
    """The values as words; a missing value reads as a dash, never as an error."""
    people = values.get("technicians") or []
    return {
        "server": _("The server is known.")
        if values.get("server_known")
        else _("The server is unknown."),
        "maintenance": maintenance_word(str(values.get("maintenance", ""))),
        "terms": ""
        if values.get("terms_fresh", True)
        else _("The price came from the last good copy of the terms."),
        "outcome": _label(CallbackAttempt.Outcome.choices, values.get("outcome")),
        "proof": proof_word(str(values.get("proof", "")), values.get("talked")),
        "talked": duration(values.get("talked")),
        "duration": duration(values.get("seconds")),
        "in_time": _("in time") if values.get("in_time") else _("too late"),
        "technicians": ", ".join(_name(names, key) for key in people) or "–",
        "technician": _name(names, values.get("technician")),
        "reason": _reason(str(values.get("reason", ""))),
        "via": via_word(str(values.get("via", ""))),
        "account": str(values.get("account", "–")),
        "other": str(values.get("other", "–")),
        "verification": _label(Report.Verification.choices, values.get("verification")),
        "step": _counted(values.get("step")),
        "round": _counted(values.get("round")),
        "kind": _kind(values.get("kind")),
        "route": route_word(str(values.get("route", ""))),
        "error": error_word(str(values.get("error", ""))),
        "billable": _("charged") if values.get("billable", True) else _("not charged"),
        "cause": _label(Incident.Cause.choices, values.get("cause")),
        "disposition": _label(Incident.Disposition.choices, values.get("disposition")),
        "why": _label(Timer.Why.choices, values.get("why")),
        "document": document_word(str(values.get("kind", ""))),
        "minutes": str(values.get("minutes", "–")),
        "amount": str(values.get("amount") or "–"),
        "proposed": _label(Proposal.Kind.choices, values.get("proposed")),
        "verdict": _label(Answer.Verdict.choices, values.get("verdict")),
        "answered_via": _label(Answer.Via.choices, values.get("answered_via")),
        "about": _label(Objection.About.choices, values.get("about")),
        "by": _("customer") if values.get("by") == "customer" else _("desk"),
        "free": _cost_word(values.get("free")),
        "network": _label(Feedback.Network.choices, values.get("network")),
        "application": _label(Feedback.RuledOut.choices, values.get("application")),
        "number": str(values.get("number", "–")),
        "attempts": str(values.get("attempts", "–")),
        "message": _label(Message.Purpose.choices, values.get("purpose")),
        "case_kind": _label(ReportableCase.Kind.choices, values.get("case_kind")),
        "case_fact": _label(ReportableFact.Code.choices, values.get("case_fact")),
        "case_step": _step_of_a_case(values.get("case_step")),
    }


def duration(seconds: object) -> str:
    """Full minutes in words, or seconds below one minute."""
    if not isinstance(seconds, int | float):
        return "–"
    if seconds < 60:
        return ngettext("%(count)d second", "%(count)d seconds", int(seconds)) % {
            "count": seconds
        }
    minutes = int(seconds // 60)
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {
        "count": minutes
    }


def proof_word(proof: str, talked: object) -> str:
    """How a call to the customer is proven, in a sentence. Attempts of old say
    nothing and were declared."""
    if proof != CallbackAttempt.Proof.BRIDGE:
        return _("Self-declared.")
    if not isinstance(talked, int):
        return _("Proven by the telephone network.")
    return _("Proven by the telephone network: connected for %(duration)s.") % {
        "duration": duration(talked)
    }


def maintenance_word(result: str) -> str:
    """The maintenance verdict of the report in words."""
    words = {
        "active": _("active"),
        "due": _("due"),
        "none": _("none announced"),
        "unknown": _("not known"),
    }
    return words.get(result, result or "–")


def document_word(kind: str) -> str:
    """What billing made."""
    words = {
        "invoice": _("Invoice"),
        "credit_note": _("Credit note"),
        "none": _("Nothing to charge"),
    }
    return words.get(kind, kind)


def _reason(code: str) -> str:
    words = {
        "not_taken": _("nobody has taken it, paging runs"),
        "paging_runs": _("paging runs already"),
        "timer_runs": _("a timer runs, about which its owner is asked"),
        "recent_activity": _("the technician was active a moment ago"),
        "nobody_on_call": _("nobody is on call"),
        "no_technicians": _("there are no active technicians"),
        "no_duty_manager": _("no duty manager is named"),
        "no_owner": _("the plan has no active owner"),
        "no_technician": _("the technician is not active"),
        "no_schedule": _("the schedule does not exist"),
        "no_contact_method": _("no verified contact method"),
    }
    return words.get(code, code.replace("_", " ") or "–")


def _cost_word(free: object) -> str:
    """What cancelling costs; entries of old do not say it."""
    if free is None:
        return _("accounting decides about the fee")
    return _("free of charge") if free else _("the fee is due")


def _kind(code: object) -> str:
    choices = (
        *TimeEntry.Kind.choices,
        *ContactMethod.Kind.choices,
        *DueRow.Kind.choices,
    )
    return _label(choices, code)


def _label(choices: Iterable[tuple[Any, Any]], code: object) -> str:
    return str(dict(choices).get(code, code or "–"))


def _step_of_a_case(code: object) -> str:
    """The step and what joins it to what became of it; a fact may be about none."""
    return f"{_label(ReportableFact.Step.choices, code)}: " if code else ""


def _name(names: Mapping[int, str], key: object) -> str:
    return names.get(key, f"#{key}") if isinstance(key, int) else "–"


def _counted(number: object) -> str:
    """Steps and rounds are counted from zero in rows and from one in words."""
    return str(number + 1) if isinstance(number, int) else "–"


def _names(entries: Iterable[TimelineEntry]) -> dict[int, str]:
    keys: set[int] = set()
    for entry in entries:
        keys.update(entry.values.get("technicians") or [])
        if isinstance(entry.values.get("technician"), int):
            keys.add(entry.values["technician"])
    people = Technician.objects.filter(pk__in=keys).select_related("staff")
    return {person.pk: person.staff.full_name for person in people}
