"""Drill links that were handed out."""

from datetime import datetime

from django.db import Error as DatabaseTrouble

from emergency.models import DrillLink
from emergency.models.report import hash_token

MOST_LINKS = 20


def is_good(token: str, now: datetime) -> bool:
    """Whether a report made with this secret would be a drill. Nobody can say while the
    database is away, and then it is none."""
    try:
        return DrillLink.objects.filter(
            token_hash=hash_token(token), incident__isnull=True, until__gt=now
        ).exists()
    except DatabaseTrouble:
        return False


def newest_links() -> list[DrillLink]:
    """The links that were handed out last, with what became of them."""
    return list(DrillLink.objects.select_related("made_by", "incident")[:MOST_LINKS])
