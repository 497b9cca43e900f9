"""What speaks against relying on the roster of the next weeks."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from emergency.queries.readiness import readiness
from emergency.queries.readiness_wording import findings_in_words
from emergency.views.access import ROSTER_ROLES, StaffRequest, staff_required

WEEKS = {"2": 2, "4": 4, "8": 8, "12": 12}


@staff_required(*ROSTER_ROLES)
@require_safe
def show_readiness(request: StaffRequest) -> HttpResponse:
    """Gaps, telephones, absences and the limits of the law, for two to twelve weeks."""
    weeks = WEEKS.get(request.GET.get("weeks", ""), WEEKS["2"])
    found = findings_in_words(readiness(timezone.now(), days=7 * weeks))
    return render(
        request,
        "emergency/roster_readiness.html",
        {
            "area": "roster",
            "weeks": weeks,
            "choices": list(WEEKS.values()),
            "serious": [worded for worded in found if worded.finding.serious],
            "warnings": [worded for worded in found if not worded.finding.serious],
        },
    )
