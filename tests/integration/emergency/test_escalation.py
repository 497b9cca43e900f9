"""Steps, channels, own rules, the plan's owner, and people who are busy already."""

from datetime import timedelta

import pytest

from emergency.actions.acknowledge import acknowledge
from emergency.models import Incident, NotificationRule, Page, Technician
from tests.night import Night


@pytest.fixture
def calm(quiet_night: Night) -> Night:
    """Nobody answers and nothing fails: only what is queued matters."""
    return quiet_night


def pages_to(night: Night, name: str, incident: Incident) -> list[Page]:
    pages = Page.objects.filter(incident=incident, technician=night.people[name])
    return list(pages.order_by("due_at", "pk"))


def test_a_step_limited_to_voice_sends_no_text(calm: Night) -> None:
    calm.policy.steps.filter(position=0).update(channels=["voice"])
    incident = calm.order()
    assert [page.kind for page in pages_to(calm, "Anna", incident)] == ["voice"]


def test_own_rules_say_what_comes_first_and_what_waits(calm: Night) -> None:
    anna = calm.people["Anna"]
    for kind, minutes in (("sms", 0), ("voice", 2)):
        NotificationRule.objects.create(
            technician=anna,
            urgency="high",
            contact_method=anna.contact_methods.get(kind=kind),
            delay=timedelta(minutes=minutes),
        )
    first, second = pages_to(calm, "Anna", calm.order())
    assert (first.kind, first.due_at, first.held_reason) == ("sms", calm.now, "")
    assert (second.kind, second.held_reason) == ("voice", "own_rule")
    assert second.due_at == calm.now + timedelta(minutes=2)


def test_what_waits_by_an_own_rule_goes_at_once_when_the_first_way_fails(
    night: Night,
) -> None:
    anna = night.people["Anna"]
    for kind, minutes in (("voice", 0), ("sms", 3)):
        NotificationRule.objects.create(
            technician=anna,
            urgency="high",
            contact_method=anna.contact_methods.get(kind=kind),
            delay=timedelta(minutes=minutes),
        )
    night.phone("Anna").behave("busy")
    incident = night.report()
    night.settle()
    assert "EMERGENCY" in night.phone("Anna").text(incident.reference)
    waited = Page.objects.get(incident=incident, technician=anna, kind="sms")
    assert waited.due_at == night.now
    assert "page_failed" in night.timeline(incident)


def test_the_first_page_of_an_incident_comes_before_everything_else(
    calm: Night,
) -> None:
    for name in ("Anna", "Eva"):
        calm.people[name].contact_methods.create(
            kind="email", address=f"{name}@example.com", verified_at=calm.now
        )
    first = calm.report()
    calm.pass_time(minutes=4)
    priorities = {
        name: {page.kind: page.priority for page in pages_to(calm, name, first)}
        for name in ("Anna", "Eva")
    }
    first_page, later = Page.Priority.FIRST, Page.Priority.EMERGENCY
    assert priorities == {
        # What only accompanies the call and the text lets other incidents' go first.
        "Anna": {"voice": first_page, "sms": first_page, "email": later},
        "Eva": {"voice": later, "sms": later, "email": later},
    }


def test_the_plan_s_owner_comes_before_everybody_and_by_unverified_numbers_too(
    calm: Night,
) -> None:
    owner = calm.people["Otto"] = calm.hire("Otto", "+491713920077")
    owner.contact_methods.update(verified_at=None)
    calm.policy.owner = owner
    calm.policy.rounds = 1
    calm.policy.save()
    calm.policy.steps.exclude(position=0).delete()
    incident = calm.report()
    assert pages_to(calm, "Otto", incident) == []
    calm.pass_time(minutes=4)
    assert {p.kind for p in pages_to(calm, "Otto", incident)} == {"voice", "sms"}
    assert pages_to(calm, "Carla", incident) == []
    calm.pass_time(minutes=3)
    assert pages_to(calm, "Carla", incident)


def test_a_plan_without_an_owner_goes_on_with_everybody(calm: Night) -> None:
    calm.policy.rounds = 1
    calm.policy.save()
    calm.policy.steps.exclude(position=0).delete()
    incident = calm.report()
    calm.pass_time(minutes=4)
    assert pages_to(calm, "Carla", incident)


def test_whoever_works_on_another_incident_is_paged_together_with_the_next_step(
    calm: Night,
) -> None:
    anna: Technician = calm.people["Anna"]
    first = calm.report("order-1")
    acknowledge(incident_id=first.pk, technician=anna, now=calm.now, via="desk")
    second = calm.report("order-2")
    assert pages_to(calm, "Anna", second)
    assert pages_to(calm, "Eva", second)
    assert pages_to(calm, "Carla", second) == []
    assert "next_step_together" in calm.timeline(second)
    calm.pass_time(minutes=3)
    assert pages_to(calm, "Carla", second)
