"""What everything about a drill begins with."""

from django.utils.translation import gettext as _


def drill_text(text: str) -> str:
    """The text, marked in the active language."""
    mark = _("DRILL.")
    return f"{mark} {text}"
