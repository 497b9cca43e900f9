"""What happened, in labelled words: one emergency, or several on one document."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from billing import wording
from billing.models import Document


@dataclass(frozen=True)
class Fact:
    """A label and its value; empty values are not printed."""

    label: str
    value: str


@dataclass(frozen=True)
class Heading:
    """What stands above the lines of one emergency among several."""

    emergency: str = ""
    happened: str = ""


def facts_of(document: Document) -> list[Fact]:
    """What the document is about: its emergency, or how many and of which month."""
    if document.gathers_month is None:
        return incident_facts(document.work)
    return [
        Fact(_("Emergencies"), str(len(document.references))),
        Fact(_("Month"), wording.month(document.gathers_month)),
    ]


def headings_of(document: Document) -> dict[str, Heading]:
    """By reference; empty for a document about one emergency."""
    if not document.is_collective:
        return {}
    return {work["reference"]: _heading(work) for work in document.emergencies}


def note_of(document: Document) -> str:
    """What happened in one text, for the electronic forms."""
    if not document.is_collective:
        return _sentence(incident_facts(document.work))
    return " | ".join(_sentence(incident_facts(w)) for w in document.emergencies)


def _heading(work: Mapping[str, Any]) -> Heading:
    first, *rest = incident_facts(work)
    return Heading(f"{first.label} {first.value}", _sentence(rest))


def _sentence(facts: list[Fact]) -> str:
    return "; ".join(f"{fact.label}: {fact.value}" for fact in facts)


def incident_facts(work: Mapping[str, Any]) -> list[Fact]:
    """One emergency; its reference comes first."""
    facts = [
        Fact(_("Emergency"), work.get("reference", "")),
        Fact(_("Server"), ", ".join(dict.fromkeys(work.get("server_names", [])))),
        Fact(_("Triggered"), _instant(work.get("triggered_at"))),
        Fact(_("Called back"), _instant(work.get("callback_reached_at"))),
        Fact(_("Closed"), _instant(work.get("closed_at"))),
        Fact(_("Cause"), wording.cause(work.get("cause", ""))),
    ]
    return [fact for fact in facts if fact.value]


def _instant(value: str | None) -> str:
    return wording.local_time(datetime.fromisoformat(value)) if value else ""
