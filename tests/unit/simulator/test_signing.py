"""The network signs as Twilio documents it."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from twilio.request_validator import RequestValidator, get_signature_algorithm

from emergency.simulator.configuration import Configuration
from emergency.simulator.letters import signed
from emergency.simulator.signing import signature

pytestmark = pytest.mark.no_servers

# What Twilio had signed where a proxy changed the URL on its way.
SIGNED_URL = {
    "https-port-dropped": "https://mycompany.com/myapp.php?foo=1&bar=2",
    "https-443-added": "https://mycompany.com:443/myapp.php?foo=1&bar=2",
    "http-80-added": "http://mycompany.com:80/myapp.php?foo=1&bar=2",
}


def shared_vectors() -> list[dict[str, Any]]:
    folder = os.environ.get("EMERGENCY_TEST_DATA", "")
    path = Path(folder) / "twilio" / "signature_vectors_upstream.json"
    if not folder or not path.exists():
        pytest.skip("EMERGENCY_TEST_DATA is unset: shared signature vectors not read")
    vectors: list[dict[str, Any]] = json.loads(path.read_text())["vectors"]
    return vectors


def test_the_shared_vectors_are_signed_as_twilio_signed_them() -> None:
    vectors = shared_vectors()
    assert vectors
    for vector in vectors:
        url = SIGNED_URL.get(vector["name"], vector["url"])
        form = [(name, value) for name, value in vector["params"]]
        made = signature(vector["token"], url, form)
        assert (made == vector["signature"]) == vector["valid"], vector["name"]


def test_a_form_is_signed_over_the_url_and_its_sorted_fields() -> None:
    form = [("To", "+436641234567"), ("Body", "Rückruf bis 02:41"), ("Empty", "")]
    made = signature("token-0001", "http://127.0.0.1:8000/webhooks/x?a=1", form)
    # HMAC-SHA1 worked out with openssl over
    # http://127.0.0.1:8000/webhooks/x?a=1BodyRückruf bis 02:41EmptyTo+436641234567
    assert made == "1V/+LdTiZaBlya6r9p6eu3QqIwI="


def test_another_token_makes_another_signature() -> None:
    url = "http://127.0.0.1:8000/webhooks/x"
    assert signature("one", url) != signature("two", url)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("shared_key", ["", "the-shared-key"])
def test_the_clients_own_check_finds_either_signature_right(
    method: str, shared_key: str
) -> None:
    configuration = Configuration(
        account_sid="AC0", auth_token="the-token", shared_key=shared_key
    )
    fields = {"CallSid": "CA0", "To": "+436641234567", "Digits": "7"}
    letter = signed(configuration, "http://127.0.0.1:8000/x?a=1", method, fields)
    settings = letter.headers.get("X-Twilio-Webhooks-Signature-Settings", "")
    assert bool(settings) is bool(shared_key)
    for secret in ("the-token", "the-shared-key", "another"):
        is_valid = RequestValidator(secret).validate(
            letter.url,
            fields if method == "POST" else {},
            letter.headers["X-Twilio-Signature"],
            get_signature_algorithm(settings),
        )
        assert is_valid is (secret == (shared_key or "the-token"))
