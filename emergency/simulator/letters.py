"""What the networks send to the product: one request, sealed so that it is believed."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urlencode, urlsplit

from emergency.simulator.configuration import Configuration
from emergency.simulator.signing import HMAC_SHA256, signature


@dataclass(frozen=True)
class Letter:
    """One request, ready to go out.

    `about` is the call or message it speaks of; letters about one thing go out in
    order. `report` is `calls` or `messages` for a status report, the only letters that
    trouble of the network meets; empty for any other.
    """

    about: str
    url: str
    method: str
    fields: Mapping[str, str]
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    network: str = "twilio"
    report: str = ""


def signed(
    configuration: Configuration,
    url: str,
    method: str,
    fields: Mapping[str, str],
    *,
    about: str = "",
    report: str = "",
) -> Letter:
    """Return a form with Twilio's signature; for GET the fields go into the query."""
    url = urldefrag(url).url
    body, headers = b"", {"I-Twilio-Idempotency-Token": secrets.token_hex(16)}
    if method == "GET":
        url = url + ("&" if urlsplit(url).query else "?") + urlencode(fields)
        headers |= _signatures(configuration, url, {})
    else:
        body = urlencode(fields).encode()
        headers |= _signatures(configuration, url, fields)
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
    about = about or fields.get("CallSid") or fields.get("MessageSid") or ""
    return Letter(about, url, method, dict(fields), body, headers, report=report)


def _signatures(
    configuration: Configuration, url: str, fields: Mapping[str, str]
) -> dict[str, str]:
    if not configuration.shared_key:
        made = signature(configuration.auth_token, url, fields.items())
        return {"X-Twilio-Signature": made}
    key = configuration.shared_key
    return {
        "X-Twilio-Signature": signature(key, url, fields.items(), HMAC_SHA256),
        "X-Twilio-Webhooks-Signature-Settings": (
            f"key=webhooks_sharedkey_simulator,algorithm={HMAC_SHA256}"
        ),
    }


def bearing(
    configuration: Configuration,
    url: str,
    fields: Mapping[str, str],
    *,
    report: str = "",
) -> Letter:
    """Return JSON that carries the gateway's secret."""
    headers = {
        "Authorization": f"Bearer {configuration.gateway_secret}",
        "Content-Type": "application/json",
    }
    body = json.dumps(fields, ensure_ascii=False).encode()
    network = "gateway"
    return Letter(
        fields["id"], url, "POST", dict(fields), body, headers, network, report
    )
