"""Rounds that must happen once, however many beats ask for them."""

from datetime import datetime, timedelta

from emergency.models import Heartbeat


def is_ours(*, name: str, every: timedelta, by: str, now: datetime) -> bool:
    """Whether nobody has taken this round within ``every``; then we have it now.

    A clock that was set back gives the round away once more rather than never.
    """
    taken = Heartbeat.objects.filter(name=name)
    if not taken.exists():
        Heartbeat.objects.get_or_create(
            name=name, defaults={"at": now - every, "by": ""}
        )
    return bool(taken.exclude(at__gt=now - every, at__lte=now).update(at=now, by=by))
