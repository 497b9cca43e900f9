"""Values that every page shows, also while the database is away."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from emergency.operator_facts import current_operator


def operator(request: HttpRequest) -> dict[str, object]:
    """``operator``, with a name in every case."""
    current = current_operator()
    return {
        "operator": current,
        "operator_name": current.name or _("Emergency support"),
    }
