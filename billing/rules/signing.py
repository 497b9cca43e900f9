"""Signed requests to and from other systems: HMAC-SHA256 over timestamp and body.

The signed text is the timestamp in decimal seconds, a dot, and the bytes of the body;
the header carries ``v1=`` and the digest in hexadecimal.
"""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

TIMESTAMP = "Emergency-Timestamp"
SIGNATURE = "Emergency-Signature"
# How far the clocks of two machines and a slow network may be apart.
TOLERANCE = timedelta(minutes=5)
VERSION = "v1"
_LATEST = 253_402_300_799


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """The value of the signature header."""
    digest = hmac.new(secret.encode(), b"%d." % timestamp + body, hashlib.sha256)
    return f"{VERSION}={digest.hexdigest()}"


def headers(secret: str, body: bytes, now: datetime) -> dict[str, str]:
    """What a signed request of ours carries besides its body."""
    timestamp = int(now.timestamp())
    return {
        TIMESTAMP: str(timestamp),
        SIGNATURE: signature(secret, timestamp, body),
    }


def is_signed(
    secrets: Iterable[str], *, timestamp: str, signed: str, body: bytes, now: datetime
) -> bool:
    """Whether somebody with one of the secrets sent this body, and sent it lately.

    Several signatures may stand in the header, with commas between: keys are changed
    without a gap.
    """
    if not (timestamp.isascii() and timestamp.isdecimal()):
        return False
    seconds = int(timestamp)
    if seconds > _LATEST:
        return False
    sent_at = datetime.fromtimestamp(seconds, UTC)
    if abs(now - sent_at) > TOLERANCE:
        return False
    offered = [one.strip().encode() for one in signed.split(",")]
    return any(
        hmac.compare_digest(one, signature(secret, seconds, body).encode())
        for secret in secrets
        if secret
        for one in offered
    )
