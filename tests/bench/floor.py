"""The least a page can be: a Celery task that makes one HTTP request."""

import os

import requests
from celery import Celery, shared_task

FLOOR = "tests.bench.floor.request"
QUEUE = "floor"

app = Celery("floor")
app.set_default()
app.config_from_object("django.conf:settings", namespace="CELERY")

_session = requests.Session()


@shared_task(name=FLOOR)
def request(number: str) -> None:
    """The telephone network has one more request, for a text to ``number``."""
    sid, token = os.environ["TWILIO_ACCOUNT_SID"], os.environ["TWILIO_AUTH_TOKEN"]
    _session.post(
        f"{os.environ['TWILIO_API_BASE_URL']}/2010-04-01/Accounts/{sid}/Messages.json",
        data={"To": number, "From": os.environ["TWILIO_FROM_NUMBER"], "Body": "floor"},
        auth=(sid, token),
        timeout=10,
    )
