"""The first provider is gone for the night: texts arrive by the second all the same."""

import pytest
from django.db import connections

from emergency.gateway_settings import SMS_GATEWAY
from emergency.models import Page, PageAttempt, RouteHealth
from tests import people
from tests.integration.emergency.provider import Provider
from tests.integration.emergency.sending import send
from tests.telephone import eventually


@pytest.fixture
def second_way(night, settings):
    """The simulator's gateway stands beside a provider at whose door nobody is."""
    settings.SMS_GATEWAY = {
        **SMS_GATEWAY,
        "URL": f"{night.network.url}/gateway/messages",
        "LOOKUP_URL": f"{night.network.url}/gateway/messages/{{id}}",
        # What the simulator takes and shows where nothing else is set.
        "SECRET": settings.TWILIO_AUTH_TOKEN,
        "CALLBACK_SECRET": settings.TWILIO_AUTH_TOKEN,
    }
    settings.TWILIO_API_BASE_URL = "http://127.0.0.1:9"


def test_a_text_arrives_by_the_gateway_and_its_report_comes_back(night, second_way):
    incident = night.order()
    night.act()
    assert incident.reference in night.phone("Anna").text("EMERGENCY")
    page = incident.pages.filter(kind="sms").earliest("pk")
    eventually(
        lambda: Page.objects.get(pk=page.pk).status == Page.Status.DELIVERED,
        why="the gateway reports the delivery",
    )
    assert page.attempts.last().provider == "gateway"
    assert RouteHealth.objects.get(pk="sms:twilio").failures > 0
    assert RouteHealth.objects.get(pk="sms:gateway").last_delivery_at


class Witness(Provider):
    """A provider that looks into our database while it is asked."""

    def next_answer(self, method, path):
        try:
            self.seen = list(PageAttempt.objects.values_list("token", flat=True))
        finally:
            connections.close_all()
        return super().next_answer(method, path)


@pytest.mark.django_db(transaction=True)
def test_the_attempt_stands_for_everybody_before_the_provider_is_asked(settings):
    witness = Witness()
    settings.TWILIO_API_BASE_URL = witness.url
    people.technician()
    page = send(people.report().pages.earliest("pk"))
    witness.close()
    assert witness.seen == [page.attempts.get().token]
