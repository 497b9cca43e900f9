"""What a browser typed and has not ordered yet."""

from datetime import datetime, timedelta

from emergency.models import Draft, DraftFile

# For so long a browser is given back what it typed (WCAG 2.2, 2.2.1: more than 20 h).
OFFERED_FOR = timedelta(hours=24)


def newest_of(cookie_hash: str, now: datetime) -> Draft | None:
    """The newest draft of this browser, while it is still offered."""
    return (
        Draft.objects.filter(cookie_hash=cookie_hash, updated_at__gt=now - OFFERED_FOR)
        .order_by("-updated_at", "-pk")
        .first()
    )


def files_under(order_key: str) -> list[DraftFile]:
    """The files that wait for this order, without their content."""
    rows = DraftFile.objects.filter(draft__order_key=order_key).defer("content")
    return list(rows)
