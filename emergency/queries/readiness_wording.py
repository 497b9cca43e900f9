"""Findings about the roster in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from emergency.queries.readiness import Finding


@dataclass(frozen=True, kw_only=True)
class WordedFinding:
    """A finding as a sentence; ``law`` names its legal source, if it has one.
    ``short`` is for a calendar, and empty for what is no limit."""

    finding: Finding
    text: str
    law: str
    short: str = ""


def findings_in_words(findings: Iterable[Finding]) -> list[WordedFinding]:
    """The findings as sentences, in their order."""
    return [
        WordedFinding(
            finding=finding,
            text=_sentences()[finding.code] % _values(finding),
            law=_laws().get(finding.source, ""),
            short=_short().get(finding.code, "") % _values(finding),
        )
        for finding in findings
    ]


def worded_codes() -> frozenset[str]:
    """Every code that has a sentence."""
    return frozenset(_sentences())


def worded_sources() -> frozenset[str]:
    """Every legal source that has a name."""
    return frozenset(_laws())


def _sentences() -> dict[str, str]:
    return {
        "gap": _("%(schedule)s: nobody is on call from %(at)s to %(until)s."),
        "no_voice": _(
            "%(technician)s is on call from %(at)s (%(schedule)s) and has no verified"
            " telephone number."
        ),
        "absent": _(
            "%(technician)s is away from %(at)s to %(until)s and on call at that time"
            " (%(schedule)s)."
        ),
        "days": _(
            "%(technician)s is on call on %(planned)s days in %(month)s. The limit is"
            " %(allowed)s."
        ),
        "days_in_three_months": _(
            "%(technician)s is on call on %(planned)s days in the three months from"
            " %(month)s on. The limit is %(allowed)s."
        ),
        "hours": _(
            "%(technician)s is on call for %(planned)s hours in %(month)s. The limit"
            " is %(allowed)s."
        ),
        "weekly_rests": _(
            "%(technician)s is on call in %(planned)s weekly rests in %(month)s. The"
            " limit is %(allowed)s."
        ),
        "short_rest": _(
            "%(technician)s goes on call at %(at)s, %(planned)s hours after work. The"
            " rest should be %(allowed)s hours."
        ),
    }


def _short() -> dict[str, str]:
    return {
        "days": _("%(technician)s: %(planned)s days of %(allowed)s"),
        "days_in_three_months": _(
            "%(technician)s: %(planned)s days of %(allowed)s in three months"
        ),
        "hours": _("%(technician)s: %(planned)s hours of %(allowed)s"),
        "weekly_rests": _("%(technician)s: %(planned)s weekly rests of %(allowed)s"),
        "short_rest": _("%(technician)s: %(planned)s hours of rest, not %(allowed)s"),
    }


def _laws() -> dict[str, str]:
    return {
        "azg_20a": _("Working Hours Act (AZG), section 20a"),
        "azg_20a_rest": _("Working Hours Act (AZG), section 20a, daily rest"),
        "it_kv_7": _("Collective agreement for information technology, section 7"),
        "arg_6a": _("Rest Periods Act (ARG), section 6a"),
    }


def _values(finding: Finding) -> dict[str, str]:
    values = finding.values
    return {
        "technician": str(finding.technician or ""),
        "schedule": str(finding.schedule or ""),
        "at": _moment(finding.at),
        "until": _moment(datetime.fromisoformat(values["until"]))
        if "until" in values
        else "",
        "month": date_format(date.fromisoformat(values["since"]), "F Y")
        if "since" in values
        else "",
        "planned": str(values.get("planned", "")),
        "allowed": str(values.get("allowed", "")),
    }


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), _("j M Y H:i"))
