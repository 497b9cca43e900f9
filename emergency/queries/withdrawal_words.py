"""The acknowledgement of a withdrawal, as it is handed out and kept."""

from datetime import datetime

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from emergency.models import Report


def acknowledgement(report: Report, *, name: str, at: datetime) -> str:
    """Content, date and time of the withdrawal, in the language of the order.

    Source: Directive 2011/83/EU Art. 11a (4).
    """
    with translation.override(report.language):
        return _(
            "We have received your withdrawal.\n\n"
            "Declared by: %(name)s\n"
            "Contract: emergency support %(reference)s, ordered on %(ordered)s\n"
            "Declaration: I withdraw from this contract.\n"
            "Received on: %(received)s"
        ) % {
            "name": name,
            "reference": report.incident.reference,
            "ordered": day_and_time(report.ordered_at),
            "received": day_and_time(at),
        }


def statement(report: Report, *, name: str, at: datetime) -> dict[str, str]:
    """What was declared, by whom and when, for the message that acknowledges it."""
    local = timezone.localtime(at)
    with translation.override(report.language):
        declared = _("I withdraw from this contract.")
        return {
            "statement": f"{declared} {name}",
            "date": formats.date_format(local, "DATE_FORMAT"),
            "time": f"{local:%H:%M:%S}",
        }


def day_and_time(instant: datetime) -> str:
    """Day and time in the operator's zone, with its distance from UTC."""
    local = timezone.localtime(instant)
    return (
        f"{formats.date_format(local, 'DATE_FORMAT')}, {local:%H:%M:%S} (UTC{local:%z})"
    )
