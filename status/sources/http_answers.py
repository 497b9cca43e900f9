"""What the headers of an answer say: when to come back, and whether there is a use."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from status.sources.base import SourceError

# Says that the page is not there or not for us, however often it is asked.
_FINAL = {400, 401, 403, 404, 405, 406, 410, 451}


def refusal(status: int, headers: Mapping[str, str]) -> SourceError:
    """Why this answer is not the page. A spent allowance is no refusal for good, even
    where it is told with 403 (GitHub does)."""
    spent = headers.get("X-RateLimit-Remaining", "").strip() == "0"
    wait = retry_after(headers.get("Retry-After", ""))
    if spent and wait is None:
        wait = _until_reset(headers.get("X-RateLimit-Reset", ""))
    limited = status in {420, 429} or (status == 403 and spent)
    return SourceError(
        f"http_{status}",
        unreadable=status in _FINAL and not limited,
        retry_after=wait,
    )


def retry_after(value: str) -> timedelta | None:
    """The pause the server asks for, in seconds or as a date; None when unreadable."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return timedelta(seconds=min(int(value[:9]), 10**8))
    moment = http_date(value)
    return None if moment is None else max(moment - datetime.now(UTC), timedelta(0))


def http_date(value: str) -> datetime | None:
    """The instant of a Date header; None when unreadable."""
    try:
        moment = parsedate_to_datetime(value.strip())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _until_reset(value: str) -> timedelta | None:
    """The time until an allowance is renewed, told in seconds since 1970."""
    if not (value.isascii() and value.isdigit()):
        return None
    seconds = min(int(value[:12]), 10**10) - datetime.now(UTC).timestamp()
    return timedelta(seconds=max(seconds, 0))
