"""Public holidays become rows, so that no upgrade of the library changes the past."""

from datetime import datetime

import holidays
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from emergency.models import Holiday

YEARS_AHEAD = 2
# Only what is a holiday by law: the library's other categories hold bank holidays and
# weeks of school holidays.
BY_LAW = ("public",)


class UnknownCountry(Exception):
    """``HOLIDAY_COUNTRY`` or ``HOLIDAY_SUBDIVISION`` names no country or part of one
    whose holidays are known. ``str()`` says which."""


@transaction.atomic
def update_holidays(*, now: datetime) -> int:
    """The public holidays of this and the next two years are rows; answers how many
    rows changed.

    Days before today are written only into an empty calendar, and never changed or
    deleted; the operator's own closing days are left alone. Raises UnknownCountry.
    """
    today = timezone.localtime(now).date()
    years = range(today.year, today.year + YEARS_AHEAD + 1)
    found = dict(_by_law(years))
    calendar = Holiday.objects.filter(source=Holiday.Source.CALENDAR)
    if calendar.exists():
        found = {day: name for day, name in found.items() if day >= today}
    coming = calendar.filter(day__gte=today, day__year__lte=years[-1])
    dropped, _rows = coming.exclude(day__in=found).delete()
    known = dict(Holiday.objects.filter(day__in=found).values_list("day", "source"))
    made = Holiday.objects.bulk_create(
        [
            Holiday(day=day, name=name[:80], source=Holiday.Source.CALENDAR)
            for day, name in found.items()
            if day not in known
        ],
        ignore_conflicts=True,
    )
    return dropped + len(made)


def calendar_trouble() -> str:
    """Why the settings name no calendar of holidays, in the library's words; empty
    where they name one."""
    try:
        _by_law(range(0))
    except UnknownCountry as error:
        return str(error)
    return ""


def _by_law(years: range) -> holidays.HolidayBase:
    country = settings.HOLIDAY_COUNTRY
    subdivision = settings.HOLIDAY_SUBDIVISION or None
    try:
        plain = holidays.country_holidays(country, subdiv=subdivision)
        # Named outright: the library's own default follows the locale of the process.
        languages = plain.supported_languages
        language = (
            settings.LANGUAGE_CODE
            if settings.LANGUAGE_CODE in languages
            else plain.default_language
        )
        return holidays.country_holidays(
            country,
            subdiv=subdivision,
            years=years,
            categories=BY_LAW,
            language=language,
        )
    except NotImplementedError as error:
        raise UnknownCountry(str(error)) from error
