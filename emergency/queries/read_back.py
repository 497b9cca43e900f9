"""The read-back code: how a customer knows that the caller is really us."""

from django.utils.crypto import salted_hmac

from emergency.models import Report

DIGITS = 4
SALT = "emergency.read-back"


def read_back_code(report: Report) -> str:
    """DIGITS digits that only this report's tracking page and the desk show, the same
    at every look. It follows from our own secret and is stored nowhere; whoever knows
    the address alone cannot work it out, and one guess hits once in ten thousand."""
    mac = salted_hmac(SALT, report.token_hash, algorithm="sha256").digest()
    return f"{int.from_bytes(mac) % 10**DIGITS:0{DIGITS}d}"
