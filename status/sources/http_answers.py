"""What the headers of an answer say: when to come back, whether there is a use, and how
its text is written."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from status.sources.base import SourceError

# Of all the answers to a request that is at fault these may be others soon.
_PASSING = {408, 420, 421, 423, 425, 429}
# Texts in these are worth nothing as they are; each byte is one character.
_ONE_BYTE = {"iso-8859-1", "latin1", "iso-8859-15", "windows-1252", "cp1252"}


def refusal(status: int, headers: Mapping[str, str]) -> SourceError:
    """Why this answer is not the page.

    What is not there or not for us stays so however often it is asked, and an answer
    without the page is one that is not understood. A spent allowance is no refusal for
    good, even where it is told with 403 (GitHub does).
    """
    spent = headers.get("X-RateLimit-Remaining", "").strip() == "0"
    wait = retry_after(headers.get("Retry-After", ""))
    if spent and wait is None:
        wait = _until_reset(headers.get("X-RateLimit-Reset", ""))
    limited = status in _PASSING or (status == 403 and spent)
    return SourceError(
        f"http_{status}",
        unreadable=status < 500 and not limited,
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


def in_utf8(body: bytes, content_type: str) -> bytes:
    """The body in the encoding that JSON and calendars are written in, where the page
    says that it uses an older one and indeed does. XML names its own."""
    kind, _, parameters = content_type.lower().partition(";")
    charset = parameters.partition("charset=")[2].strip(" \"';")
    if charset not in _ONE_BYTE or kind.strip().endswith("xml"):
        return body
    try:
        body.decode("utf-8")
    except ValueError:
        return body.decode(charset, "replace").encode()
    return body
