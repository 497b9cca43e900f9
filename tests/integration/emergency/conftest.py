from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from twilio.request_validator import RequestValidator

from emergency.models import EscalationPolicy, EscalationStep, Incident, Technician
from tests import people
from tests.integration.emergency.provider import Provider
from tests.integration.emergency.telling import TOKEN, claimed
from tests.people import NIGHT


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    """A provider of its own, which takes everything until it is told otherwise."""
    provider = Provider()
    settings.TWILIO_API_BASE_URL = provider.url
    yield provider
    provider.close()


@pytest.fixture
def anna(db) -> Technician:
    """Anna is on call, Eva is the duty manager; everybody is the third step."""
    anna = people.technician("Anna Berger", language="en")
    eva = people.reachable(people.duty_manager(language="en"))
    schedule = people.on_call(anna)
    EscalationPolicy.objects.all().delete()
    policy = EscalationPolicy.objects.create(
        name="Night", is_default=True, duty_manager=eva
    )
    for position, target in enumerate(("schedule", "duty_manager", "everyone")):
        EscalationStep.objects.create(
            policy=policy,
            position=position,
            target=target,
            schedule=schedule if target == "schedule" else None,
            delay=timedelta(minutes=4 - position),
        )
    return anna


@pytest.fixture
def incident(anna) -> Incident:
    """A customer has ordered at 02:11; Anna's pages wait to be sent."""
    return people.report()


@pytest.fixture
def at_night(monkeypatch):
    """It is 02:11, and stays so."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NIGHT)


@pytest.fixture
def provider_says(settings):
    """A request of the provider, signed for the address it was given."""

    def say(path, token=TOKEN, **values):
        url = f"{settings.PUBLIC_BASE_URL}{path}"
        signature = RequestValidator(token).compute_signature(url, values)
        return Client().post(path, values, headers={"X-Twilio-Signature": signature})

    return say


@pytest.fixture
def call(incident):
    """Anna's call, at the provider but not yet recorded by its sender."""
    return claimed(incident, "voice")


@pytest.fixture
def text(incident):
    """Anna's SMS, in the same state."""
    return claimed(incident, "sms")
