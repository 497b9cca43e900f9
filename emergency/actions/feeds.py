"""Ending the addresses of a calendar feed."""

from django.db.models import F

from emergency.models import Schedule, Technician


def renew_feed(*, of: Technician | Schedule) -> None:
    """Every address of this calendar given out so far opens nothing any more; the row
    is read again, so that ``feed_url`` gives the new one."""
    type(of)._default_manager.filter(pk=of.pk).update(
        feed_version=F("feed_version") + 1
    )
    of.refresh_from_db(fields=["feed_version"])
