"""What somebody shows besides a password: an app for codes (RFC 6238), a passkey."""

import hashlib
import hmac
import json
import re
import secrets
import struct
from base64 import b32decode
from datetime import datetime
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
)

from emergency.models import Staff

PERIOD = 30


class App:
    """Knows one secret, and shows the code of an instant."""

    def __init__(self, secret: str) -> None:
        self.key = b32decode(secret.replace(" ", ""))

    def code(self, at: datetime) -> str:
        counter = struct.pack(">Q", int(at.timestamp()) // PERIOD)
        digest = hmac.new(self.key, counter, "sha1").digest()
        start = digest[-1] & 0xF
        number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
        return f"{number % 1_000_000:06}"


def app_set_up(client: Client, at: datetime) -> tuple[App, list[str]]:
    """The person signed in here has set up an app, as they would in a browser; also the
    recovery codes they were shown."""
    page = client.get("/desk/security/app/").content.decode()
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert secret, page
    app = App(secret[1])
    answer = client.post("/desk/security/app/", {"code": app.code(at)})
    assert answer.status_code == 302, answer.content.decode()
    shown = client.get("/desk/security/codes/").content.decode()
    codes = re.findall(r"<code>(\d{4}) (\d{4})</code>", shown)
    return app, ["".join(halves) for halves in codes]


def by_password(person: Staff, password: str, **cookies: str) -> Client:
    """A browser, in English, in which address and password were typed."""
    client = Client(headers={"accept-language": "en"})
    for name, value in {"django_language": "en", **cookies}.items():
        client.cookies[name] = value
    client.post("/desk/login/", {"username": person.email, "password": password})
    return client


class Key:
    """A passkey in software: makes what a browser hands on (WebAuthn, level 2)."""

    def __init__(self, host: str = "testserver") -> None:
        self.host, self.origin = host, f"http://{host}"
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = secrets.token_bytes(16)
        self.used = 0

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """A new credential, as ``navigator.credentials.create`` makes it."""
        flags = AuthenticatorData.FLAG
        about = AuthenticatorData.create(
            self._host_hash(),
            flags.UP | flags.UV | flags.AT,
            self.used,
            AttestedCredentialData.create(
                b"\0" * 16,
                self.credential_id,
                ES256.from_cryptography_key(self.secret.public_key()),
            ),
        )
        made = AttestationObject.create("none", about, {})
        client = self._client_data("webauthn.create", options)
        return self._answer(clientDataJSON=client, attestationObject=bytes(made))

    def get(
        self,
        options: dict[str, Any],
        *,
        owner: Staff | None = None,
        checked: bool = True,
    ) -> dict[str, Any]:
        """The answer to a challenge, as ``navigator.credentials.get`` makes it. It
        names its owner where it signs in alone; ``checked``: it has made sure who
        holds it."""
        self.used += 1
        flags = AuthenticatorData.FLAG
        held = flags.UP | flags.UV if checked else flags.UP
        about = bytes(AuthenticatorData.create(self._host_hash(), held, self.used))
        named = {"userHandle": user_pk_to_url_str(owner).encode()} if owner else {}
        client = self._client_data("webauthn.get", options)
        signed = about + hashlib.sha256(client).digest()
        return self._answer(
            clientDataJSON=client,
            authenticatorData=about,
            signature=self.secret.sign(signed, ec.ECDSA(hashes.SHA256())),
            **named,
        )

    def _host_hash(self) -> bytes:
        return hashlib.sha256(self.host.encode()).digest()

    def _client_data(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {
            "type": kind,
            "challenge": options["publicKey"]["challenge"],
            "origin": self.origin,
            "crossOrigin": False,
        }
        return json.dumps(said).encode()

    def _answer(self, **response: bytes) -> dict[str, Any]:
        return {
            "id": websafe_encode(self.credential_id),
            "rawId": websafe_encode(self.credential_id),
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {name: websafe_encode(one) for name, one in response.items()},
        }


def options_on(page: str) -> dict[str, Any]:
    """What the page hands to the browser for a passkey."""
    found = re.search(r'id="passkey-options"[^>]*>(.*?)</script>', page)
    assert found, page
    options: dict[str, Any] = json.loads(found[1])
    return options
