"""An app for codes, as somebody has it on their telephone (RFC 6238)."""

import hmac
import re
import struct
from base64 import b32decode
from datetime import datetime

from django.test import Client

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
    for name, value in cookies.items():
        client.cookies[name] = value
    client.post("/desk/login/", {"username": person.email, "password": password})
    return client
