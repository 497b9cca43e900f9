"""What the beat wakes here."""

from celery import shared_task
from django.utils import timezone

from status.actions import polling


@shared_task(name="status.refresh_due")
def refresh_due() -> None:
    """Every status page that is due has been read."""
    polling.refresh_due(now=timezone.now())
