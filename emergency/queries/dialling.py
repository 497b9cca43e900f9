"""Numbers that can be tapped to be called."""

from emergency.models import Report


def tel_of(report: Report | None) -> str:
    """The ``tel:`` address (RFC 3966) of the report's callback number, or nothing."""
    if report is None or not report.callback_number:
        return ""
    extension = report.callback_extension
    suffix = f";ext={extension}" if extension.isdigit() else ""
    return f"tel:{report.callback_number}{suffix}"
