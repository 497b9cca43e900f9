"""Numbers to be called: the customer's and ours."""

from datetime import datetime

from django.conf import settings

from emergency.models import AddedNumber, Incident, OperatorProfile, Report


def tel_of(report: Report | None) -> str:
    """The ``tel:`` address (RFC 3966) of the report's callback number, or nothing."""
    if report is None or not report.callback_number:
        return ""
    extension = report.callback_extension
    suffix = f";ext={extension}" if extension.isdigit() else ""
    return f"tel:{report.callback_number}{suffix}"


def numbers_of(report: Report) -> list[str]:
    """Every number at which whoever wrote this report can be called, in E.164, the
    first one given in front."""
    added = report.added_numbers.values_list("number", flat=True)
    return list(dict.fromkeys(str(n) for n in (report.callback_number, *added)))


def numbers_given(incident: Incident) -> list[str]:
    """Every number the customer asked to be called at, in E.164, in their order: those
    of the reports, then those that were added."""
    reports = incident.reports.order_by("ordered_at", "pk")
    added = AddedNumber.objects.filter(report__incident=incident)
    return list(
        dict.fromkeys(
            [
                *(str(report.callback_number) for report in reports),
                *(str(one.number) for one in added),
            ]
        )
    )


def number_to_ring(now: datetime) -> str:
    """Where the customer reaches us: the operator's hotline, or the number that calls
    them."""
    profile = OperatorProfile.objects.in_force(now)
    return (profile.hotline if profile else "") or settings.TWILIO_FROM_NUMBER
