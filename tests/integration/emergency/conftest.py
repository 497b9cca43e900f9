from collections.abc import Iterator
from datetime import timedelta

import pytest

from emergency.models import EscalationPolicy, EscalationStep, Incident, Technician
from tests import people
from tests.integration.emergency.provider import Provider


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
