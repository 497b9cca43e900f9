"""The signature on every request the network sends."""

import base64
import hashlib
import hmac
from collections.abc import Iterable

Pairs = Iterable[tuple[str, str]]
HMAC_SHA1, HMAC_SHA256 = "HMAC_SHA1", "HMAC_SHA256"
_HASHES = {HMAC_SHA1: hashlib.sha1, HMAC_SHA256: hashlib.sha256}


def signature(
    token: str, url: str, form: Pairs = (), algorithm: str = HMAC_SHA1
) -> str:
    """Return the X-Twilio-Signature for a request.

    Covered is the full URL followed by name and value of each form field, names in
    byte order, repeated values of one name sorted and without duplicates. A GET
    request has no form: its query is part of the URL. The newer algorithm is told in a
    header of its own and uses a shared key instead of the account's token.
    Source: twilio.com/docs/usage/webhooks/webhooks-security.
    """
    covered = url + "".join(name + value for name, value in sorted(set(form)))
    digest = hmac.new(token.encode(), covered.encode(), _HASHES[algorithm]).digest()
    return base64.b64encode(digest).decode("ascii")
