"""HTTP to the outside that is not a page: the heartbeat, and a look at our own door."""

import base64
import hashlib
import hmac
import logging
from http import HTTPStatus

import requests

logger = logging.getLogger(__name__)

TIMEOUT = (2, 3)


def report_heartbeat(url: str) -> bool:
    """The outside watcher heard from us. Never raises: silence is the message."""
    try:
        return requests.get(url, timeout=TIMEOUT).ok
    except requests.RequestException as error:
        logger.warning("the heartbeat was not heard: %s", type(error).__name__)
        return False


def door_trouble(url: str, *, token: str) -> str:
    """Why the provider's callbacks would not be believed at this address of ours, or an
    empty string. Asked as the provider asks: with a signature, and without one."""
    # An empty form: the signature covers the address alone.
    digest = hmac.new(token.encode(), url.encode(), hashlib.sha1).digest()
    signed = {"X-Twilio-Signature": base64.b64encode(digest).decode()}
    try:
        believed = requests.post(
            url, headers=signed, timeout=TIMEOUT, allow_redirects=False
        )
        refused = requests.post(url, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as error:
        return f"PUBLIC_BASE_URL cannot be reached: {type(error).__name__}"
    if believed.status_code == HTTPStatus.FORBIDDEN:
        return "a right signature is refused: PUBLIC_BASE_URL or the token differs"
    if believed.status_code != HTTPStatus.OK:
        return f"PUBLIC_BASE_URL leads elsewhere: status {believed.status_code}"
    if refused.status_code != HTTPStatus.FORBIDDEN:
        return f"a callback without a signature is let in: {refused.status_code}"
    return ""
