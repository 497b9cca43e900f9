"""Addresses of the tracking page for messages: derived when needed, stored as a hash.

The secret of the order itself is known to the customer alone. A message that is written
later needs an address of its own; it is made from the installation's key and the
report's random hash, so that neither a copy of the database nor the key alone opens a
page.
"""

from base64 import urlsafe_b64encode
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from emergency.models import Report, RevokedLink, TrackingLink
from emergency.models.report import hash_token

# 128 bits are not guessed, and the address stays short in an SMS.
SECRET_BYTES = 16


def address_of(*, report: Report, now: datetime) -> str:
    """The address that opens this report's tracking page; the same one each time, as
    long as the installation keeps its key. Empty once the link was taken back."""
    if RevokedLink.objects.filter(report=report).exists():
        return ""
    digest = salted_hmac(
        "emergency.tracking_link", report.token_hash, algorithm="sha256"
    ).digest()
    token = urlsafe_b64encode(digest[:SECRET_BYTES]).decode().rstrip("=")
    TrackingLink.objects.get_or_create(
        token_hash=hash_token(token), defaults={"report": report, "made_at": now}
    )
    path = reverse("emergency:tracking", args=[token])
    return f"{settings.PUBLIC_BASE_URL}{path}"
