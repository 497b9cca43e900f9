"""The other billing system, seen from outside: what it gets and what it says."""

import hashlib
import hmac
import json

from django.test import Client
from django.urls import reverse
from django.utils import timezone

OURS, THEIRS = "our long random word", "their long random word"


def body_of(document):
    return json.loads(bytes(document.hand_overs.latest("pk").body))


def tell(secret=THEIRS, now=None, client=None, **said):
    """What the other system sends, signed by its own hands."""
    body = json.dumps(said).encode()
    stamp = str(int((now or timezone.now()).timestamp()))
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256)
    return (client or Client()).post(
        reverse("billing:hand_over_answer"),
        body,
        content_type="application/json",
        headers={
            "Emergency-Timestamp": stamp,
            "Emergency-Signature": f"v1={digest.hexdigest()}",
        },
    )


def answer(key, event="e-1", status="booked", number="2026-4711", **more):
    return {"event": event, "key": key, "status": status, "number": number, **more}
