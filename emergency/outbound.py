"""HTTP to the outside that is not a page: the heartbeat, a look at our own door, and
the telephones of the demo's stage."""

import base64
import hashlib
import hmac
import logging
from collections.abc import Collection, Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

import requests

from emergency.sources.base import MOST_BYTES
from status.sources.base import SourceError
from status.sources.http import Limits, Request, fetch

logger = logging.getLogger(__name__)

TIMEOUT = (2, 3)
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# A list of customers may be longer than a status page, and its secret goes to nobody
# whom the first host names.
LIST_LIMITS = Limits(size=MOST_BYTES, seconds=30, redirects=0)


class ListNotFetched(Exception):
    """The list of accounts was not handed out. ``code`` is stable, without secrets."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def fetch_list(url: str, *, token: str = "", allow_host: str = "") -> bytes:
    """The list at this address, by the rules for status pages: https, public addresses
    only, except for ``allow_host``; plain http to this machine alone; at most 20 MB
    within half a minute. ``token`` is sent as a bearer. Raises ListNotFetched."""
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ListNotFetched("not_https")
    headers = {"Accept": "text/csv, application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        answer = fetch(
            Request(url=url, allow_host=allow_host, headers=headers, limits=LIST_LIMITS)
        )
    except SourceError as error:
        raise ListNotFetched(error.code) from error
    return answer.body or b""


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


class TelephonesSilent(Exception):
    """The demo's telephones did not take what they were told."""


def lend_telephones(
    url: str, *, cast: str, scripts: Mapping[str, str], about: Collection[str]
) -> None:
    """The demo's telephones play these scripts until their cast ends, for calls that
    say or report to one of ``about``, also of earlier times; others meet what they met
    before. Raises TelephonesSilent within three seconds or so."""
    known = {"about": ",".join(about)}
    _tell_telephones(f"{url}/sim/casts/{cast}", {**scripts, **known})


def return_telephones(url: str, *, cast: str) -> None:
    """The telephones of the cast do again what they did before; a repeat changes
    nothing. Raises TelephonesSilent."""
    _tell_telephones(f"{url}/sim/casts/{cast}/end", {})


def lent_telephones(url: str) -> dict[str, float]:
    """The casts of the demo's telephones, and since how many seconds. Raises
    TelephonesSilent."""
    try:
        answer = requests.get(f"{url}/sim/casts.json", timeout=TIMEOUT)
        answer.raise_for_status()
        return {str(name): float(age) for name, age in answer.json().items()}
    except (requests.RequestException, ValueError, AttributeError) as error:
        raise TelephonesSilent(type(error).__name__) from error


def _tell_telephones(url: str, form: Mapping[str, str]) -> None:
    try:
        requests.post(url, data=form, timeout=TIMEOUT).raise_for_status()
    except requests.RequestException as error:
        raise TelephonesSilent(type(error).__name__) from error
