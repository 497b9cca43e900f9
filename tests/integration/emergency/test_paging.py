"""Nights as stories: from the order to somebody who has it."""

import re

from emergency.models import ContactMethod, DueRow, Incident, Page
from tests.night import NUMBERS

OURS = "+43720880000"


def digit_in(text):
    return re.findall(r"Press (\d)", text)[-1]


def code_in(text):
    return re.findall(r"Reply (\d+)", text)[-1]


def test_a_report_makes_the_telephone_of_whoever_is_on_call_ring(night):
    incident = night.report()

    call = night.phone("Anna").answer()
    heard = call.hears("web01.example is down", "by 02:41", "Press")
    call.press(digit_in(heard))
    call.hears("You have it")

    incident.refresh_from_db()
    assert incident.status == Incident.Status.ACKNOWLEDGED
    assert incident.owner == night.people["Anna"]
    assert not night.phone("Bernd").calls()


def test_a_page_says_nothing_that_the_customer_typed(night):
    night.report()
    night.phone("Anna").text("EMERGENCY")
    night.phone("Anna").ringing()

    bodies = " ".join(str(request["body"]) for request in night.network.requests())
    assert "hunter2" not in bodies
    assert "23125001" not in bodies


def test_the_answer_to_the_sms_with_its_code_acknowledges(night):
    incident = night.report()
    phone = night.phone("Anna")
    phone.decline()
    text = phone.text("EMERGENCY")
    phone.write(f" {code_in(text)} ", to=OURS)

    phone.text("You have it")
    incident.refresh_from_db()
    assert incident.owner == night.people["Anna"]


def test_a_code_sent_from_another_telephone_acknowledges_nothing(night):
    incident = night.report()
    code = code_in(night.phone("Anna").text("EMERGENCY"))
    night.phone("Bernd").write(code, to=OURS)

    night.phone("Bernd").text("fits no open page")
    incident.refresh_from_db()
    assert incident.status == Incident.Status.PAGING


def test_a_wrong_key_is_asked_again_and_acknowledges_nothing(night):
    incident = night.report()
    call = night.phone("Anna").answer()
    right = digit_in(call.hears("Press"))
    call.press("1" if right != "1" else "2")
    call.hears("That was another key")
    incident.refresh_from_db()
    assert incident.status == Incident.Status.PAGING

    call.press(right)
    call.hears("You have it")
    incident.refresh_from_db()
    assert incident.status == Incident.Status.ACKNOWLEDGED


def test_a_busy_telephone_makes_the_next_step_due_at_once(night):
    night.phone("Anna").behave("busy")
    incident = night.report()
    night.settle()

    assert night.phone("Eva").ringing()
    fired = night.facts(incident, "step_fired")
    assert [fact["step"] for fact in fired] == [0, 1]
    failed = Page.objects.get(kind="voice", technician=night.people["Anna"])
    assert (failed.status, failed.error_code) == (Page.Status.FAILED, "busy")


def test_a_mailbox_that_answers_acknowledges_nothing_and_the_next_is_called(night):
    night.phone("Anna").behave("mailbox")
    incident = night.report()
    night.settle()

    assert night.phone("Eva").ringing()
    incident.refresh_from_db()
    assert incident.status == Incident.Status.PAGING


def test_somebody_without_an_answer_is_followed_by_the_next_after_the_delay(night):
    incident = night.report()
    night.phone("Anna").ringing()
    night.pass_time(minutes=3, seconds=59)
    steps_before = len(night.facts(incident, "step_fired"))
    night.pass_time(minutes=4)

    assert steps_before <= 2
    assert night.phone("Eva").ringing()


def test_the_second_number_is_called_when_the_first_fails(night):
    second = "+493023125077"
    night.people["Anna"].contact_methods.create(
        kind="voice", address=second, position=5, verified_at=night.now
    )
    night.phone("Anna").behave("unreachable")
    night.report()
    night.settle()

    assert night.network.phone(second).ringing()
    assert not night.phone("Eva").calls()


def test_whoever_is_second_is_told_who_has_it(night):
    incident = night.report()
    night.pass_time(minutes=4)
    anna, eva = night.phone("Anna").answer(), night.phone("Eva").answer()
    eva_digit = digit_in(eva.hears("Press"))
    anna.press(digit_in(anna.hears("Press")))
    anna.hears("You have it")
    eva.press(eva_digit)
    eva.hears("Anna Test has it already")
    night.act()

    night.phone("Eva").text("Anna Test has it")
    incident.refresh_from_db()
    assert incident.owner == night.people["Anna"]
    assert night.timeline(incident).count("acknowledged") == 1


def test_after_the_acknowledgement_no_further_step_fires(night):
    incident = night.report()
    call = night.phone("Anna").answer()
    call.press(digit_in(call.hears("Press")))
    call.hears("You have it")
    night.pass_time(minutes=9)

    assert len(night.facts(incident, "step_fired")) == 1
    assert not night.phone("Eva").calls()
    assert not DueRow.objects.filter(kind="step", done_at__isnull=True).exists()


def test_nobody_on_call_is_said_and_the_next_step_fires_at_once(night):
    for person in night.people.values():
        if person != night.people["Eva"]:
            person.staff.is_active = False
            person.staff.save()
    incident = night.report()

    assert night.phone("Eva").ringing()
    assert night.facts(incident, "nobody_reachable")[0]["reason"] == "nobody_on_call"


def test_with_nobody_reachable_at_all_the_chain_is_tried_every_minute(night):
    for person in night.people.values():
        person.contact_methods.all().delete()
    incident = night.report()
    assert not night.facts(incident, "step_fired")

    night.people["Carla"].contact_methods.create(
        kind="voice", address=NUMBERS["Carla"], verified_at=night.now
    )
    night.pass_time(minutes=2)
    assert night.phone("Carla").ringing()


def test_the_last_resort_uses_numbers_that_were_never_verified(night):
    for person in night.people.values():
        person.contact_methods.update(verified_at=None)
    night.report()

    assert all(night.phone(name).ringing() for name in NUMBERS)


def test_telephones_that_all_fail_at_once_are_not_flooded(night):
    for name in NUMBERS:
        night.phone(name).behave("busy")
    # Only calls are counted.
    ContactMethod.objects.filter(kind="sms").delete()
    incident = night.report()
    for _ in range(16):
        night.settle()
        night.pass_time(minutes=1)

    calls = Page.objects.filter(incident=incident, kind="voice", purpose="emergency")
    per_person = calls.filter(technician=night.people["Carla"]).count()
    assert 5 <= per_person <= 10


def test_ordering_twice_with_the_same_key_makes_one_incident(night):
    first, second = night.report(), night.report()
    assert first.pk == second.pk
    assert Incident.objects.count() == 1
    assert first.reports.count() == 1


def test_an_unknown_server_is_accepted_and_pages(night):
    incident = night.report(server="whatever.invalid")

    assert incident.account is None
    call = night.phone("Anna").answer()
    call.hears("A server we do not know")


def test_a_roster_that_cannot_be_read_does_not_refuse_the_order(night, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("roster")

    with monkeypatch.context() as patched:
        patched.setattr("emergency.actions.steps.people_of", broken)
        incident = night.order()
    assert not incident.pages.exists()

    night.act()
    assert night.phone("Anna").ringing()
