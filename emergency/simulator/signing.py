"""The signature on every request the network sends."""

import base64
import hashlib
import hmac
from collections.abc import Iterable

Pairs = Iterable[tuple[str, str]]


def signature(token: str, url: str, form: Pairs = ()) -> str:
    """Return the X-Twilio-Signature for a request.

    Covered is the full URL followed by name and value of each form field, names in
    byte order, repeated values of one name sorted and without duplicates. A GET
    request has no form: its query is part of the URL.
    Source: twilio.com/docs/usage/webhooks/webhooks-security.
    """
    covered = url + "".join(name + value for name, value in sorted(set(form)))
    digest = hmac.new(token.encode(), covered.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode("ascii")
